import { absorbDeskCall, type DeskCall, followCall, openDeskCall } from '../../../src/desk/desk-call.ts';
import { popOf, popStage, withdrawnBecause } from '../../../src/desk/pop.ts';
import { answeredCall, endedCall, heldCall, ringingCall, START, transferredCall } from '../../support/desk-calls.ts';

const at = (minute: number) => `2026-11-23T01:0${minute}:00.000Z`;
const national = (number: string) => number.replace('+81', '0');

/** The call as it went through these states, one a minute. */
function after(first: DeskCall['call'], ...then: readonly DeskCall['call'][]): DeskCall {
  return then.reduce((known, call, index) => followCall(known, call, at(index + 1)), openDeskCall(first, START));
}

const ringing = ringingCall(['1001', '1002']);
const talking = answeredCall(ringing, '1002');
const transferred = transferredCall(talking, '1002', '1003');
const outbound = ringingCall(['1001'], { direction: 'outbound', placedBy: '1001', did: null, queue: null });
const internal = ringingCall(['1001'], { direction: 'internal', placedBy: '1002', customer: null });

test.each([
  ['rings at everyone whose phone rings', after(ringing), { '1001': 'ringing', '1002': 'ringing', '1003': null }],
  ['is withdrawn from the others when one answers', after(ringing, talking), { '1001': 'withdrawn', '1002': 'talking' }],
  ['shows the hold', after(ringing, talking, heldCall(talking)), { '1002': 'held' }],
  [
    'is with the next operator while it rings there after a transfer',
    after(ringing, talking, transferred),
    { '1002': 'handedOver', '1003': 'ringing', '1001': 'withdrawn' },
  ],
  [
    'leaves the after-call work to who spoke last',
    after(ringing, talking, transferred, answeredCall(transferred, '1003'), endedCall(answeredCall(transferred, '1003'))),
    { '1002': 'handedOver', '1003': 'afterCall' },
  ],
  ['stays for after-call work', after(ringing, talking, endedCall(talking)), { '1001': 'withdrawn', '1002': 'afterCall' }],
  ['is withdrawn when the caller gives up', after(ringing, endedCall(ringing)), { '1001': 'withdrawn', '1002': 'withdrawn' }],
  ['is shown as dialling to who placed it', after(outbound), { '1001': 'dialling' }],
  ['asks for an outcome when nobody answered our call', after(outbound, endedCall(outbound)), { '1001': 'afterCall' }],
  ['is shown for internal calls while they ring and last', after(internal), { '1001': 'ringing', '1002': 'dialling' }],
  ['leaves no paperwork after internal calls', after(internal, endedCall(answeredCall(internal, '1001'))), { '1001': null }],
] as const)('a call %s', (_what, known, stages) => {
  for (const [extension, stage] of Object.entries(stages))
    expect([extension, popStage(known, extension)]).toEqual([extension, stage]);
});

test('a parked call is parked for who parked it', () => {
  const parked = { ...talking, phase: 'parked', talking: [] } as const;
  expect(popStage(after(ringing, talking, parked), '1002')).toBe('parked');
});

test('a card that was put away stays away, unless the call comes back', () => {
  const known = after(ringing, talking, transferred);
  const putAway = { ...known, draft: { ...known.draft, closed: ['1002'] } };
  expect(popStage(putAway, '1002')).toBe('done');
  const back = transferredCall(answeredCall(transferred, '1003'), '1003', '1002');
  expect(popStage(followCall(putAway, back, at(5)), '1002')).toBe('ringing');
});

test('says why it was withdrawn', () => {
  expect(withdrawnBecause(after(ringing, talking))).toBe('answeredElsewhere');
  expect(withdrawnBecause(after(ringing, endedCall(ringing)))).toBe('callerGaveUp');
  expect(withdrawnBecause(after(ringing, { ...ringing, phase: 'waiting', ringing: [] }))).toBe('rangOut');
});

test('the timer counts the wait while it rings, and the own conversation afterwards, through holds', () => {
  const since = (known: DeskCall) => popOf(known, '1002', popStage(known, '1002') ?? 'done', national).since;
  expect(since(after(ringing))).toBe(START);
  expect(since(after(ringing, talking))).toBe(at(1));
  expect(since(after(ringing, talking, heldCall(talking)))).toBe(at(2));
  expect(since(after(ringing, talking, heldCall(talking), talking))).toBe(at(1));
});

test('tells the next operator who sent the call, and the first where it went', () => {
  const known = after(ringing, talking, transferred);
  expect(popOf(known, '1003', 'ringing', national).handedOverBy).toBe('1002');
  expect(popOf(known, '1002', 'handedOver', national).handedOverTo).toBe('1003');
});

test.each([
  ['a number as people write it', { raw: '09012345678', number: '+819012345678', name: null, withheld: false }, '09012345678'],
  ['nothing when it is withheld', { raw: 'anonymous', number: null, name: null, withheld: true }, null],
  ['what the PBX gave when it is no number', { raw: 'sip:robot', number: null, name: null, withheld: false }, 'sip:robot'],
  ['the beginning of a novel', { raw: 'x'.repeat(200), number: null, name: null, withheld: false }, 'x'.repeat(64)],
  ['nothing when nothing was given', { raw: ' ', number: null, name: null, withheld: false }, null],
])('shows %s', (_what, customer, display) => {
  const known = after(ringingCall(['1001'], { customer }));
  expect(popOf(known, '1001', 'ringing', national).customer?.display).toBe(display);
});

test('when two calls turn out to be one, what was known and written about both is kept', () => {
  const survivor = after(ringing);
  const absorbed = after(ringing, talking);
  const written = { ...absorbed, draft: { ...absorbed.draft, notes: '急ぎ', outcome: 'recall', revision: 3 } };
  const merged = absorbDeskCall(survivor, written);
  expect(merged.draft).toMatchObject({ notes: '急ぎ', outcome: 'recall', revision: 4 });
  expect(merged.lastTalking).toEqual(['1002']);
});

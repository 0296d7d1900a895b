import { followCall, openDeskCall } from '../../../src/desk/desk-call.ts';
import { applyChange, createViewer, customerName, type DeskView, differenceOf } from '../../../src/desk/desk-view.ts';
import { ambiguousMatch, answeredCall, callId, endedCall, knownMatch, ringingCall, START } from '../../support/desk-calls.ts';

const look = createViewer((number) => number);
const one = openDeskCall(ringingCall(['1001'], { id: callId('main-1.1') }), START);
const two = openDeskCall(ringingCall(['1001'], { id: callId('main-2.2'), startedAt: '2026-11-23T01:00:30.000Z' }), START);

function viewOf(content: ReturnType<typeof look>): DeskView {
  return { epoch: 'a', revision: 1, extension: '1001', serverNow: START, ...content };
}

test('an operator sees the oldest call first and what was withdrawn apart', () => {
  const gone = followCall(two, endedCall(two.call), START);
  expect(look([two, one], '1001').pops.map((pop) => pop.callId)).toEqual(['main-1.1', 'main-2.2']);
  expect(look([gone, one], '1001')).toMatchObject({
    pops: [{ callId: 'main-1.1' }],
    recent: [{ callId: 'main-2.2', kind: 'callerGaveUp' }],
  });
});

test('only what changed is told, and applying it gives the same view as asking for everything', () => {
  const before = viewOf(look([one, two], '1001'));
  const answered = followCall(one, answeredCall(one.call, '1001'), START);
  const after = look([answered, followCall(two, endedCall(two.call), START)], '1001');
  const difference = differenceOf(before, after);
  expect(difference?.changed.map((pop) => pop.callId)).toEqual(['main-1.1']);
  expect(difference?.removed).toEqual(['main-2.2']);
  const change = { epoch: 'a', revision: 2, serverNow: START, changed: [], removed: [], recent: null, ...difference };
  expect(applyChange(before, change)).toEqual({ ...before, ...after, revision: 2 });
});

test('nothing is told when nothing an operator sees has changed', () => {
  const before = look([one], '1001');
  expect(differenceOf(before, look([{ ...one }], '1001'))).toBeNull();
});

test('a browser that missed a change, or met another run of the hub, asks for everything', () => {
  const view = viewOf(look([one], '1001'));
  const change = { epoch: 'a', revision: 3, serverNow: START, changed: [], removed: [], recent: null };
  expect(applyChange(view, change)).toBeNull();
  expect(applyChange(view, { ...change, revision: 2, epoch: 'b' })).toBeNull();
});

test('the customer is called by the chosen record, never by a guess among several', () => {
  const customer = { number: null, display: null, name: 'PBX NAME', withheld: false };
  expect(customerName({ customer, match: knownMatch() })).toBe('山田 太郎');
  expect(customerName({ customer, match: ambiguousMatch() })).toBeNull();
  expect(customerName({ customer, match: null })).toBe('PBX NAME');
});

test('a person with very many calls gets a bounded list', () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    openDeskCall(ringingCall(['1001'], { id: callId(`main-9.${index}`) }), START),
  );
  expect(look(many, '1001').pops).toHaveLength(20);
});

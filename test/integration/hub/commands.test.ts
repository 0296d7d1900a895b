/** Commands given over HTTP to the whole hub, carried out by a PBX that runs the dialplan as it is shipped. */
import type { CallRecord } from '../../../src/calls/call.ts';
import type { CommandAnswer } from '../../../src/desk/command.ts';
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

const customer = '09011110001';
const key = 'order-0001';
const callId = `main-toritsugi-${key}`;

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;
let colleague: Operator;
let supervisor: Operator;
/** How far the hub's clock is ahead: time on hold and in talk passes at once. */
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  world = await startSandboxWorld();
  for (const number of ['1001', '1002', '1003', '1004', '1005', customer]) world.pbx.setPhone(number, { answersAfterMs: 50 });
  const settings = { SUPERVISORS: '1005', RING_SECONDS: '5' };
  hub = await startHubHere({ ...world.environment, ...settings }, { now: () => Date.now() + aheadMs });
  await untilListening(hub.url);
  [operator, colleague, supervisor] = [await signIn('1002'), await signIn('1003'), await signIn('1005')];
  await untilKnown(operator, customer);
});

afterEach(async () => {
  await hub.stop();
  await world.close();
});

const signIn = (extension: string) => Operator.signIn(hub.url, extension);

/** To its end, as the desk follows it. */
async function give(who: Operator, path: string, body: object = {}): Promise<CommandAnswer> {
  const given = await who.ask<CommandAnswer>('POST', path, body);
  return given.state === 'working' ? who.ask('GET', `/commands/${given.key}?wait=20`) : given;
}

async function call(to = '090-1111-0001', more: object = { key }): Promise<CommandAnswer> {
  return give(operator, '/calls', { to, ...more });
}

/** Of our call while it goes on. */
const give1002 = (what: string, body: object = {}) => give(operator, `/calls/${callId}/${what}`, body);

async function talking(): Promise<void> {
  expect(await call()).toMatchObject({ callId, state: 'done', result: 'answered' });
  await until('the hub hears them talk', async () => (await operator.call(callId)).answered);
}

async function hangUp(): Promise<void> {
  expect(await give1002('hang-up')).toMatchObject({ result: 'hungUp' });
}

function customerHangsUp(): void {
  world.pbx.calls.hangUp(world.pbx.calls.channelsOf('PJSIP/trunk-out')[0] ?? '');
}

/** The one call there was, once it is over; and that both CRMs have it once. */
async function onlyCall(answered = true): Promise<CallRecord> {
  const record = await until('the call is over', async () => {
    const found = await operator.call(callId);
    return found.endedAt === null ? null : found;
  });
  expect((await operator.calls()).map(({ id }) => id)).toEqual([callId]);
  if (answered) await untilLogged();
  await until('nobody is on the PBX any more', () => agentsOnThePhone() === 0);
  return record;
}

async function untilLogged(): Promise<void> {
  await until('both CRMs have it', async () => {
    const row = await operator.ledgerRow(callId);
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  expect([world.tasksOf(callId).length, world.callRecordsOf(callId).length]).toEqual([1, 1]);
}

const agentsOnThePhone = () =>
  ['1001', '1002', '1003', '1004', '1005', 'trunk-out'].flatMap((name) => world.pbx.calls.channelsOf(`PJSIP/${name}`)).length;
const named = (name: string) => world.pbx.actions().filter((action) => action.name.toLowerCase() === name);

describe('placing a call', () => {
  test('rings the own phone, then the customer; they talk; hanging up ends it', async () => {
    await talking();
    aheadMs += 30_000;
    await hangUp();
    const record = await onlyCall();
    expect(record).toMatchObject({
      ...{ id: callId, direction: 'outbound', placedBy: '1002', answered: true, spokeWith: ['1002'] },
      ...{ customer: { raw: customer, number: '+819011110001' }, result: 'answered', hangupBy: 'agent', transfers: [] },
    });
    expect(Math.round(record.talkSeconds)).toBe(30);
    expect(record.matches.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringContaining('小林')]));
  });

  test('the same key twice, also at once, places one call', async () => {
    const [one, other] = await Promise.all([call(), call()]);
    expect([one, other]).toEqual([one, one]);
    expect(await call()).toMatchObject({ state: 'done', result: 'answered', callId });
    expect(named('originate')).toHaveLength(1);
    customerHangsUp();
    expect(await onlyCall()).toMatchObject({ hangupBy: 'customer' });
    expect(await call()).toMatchObject({ state: 'done', result: 'answered' });
    expect(named('originate')).toHaveLength(1);
  });

  test.each([
    ['the own phone is not picked up', '1002', 'noAnswer', 'agentNoAnswer', 'noAnswer'],
    ['the own phone is not signed on', '1002', 'unregistered', 'agentUnreachable', null],
    ['the customer is busy', customer, 'busy', 'customerBusy', 'busy'],
    ['there is no such number', customer, 'unallocated', 'numberUnknown', 'failed'],
  ] as const)('%s', async (_, number, rule, result, recorded) => {
    world.pbx.setPhone(number, rule);
    expect(await call()).toMatchObject({ state: 'done', result });
    if (recorded === null) expect(await operator.calls()).toEqual([]);
    else expect(await onlyCall(false)).toMatchObject({ answered: false, result: recorded, placedBy: '1002' });
  });

  test.each([
    ...['Local/1003@from-internal', '0312345678\r\nAction: Hangup', '0312345678&PJSIP/1003'],
    ...['$' + '{EXTEN}', 'PJSIP/1003', '0312345678|', '$[1]', '110'],
  ])('%j is refused, and nothing reaches the PBX', async (to) => {
    const before = world.pbx.actions().length;
    await expect(call(to)).rejects.toThrow(/HTTP 400/);
    expect(
      world.pbx
        .actions()
        .slice(before)
        .filter(({ name }) => name !== 'Ping'),
    ).toEqual([]);
    expect(await operator.calls()).toEqual([]);
  });

  test.each([
    ['0312345678,1', '0312345678'],
    ['1003@toritsugi-hold', '1003'],
  ])('of %j, which people write, only the number reaches the PBX', async (to, dialled) => {
    await call(to);
    expect(named('originate').map(({ headers }) => headers.find(([name]) => name === 'exten')?.[1])).toEqual([dialled]);
  });

  test('while the PBX is away is refused, and may be tried again under the same key', async () => {
    await world.pbx.faults.accept(false);
    world.pbx.faults.cut();
    await until('the hub knows', async () =>
      call().then(
        () => false,
        (error: Error) => /HTTP 503.*pbxAway/.test(error.message),
      ),
    );
    await world.pbx.faults.accept(true);
    await untilListening(hub.url);
    await talking();
    expect(named('originate')).toHaveLength(1);
    await hangUp();
    await onlyCall();
  });
});

describe('holding', () => {
  test('is music for the customer and time on hold in the record', async () => {
    await talking();
    aheadMs += 10_000;
    expect(await give1002('hold')).toMatchObject({ state: 'done', result: 'held' });
    await expect(give1002('hold')).rejects.toThrow(/HTTP 409.*notTalking/);
    aheadMs += 7_000;
    expect(await give1002('resume')).toMatchObject({ state: 'done', result: 'resumed' });
    aheadMs += 5_000;
    customerHangsUp();
    const record = await onlyCall();
    expect([record.holdSeconds, record.talkSeconds].map(Math.round)).toEqual([7, 22]);
    expect(record).toMatchObject({ hangupBy: 'customer', spokeWith: ['1002'], transfers: [] });
  });

  test.each([
    ['the holder', () => world.pbx.calls.hangUp(world.pbx.calls.channelsOf('PJSIP/1002')[0] ?? ''), 'agent'],
    ['the customer', customerHangsUp, 'customer'],
  ] as const)('ends for both when %s hangs up', async (_, hangsUp, hangupBy) => {
    await talking();
    await give1002('hold');
    hangsUp();
    expect(await onlyCall()).toMatchObject({ hangupBy });
  });
});

describe('handing over', () => {
  test.each([false, true])('at once, from a hold: %s', async (isHeld) => {
    await talking();
    if (isHeld) await give1002('hold');
    expect(await give1002('transfer', { kind: 'blind', to: '1003' })).toMatchObject({ state: 'done', result: 'transferred' });
    await until('the colleague talks', async () => (await operator.call(callId)).spokeWith.length === 2);
    expect(world.pbx.calls.channelsOf('PJSIP/1002')).toEqual([]);
    expect(await give(colleague, `/calls/${callId}/hang-up`)).toMatchObject({ result: 'hungUp' });
    expect(await onlyCall()).toMatchObject({
      ...{ spokeWith: ['1002', '1003'], hangupBy: 'agent' },
      transfers: [{ kind: 'blind', from: '1002', to: '1003', answered: true }],
    });
  });

  test('after asking the colleague', async () => {
    await talking();
    expect(await give1002('transfer', { kind: 'attended', to: '1003' })).toMatchObject({ state: 'done', result: 'answered' });
    expect(await give1002('transfer/complete')).toMatchObject({ state: 'done', result: 'transferred' });
    await until('the colleague talks', async () => (await operator.call(callId)).spokeWith.length === 2);
    customerHangsUp();
    expect(await onlyCall()).toMatchObject({
      ...{ spokeWith: ['1002', '1003'], hangupBy: 'customer' },
      transfers: [{ kind: 'attended', from: '1002', to: '1003', answered: true }],
    });
  });

  test('called off: the customer is back with who held, and nothing was handed over', async () => {
    await talking();
    aheadMs += 3_000;
    await give1002('transfer', { kind: 'attended', to: '1003' });
    aheadMs += 4_000;
    expect(await give1002('transfer/cancel')).toMatchObject({ state: 'done', result: 'resumed' });
    await until('the colleague is free', () => world.pbx.calls.channelsOf('PJSIP/1003').length === 0);
    await hangUp();
    const record = await onlyCall();
    expect(record).toMatchObject({ spokeWith: ['1002'], transfers: [], hangupBy: 'agent' });
    expect(Math.round(record.holdSeconds)).toBe(4);
  });

  test('a colleague who hangs up gives the customer back', async () => {
    await talking();
    await give1002('transfer', { kind: 'attended', to: '1003' });
    world.pbx.calls.hangUp(world.pbx.calls.channelsOf('PJSIP/1003')[0] ?? '');
    await until('they talk again', async () => give1002('hold'));
    await give1002('resume');
    await hangUp();
    expect(await onlyCall()).toMatchObject({ spokeWith: ['1002'], transfers: [], hangupBy: 'agent' });
  });

  test('a colleague who is busy leaves both together', async () => {
    world.pbx.setPhone('1003', 'busy');
    await talking();
    expect(await give1002('transfer', { kind: 'attended', to: '1003' })).toMatchObject({ result: 'colleagueBusy' });
    await expect(give1002('transfer/complete')).rejects.toThrow(/HTTP 409.*noColleague/);
    await hangUp();
    expect(await onlyCall()).toMatchObject({ spokeWith: ['1002'], transfers: [] });
  });

  test('to a hostile destination is refused, and nothing reaches the PBX', async () => {
    await talking();
    const before = world.pbx.actions().length;
    for (const kind of ['blind', 'attended']) {
      for (const to of ['Local/1003@x', '1003\r\nAction: Hangup', '1003&PJSIP/1004', '$' + '{CHANNEL}']) {
        await expect(give1002('transfer', { kind, to })).rejects.toThrow(/HTTP 400/);
      }
    }
    expect(
      world.pbx
        .actions()
        .slice(before)
        .filter(({ name }) => name !== 'Ping'),
    ).toEqual([]);
    await hangUp();
    await onlyCall();
  });
});

test('a parked customer is retrieved by whoever is free', async () => {
  await talking();
  expect(await give1002('park')).toMatchObject({ state: 'done', result: 'parked', slot: '701' });
  await until('the own phone is free', () => world.pbx.calls.channelsOf('PJSIP/1002').length === 0);
  expect(await give(colleague, `/calls/${callId}/retrieve`)).toMatchObject({ state: 'done', result: 'answered' });
  await until('they talk', async () => (await operator.call(callId)).spokeWith.length === 2);
  customerHangsUp();
  expect(await onlyCall()).toMatchObject({
    spokeWith: ['1002', '1003'],
    transfers: [{ kind: 'park', from: '1002', to: '1003', answered: true }],
  });
});

test('a customer who cannot be retrieved stays parked, and the attempt is no call of its own', async () => {
  await talking();
  await give1002('park');
  await until('the own phone is free', () => world.pbx.calls.channelsOf('PJSIP/1002').length === 0);
  world.pbx.setPhone('1003', 'busy');
  expect(await give(colleague, `/calls/${callId}/retrieve`)).toMatchObject({ state: 'done', result: 'agentBusy' });
  expect(await operator.call(callId)).toMatchObject({ spokeWith: ['1002'], endedAt: null });
  customerHangsUp();
  expect(await onlyCall()).toMatchObject({ spokeWith: ['1002'], rang: ['1002', '1003'], transfers: [], hangupBy: 'customer' });
});

test('a supervisor listens; an operator may not', async () => {
  await talking();
  const before = world.pbx.actions().length;
  await expect(give(colleague, `/calls/${callId}/spy`, { mode: 'listen' })).rejects.toThrow(/HTTP 403.*notAllowed/);
  expect(
    world.pbx
      .actions()
      .slice(before)
      .filter(({ name }) => name !== 'Ping'),
  ).toEqual([]);
  expect(await give(supervisor, `/calls/${callId}/spy`, { mode: 'whisper' })).toMatchObject({
    state: 'done',
    result: 'answered',
  });
  expect(world.pbx.calls.channelsOf('PJSIP/1005')).toHaveLength(1);
  customerHangsUp();
  await until('the supervisor is free', () => agentsOnThePhone() === 0);
  await untilLogged();
  const [spying, ...others] = (await operator.calls()).filter(({ id }) => id !== callId);
  expect([spying?.direction, spying?.placedBy, others]).toEqual(['internal', '1005', []]);
  expect(await operator.call(callId)).toMatchObject({ spokeWith: ['1002'], hangupBy: 'customer' });
});

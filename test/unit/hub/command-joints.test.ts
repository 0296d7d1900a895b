import type { CallId } from '../../../src/calls/call.ts';
import type { CommandOrder } from '../../../src/desk/command.ts';
import { commandPorts } from '../../../src/hub/command-joints.ts';
import { japaneseRules } from '../../../src/telephony/commands/destination.ts';
import { CommandRefused, PbxAway, type PbxCommands } from '../../../src/telephony/commands/pbx-commands.ts';

const never = new AbortController().signal;
const ends = { agentChannelId: 'main-phone', customerChannelId: 'main-line' };

function joined(commands: Partial<PbxCommands> = {}) {
  const hungUpBy: string[] = [];
  const expected: string[] = [];
  const logged: string[] = [];
  const fails = () => Promise.reject(new Error('not expected'));
  const main = {
    name: 'main',
    commands: {
      ...{ originate: fails, hangUp: fails, transfer: fails, park: fails, hold: fails, resume: fails, isOnPbx: fails },
      ...commands,
    },
    numbers: { region: 'JP' },
    rules: japaneseRules,
    callerId: '0312345678',
  };
  const osaka = { ...main, name: 'osaka' };
  const ports = commandPorts({
    pbxOf: (extension) => (extension.startsWith('2') ? osaka : main),
    pbxNamed: (name) => [main, osaka].find((pbx) => pbx.name === name) ?? null,
    legsOf: () => [],
    findCall: async () => null,
    supervisors: ['1009'],
    listCallerIds: new Map([['spring', '0398765432']]),
    onHangUp: (pbx, channelId) => hungUpBy.push(`${pbx} ${channelId}`),
    onRetrieve: (...ids) => expected.push(ids.join(' ')),
    log: (_, message) => logged.push(message),
  });
  const run = (order: CommandOrder) => ports.run('key-0001', order, () => {}, never);
  return { ports, run, hungUpBy, expected, logged };
}

test('numbers are read as people write them, and the call of a key is known before it exists', () => {
  const { ports } = joined();
  expect(ports.readDestination('０３（１２３４）５６７８', '1001')).toMatchObject({ kind: 'outside', dial: '0312345678' });
  expect(ports.readDestination('110', '1001')).toEqual({ kind: 'refused', because: 'emergency' });
  expect(ports.callIdOf('key-0001', '1001')).toBe('main-toritsugi-key-0001' as CallId);
  expect(ports.callIdOf('key-0001', '2001')).toBe('osaka-toritsugi-key-0001' as CallId);
  expect([ports.callerIdOf('spring', '1001'), ports.callerIdOf('autumn', '1001'), ports.callerIdOf(null, '2001')]).toEqual([
    '0398765432',
    '0312345678',
    '0312345678',
  ]);
  expect([ports.isSupervisor('1009'), ports.isSupervisor('1001')]).toEqual([true, false]);
});

test('every order reaches the PBX as it is meant', async () => {
  const asked: unknown[] = [];
  const { run } = joined({
    async originate(order) {
      asked.push(order);
      return 'answered';
    },
    async transfer(order) {
      asked.push(order.kind);
      return 'transferred';
    },
    park: async () => ({ slot: '701' }),
    hold: async () => {},
    resume: async () => {},
  });
  const call = { kind: 'call', dial: '0312345678', callerId: null } as const;
  expect(await run({ ...call, extension: '1001' })).toEqual({ state: 'done', result: 'answered', slot: null });
  expect(await run({ kind: 'hold', ...ends })).toMatchObject({ result: 'held' });
  expect(await run({ kind: 'resume', ...ends })).toMatchObject({ result: 'resumed' });
  expect(await run({ kind: 'park', ...ends, isHeld: false })).toEqual({ state: 'done', result: 'parked', slot: '701' });
  await run({ kind: 'blindTransfer', ...ends, dial: '1002', isHeld: false });
  await run({ kind: 'consult', ...ends, agentExtension: '1001', colleague: '1002' });
  await run({ kind: 'completeTransfer', ...ends, colleagueChannelId: 'main-phone-2' });
  expect(asked).toEqual([{ key: 'key-0001', extension: '1001', purpose: call }, 'blind', 'consult', 'complete']);
});

test('whoever hangs up at the desk is said to have hung up', async () => {
  const { run, hungUpBy } = joined({ hangUp: async () => {} });
  expect(await run({ kind: 'hangUp', channelIds: ['main-phone', 'main-line'] })).toMatchObject({ result: 'hungUp' });
  expect(hungUpBy).toEqual(['main phone']);
});

test('of a phone that is rung for a parked customer it is said for whom, before it rings', async () => {
  const told: (readonly string[])[] = [];
  const { run, expected } = joined({
    async originate() {
      told.push([...expected]);
      return 'answered';
    },
  });
  await run({ kind: 'retrieve', extension: '1002', parkedChannelId: 'main-line' });
  expect(told).toEqual([['main toritsugi-key-0001 line']]);
});

test.each([
  [new PbxAway('away', false), { state: 'refused', reason: 'pbxAway', detail: 'away' }],
  [new PbxAway('lost', true), { state: 'unknown' }],
  [
    new CommandRefused('noDialplan', 'None.', 'Include it.'),
    { state: 'refused', reason: 'noDialplan', detail: 'None. Include it.' },
  ],
  [
    new CommandRefused('unsafe', 'Odd.', 'Nothing was sent.'),
    { state: 'refused', reason: 'pbxRefused', detail: 'Odd. Nothing was sent.' },
  ],
])('%s becomes an answer', async (error, end) => {
  const { run, logged } = joined({ hold: () => Promise.reject(error) });
  expect(await run({ kind: 'hold', ...ends })).toEqual(end);
  expect(logged).toEqual([]);
});

test('a fault of ours is logged and told as unknown', async () => {
  const { run, logged } = joined({ hold: () => Promise.reject(new TypeError('x is undefined')) });
  expect(await run({ kind: 'hold', ...ends })).toEqual({ state: 'unknown' });
  expect(logged).toHaveLength(1);
});

describe('a call that crosses two PBXs', () => {
  test('is hung up at both, also when one of them has ended its leg already', async () => {
    const ended: string[] = [];
    const { run } = joined({
      async hangUp(channelIds) {
        ended.push(...channelIds);
        if (channelIds.includes('line')) throw new CommandRefused('gone', 'It is over.', 'Nothing to do.');
      },
    });
    expect(await run({ kind: 'hangUp', channelIds: ['osaka-phone', 'main-line'] })).toMatchObject({ result: 'hungUp' });
    expect(ended).toEqual(['phone', 'line']);
  });

  test('cannot be held or listened to from the other one, and says so', async () => {
    const { run } = joined();
    const held = await run({ kind: 'hold', agentChannelId: 'osaka-phone', customerChannelId: 'main-line' });
    expect(held).toMatchObject({ state: 'refused', reason: 'notPossible' });
    const spied = await run({
      ...{ kind: 'spy', extension: '2009', mode: 'listen', agentChannelId: 'main-phone', agentExtension: '1001' },
    });
    expect(spied).toMatchObject({ state: 'refused', reason: 'notPossible' });
  });
});

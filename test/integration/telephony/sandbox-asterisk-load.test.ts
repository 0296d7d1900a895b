import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import { named } from '../../support/ami-connection.ts';
import { openSandboxEarsForEach, type SandboxEars } from '../../support/sandbox-ears.ts';

const recordings = ['01-queue-answered', '08-outbound-answered'].map((name) =>
  loadRecording(`infra/sandbox/asterisk/recordings/${name}.ami.gz`),
);

const open = openSandboxEarsForEach();

test('calls begin at the rate that was asked for, each with ids and a caller of its own, and all of them end', async () => {
  const ears = await open();
  const load = ears.pbx.load({ callsPerSecond: 20, recordings, calls: 40, callerOf: (index) => `090${10_000_000 + index}` });
  await ears.advance(950);
  expect([load.begun, load.live]).toEqual([20, 20]);
  await ears.advance(60_000);
  await load.whenEnded;
  expect([load.begun, load.live]).toEqual([40, 0]);
  const news = await ears.news();
  const born = news.filter(named('Newchannel')).map((message) => message.get('Uniqueid'));
  expect(new Set(born).size).toBe(born.length);
  expect(new Set(news.filter(named('Hangup')).map((message) => message.get('Uniqueid')))).toEqual(new Set(born));
  expect(news.some((message) => message.get('CallerIDNum') === '09010000039')).toBe(true);
  expect((await ears.act('CoreShowChannels')).events).toEqual([]);
});

test('it stops when it is told to', async () => {
  const ears = await open();
  const load = ears.pbx.load({ callsPerSecond: 10, recordings });
  await ears.advance(400);
  load.stop();
  await ears.advance(60_000);
  await load.whenEnded;
  expect(load.begun).toBe(5);
  expect(() => ears.pbx.load({ callsPerSecond: 1, recordings: [] })).toThrow(/no call in the recordings/);
});

describe('what a session wants to hear', () => {
  const play = (ears: SandboxEars) => ears.pbx.play(recordings[1] ?? { name: '', packets: [] }, { pace: 'byHand' }).finish();
  const heard = async (ears: SandboxEars) => new Set((await ears.news()).map(({ event }) => event));

  test.each<[string, Record<string, string>[], (string | null)[]]>([
    ['one event by name', [{ MatchCriteria: 'name(Newchannel)' }], ['Newchannel']],
    ['two by old expressions', [{ Filter: 'Event: Newst' }, { Filter: 'Event: Newchannel' }], ['Newchannel', 'Newstate']],
    [
      'one, but not of every channel',
      [
        { MatchCriteria: 'name(Newchannel)' },
        { MatchCriteria: 'action(exclude),header(Channel),method(contains)', Filter: 'trunk' },
      ],
      ['Newchannel'],
    ],
  ])('can be %s', async (_, filters, events) => {
    const ears = await open();
    for (const filter of filters) expect((await ears.act('Filter', { Operation: 'Add', ...filter })).text).toBe('Success');
    play(ears);
    expect(await heard(ears)).toEqual(new Set(events));
  });

  test('can be said in manager.conf, and left out', async () => {
    const eventFilters = [
      { criteria: 'action(exclude),name(VarSet)', pattern: '' },
      { criteria: '', pattern: '!Event: Newexten' },
    ];
    const ears = await open({ users: [{ name: 'hub', secret: 'correct horse', read: ['all'], write: ['all'], eventFilters }] });
    play(ears);
    const events = await heard(ears);
    expect([events.has('VarSet'), events.has('Newexten'), events.has('Newchannel')]).toEqual([false, false, true]);
  });

  test.each([
    [{ Operation: 'Add', Filter: '(' }, 'Filter did not compile.  Check the syntax of the filter given.'],
    [{ Operation: 'Add' }, 'Filter was formatted incorrectly.  Check the syntax of the filter given.'],
    [{ Operation: 'Add', MatchCriteria: 'bogus(x)' }, 'Filter was formatted incorrectly.  Check the syntax of the filter given.'],
    [{ Operation: 'Take', Filter: 'x' }, 'Unknown operation'],
  ])('%j is refused', async (headers, words) => {
    const ears = await open();
    expect((await ears.act('Filter', headers)).text).toBe(words);
  });

  test.each([
    ['off', 'Off', 0],
    ['bogus', 'Off', 0],
    ['cdr', 'On', 0],
    ['2', 'On', 1],
    ['call', 'On', 1],
    ['on', 'On', 1],
  ])('by the mask %s', async (mask, told, channels) => {
    const ears = await open();
    const answer = await ears.act('Events', { EventMask: mask });
    expect(answer.message.get('Events')).toBe(told);
    play(ears);
    expect((await ears.news()).filter(named('Newchannel')).length > 0 ? 1 : 0).toBe(channels);
  });
});

test('members that pause, come and go are in the lists and in the events, and who is paused is not rung', async () => {
  const ears = await open();
  expect((await ears.act('QueuePause', { Interface: 'PJSIP/1001', Paused: 'true', Reason: '昼休み' })).ok).toBe(true);
  expect((await ears.act('QueueAdd', { Queue: 'sales', Interface: 'PJSIP/1009', MemberName: '加藤', Penalty: '2' })).ok).toBe(
    true,
  );
  const news = await ears.news();
  expect(news.map((message) => [message.event, message.get('Interface'), message.get('PausedReason')])).toEqual([
    ['QueueMemberPause', 'PJSIP/1001', '昼休み'],
    ['QueueMemberAdded', 'PJSIP/1009', ''],
  ]);
  const caller = ears.pbx.calls.fromOutside({ from: '09012345678', to: '0312345679' });
  const rung = (await ears.news()).filter(named('AgentCalled')).map((message) => message.get('Interface'));
  expect(rung.sort()).toEqual(['PJSIP/1002', 'PJSIP/1003', 'PJSIP/1004', 'PJSIP/1009']);
  const { events } = await ears.act('QueueStatus', { Queue: 'sales' });
  expect(
    events.filter(named('QueueMember')).map((member) => [member.get('Location'), member.get('Paused'), member.get('Status')]),
  ).toEqual([
    ['PJSIP/1004', '0', '3'],
    ['PJSIP/1001', '1', '1'],
    ['PJSIP/1002', '0', '3'],
    ['PJSIP/1003', '0', '3'],
    ['PJSIP/1009', '0', '3'],
  ]);
  expect(events.find(named('QueueEntry'))?.get('Uniqueid')).toBe(caller);
  const [summary] = (await ears.act('QueueSummary', { Queue: 'sales' })).events;
  expect(['LoggedIn', 'Available', 'Callers'].map((key) => summary?.get(key))).toEqual(['5', '0', '1']);
  expect((await ears.act('QueueRemove', { Queue: 'sales', Interface: 'PJSIP/1009' })).ok).toBe(true);
  await ears.advance(3_000);
  expect((await ears.act('QueueStatus', { Queue: 'sales' })).events.filter(named('QueueEntry'))).toEqual([]);
});

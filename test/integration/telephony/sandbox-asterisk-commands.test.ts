import type { AmiMessage } from '../../../src/telephony/ami/ami-message.ts';
import { named } from '../../support/ami-connection.ts';
import { ofType } from '../../support/ari-listening.ts';
import { openSandboxEarsForEach, type SandboxEars } from '../../support/sandbox-ears.ts';

const open = openSandboxEarsForEach();

const clickToCall = {
  ...{ Channel: 'PJSIP/1002', Context: 'click-to-call', Exten: '09011110001', Priority: '1', Async: 'true' },
  ...{ CallerID: '"CRM" <09011110001>', Variable: ['__CTC_AGENT=1002', '__CRM_CALL_ID=c-1'], Timeout: '20000' },
};

interface Talk {
  readonly agent: string;
  readonly customer: string;
}

/** Agent 1002 and a customer in a conversation; what was told so far is taken for read. */
async function talking(ears: SandboxEars): Promise<Talk> {
  await ears.act('Originate', clickToCall);
  await ears.advance(3_000);
  await ears.advance(3_000);
  const [customer, agent] = (await ears.news()).filter(named('BridgeEnter')).map((message) => message.get('Channel') ?? '');
  if (agent === undefined || customer === undefined) throw new Error('The call was not answered.');
  return { agent, customer };
}

const shown = (message: AmiMessage) => `${message.event} ${message.get('Channel') ?? message.get('DestChannel') ?? ''}`.trim();
const told = (messages: readonly AmiMessage[], ...events: string[]) =>
  messages.filter(({ event }) => event !== null && events.includes(event)).map(shown);

describe('a click-to-call', () => {
  test('is told in the order in which Asterisk tells it', async () => {
    const ears = await open();
    const answer = await ears.act('Originate', clickToCall);
    expect(answer.text).toBe('Originate successfully queued');
    await ears.advance(6_000);
    const messages = await ears.news();
    const phone = 'PJSIP/1002-00000000';
    const line = 'PJSIP/trunk-out-00000001';
    const quiet = ['VarSet', 'DeviceStateChange', 'QueueMemberStatus'];
    expect(messages.filter(({ event }) => !quiet.includes(event ?? '')).map(shown)).toEqual([
      ...[`Newchannel ${phone}`, `Newexten ${phone}`, `NewCallerid ${phone}`, `NewConnectedLine ${phone}`, `DialBegin ${phone}`],
      ...[`Newstate ${phone}`, `DialState ${phone}`, `Newstate ${phone}`, `DialEnd ${phone}`, `OriginateResponse ${phone}`],
      ...Array.from({ length: 4 }, () => `Newexten ${phone}`),
      ...[`MixMonitorStart ${phone}`, `Newexten ${phone}`, `Newexten ${phone}`, `NewCallerid ${phone}`, `Newexten ${phone}`],
      ...[`Newchannel ${line}`, `Newexten ${line}`, `NewCallerid ${line}`, `NewConnectedLine ${line}`, `DialBegin ${phone}`],
      ...[`Newstate ${line}`, `DialState ${phone}`, `Newstate ${line}`, `DialEnd ${phone}`, 'BridgeCreate', `Newexten ${line}`],
      ...[`BridgeEnter ${line}`, `BridgeEnter ${phone}`],
    ]);
    const linked = new Set(messages.flatMap((message) => message.get('Linkedid') ?? []));
    expect(linked.size).toBe(1);
    const reply = messages.find(named('OriginateResponse'));
    expect(['Response', 'Reason', 'Context', 'Exten', 'CallerIDNum', 'CallerIDName'].map((key) => reply?.get(key))).toEqual([
      ...['Success', '4', 'click-to-call', '09011110001', '09011110001', 'CRM'],
    ]);
    expect(messages.filter(named('VarSet')).map((message) => `${message.get('Variable')}=${message.get('Value')}`)).toEqual(
      expect.arrayContaining(['__CRM_CALL_ID=c-1', 'DIALSTATUS=ANSWER', 'BRIDGEPEER=PJSIP/trunk-out-00000001']),
    );
  });

  test('is told on ARI as well, by the same ids', async () => {
    const ears = await open();
    const { customer } = await talking(ears);
    const entered = await ears.ari.until((event) => ofType('ChannelEnteredBridge')(event) && bridged(event).length === 2);
    const types = ears.ari.events.map(({ type }) => type).filter((type) => type !== 'ChannelVarset');
    expect(types.slice(0, 9)).toEqual([
      ...['ChannelCreated', 'ChannelDialplan', 'ChannelCallerId', 'ChannelConnectedLine', 'Dial', 'ChannelStateChange'],
      ...['DeviceStateChanged', 'Dial', 'ChannelStateChange'],
    ]);
    const { body } = await ears.ask('GET', '/channels');
    expect(body).toMatchObject([
      { id: bridged(entered)[1], state: 'Up', dialplan: { app_name: 'Dial' } },
      { id: bridged(entered)[0], name: customer, dialplan: { app_name: 'AppDial', app_data: '(Outgoing Line)' } },
    ]);
    expect((await ears.ask('GET', `/bridges/${(entered.bridge as { id: string }).id}`)).body).toEqual(entered.bridge);
  });

  test.each<[string, Parameters<SandboxEars['pbx']['setPhone']>[1], Record<string, string>, string[]]>([
    [
      'rings in vain',
      'noAnswer',
      { Response: 'Failure', Reason: '3', Uniqueid: '<unknown>' },
      ['19', 'User alerting, no answer'],
    ],
    ['declines', 'declines', { Response: 'Failure', Reason: '0', Uniqueid: '<unknown>' }, ['21', 'Call Rejected']],
    ['is busy', 'busy', { Response: 'Failure', Reason: '0', Uniqueid: '<unknown>' }, ['17', 'User busy']],
  ])('whose agent %s ends so', async (_, rule, response, cause) => {
    const ears = await open({ phones: { '1002': rule } });
    await ears.act('Originate', clickToCall);
    await ears.advance(20_000);
    const messages = await ears.news();
    expect(Object.fromEntries(messages.find(named('OriginateResponse'))?.entries() ?? [])).toMatchObject(response);
    const hangup = messages.find(named('Hangup'));
    expect([hangup?.get('Cause'), hangup?.get('Cause-txt')]).toEqual(cause);
    expect((await ears.act('CoreShowChannels')).events).toEqual([]);
  });

  test('to a phone that is not signed on makes no channel', async () => {
    const ears = await open({ phones: { '1002': 'unregistered' } });
    expect((await ears.act('Originate', { ...clickToCall, ChannelId: 'mine' })).ok).toBe(true);
    const messages = await ears.news();
    expect(messages.map(shown)).toEqual(['OriginateResponse PJSIP/1002']);
    expect(messages[0]?.get('Uniqueid')).toBe('mine');
    expect((await ears.act('Originate', { ...clickToCall, Async: 'no' })).text).toBe('Originate failed');
  });

  test('without Async keeps its session waiting, and answers when the agent has', async () => {
    const ears = await open();
    let answer = '';
    const asked = ears.act('Originate', { ...clickToCall, Async: 'no' }).then(({ text }) => {
      answer = text;
    });
    const ping = ears.act('Ping').then(() => answer);
    await ears.ari.until(ofType('ChannelCreated'));
    expect(answer).toBe('');
    ears.clock.advance(3_000);
    await asked;
    expect(answer).toBe('Originate successfully queued');
    expect(await ping).toBe('Originate successfully queued');
    expect((await ears.news()).filter(named('OriginateResponse'))).toEqual([]);
  });

  test('may choose the ids of its channels; one that is taken is refused', async () => {
    const ears = await open();
    await ears.act('Originate', { ...clickToCall, ChannelId: 'hub-1-a' });
    expect((await ears.news()).find(named('Newchannel'))?.get('Uniqueid')).toBe('hub-1-a');
    expect((await ears.act('Originate', { ...clickToCall, ChannelId: 'hub-1-a', Async: 'no' })).text).toBe('Originate failed');
  });
});

const bridged = (event: Readonly<Record<string, unknown>>) => (event.bridge as { channels: string[] }).channels;

describe('hanging up', () => {
  test('ends the other side too, and says so in the order of Asterisk', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    expect((await ears.act('Hangup', { Channel: customer })).text).toBe('Channel Hungup');
    expect(told(await ears.news(), 'BridgeLeave', 'BridgeDestroy', 'SoftHangupRequest', 'Hangup')).toEqual([
      `BridgeLeave ${customer}`,
      `BridgeLeave ${agent}`,
      'BridgeDestroy',
      `Hangup ${customer}`,
      `SoftHangupRequest ${agent}`,
      `Hangup ${agent}`,
    ]);
    await ears.ari.until((event) => ofType('ChannelDestroyed')(event) && (event.channel as { name: string }).name === agent);
    expect((await ears.ask('GET', '/channels')).body).toEqual([]);
  });

  test('takes a cause along', async () => {
    const ears = await open();
    const { agent } = await talking(ears);
    await ears.act('Hangup', { Channel: agent, Cause: '21' });
    const hangup = (await ears.news()).find((message) => message.event === 'Hangup' && message.get('Channel') === agent);
    expect([hangup?.get('Cause'), hangup?.get('Cause-txt'), hangup?.get('TechCause')]).toEqual(['21', 'Call Rejected', '403']);
  });

  test('by a pattern ends all it fits', async () => {
    const ears = await open();
    await talking(ears);
    const { ok, events } = await ears.act('Hangup', { Channel: '/^PJSIP\\/trunk-/' });
    expect(ok).toBe(true);
    expect(events.map((event) => event.get('Channel'))).toEqual(['PJSIP/trunk-out-00000001']);
    expect((await ears.act('CoreShowChannels')).events).toEqual([]);
  });
});

describe('transfers', () => {
  test('Redirect takes one away and leaves the other with nobody', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    const answer = await ears.act('Redirect', { Channel: customer, Context: 'from-internal', Exten: '1003', Priority: '1' });
    expect(answer.text).toBe('Redirect successful');
    await ears.advance(3_000);
    const messages = await ears.news();
    expect(told(messages, 'BridgeEnter', 'Hangup')).toEqual([
      `Hangup ${agent}`,
      'BridgeEnter PJSIP/1003-00000002',
      `BridgeEnter ${customer}`,
    ]);
    const places = messages.filter((message) => message.event === 'Newexten' && message.get('Channel') === customer);
    expect(places.map((message) => [message.get('Exten'), message.get('Priority'), message.get('Application')])).toEqual([
      ['1003', '1', 'AppDial'],
      ['1003', '2', 'Dial'],
    ]);
  });

  test('Redirect of both keeps both', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    const both = { ExtraChannel: agent, ExtraContext: 'from-internal', ExtraExten: '690', ExtraPriority: '1' };
    const one = { Channel: customer, Context: 'from-internal', Exten: '690', Priority: '1' };
    expect((await ears.act('Redirect', { ...one, ...both })).text).toBe('Dual Redirect successful');
    expect((await ears.act('CoreShowChannels')).events.map((event) => event.get('Application'))).toEqual(['Echo', 'Echo']);
  });

  test('Redirect and blind transfer to nowhere succeed, and end the call', async () => {
    const ears = await open();
    const first = await talking(ears);
    const nowhere = { Context: 'from-internal', Exten: 'nope' };
    expect((await ears.act('Redirect', { Channel: first.customer, Priority: '1', ...nowhere })).ok).toBe(true);
    const second = await talking(ears);
    expect((await ears.act('BlindTransfer', { Channel: second.agent, ...nowhere })).text).toBe('Transfer succeeded');
    expect((await ears.act('CoreShowChannels')).events).toEqual([]);
  });

  test('BlindTransfer hands the partner over and says from whom to whom', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    expect((await ears.act('BlindTransfer', { Channel: agent, Context: 'from-internal', Exten: '1003' })).text).toBe(
      'Transfer succeeded',
    );
    await ears.advance(3_000);
    const messages = await ears.news();
    const transfer = messages.find(named('BlindTransfer'));
    expect([transfer?.get('TransfererChannel'), transfer?.get('TransfereeChannel'), transfer?.get('Extension')]).toEqual([
      agent,
      customer,
      '1003',
    ]);
    expect(told(messages, 'Hangup', 'BridgeEnter')).toEqual([
      `Hangup ${agent}`,
      'BridgeEnter PJSIP/1003-00000002',
      `BridgeEnter ${customer}`,
    ]);
    expect(await ears.ari.until(ofType('BridgeBlindTransfer'))).toMatchObject({ exten: '1003', result: 'Success' });
    expect((await ears.act('BlindTransfer', { Channel: agent, Exten: '1003' })).text).toBe('Channel specified does not exist');
  });

  test('an attended transfer is complete when the transferer hangs up', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    expect((await ears.act('Atxfer', { Channel: agent, Context: 'from-internal', Exten: '1003' })).ok).toBe(true);
    await ears.advance(3_000);
    const consulting = await ears.news();
    expect(told(consulting, 'Hold', 'MusicOnHoldStart', 'LocalBridge')[0]).toBe(`Hold ${agent}`);
    await ears.act('Hangup', { Channel: agent });
    const done = await ears.news();
    const transfer = done.find(named('AttendedTransfer'));
    expect([transfer?.get('OrigTransfererChannel'), transfer?.get('TransfereeChannel'), transfer?.get('Result')]).toEqual([
      agent,
      customer,
      'Success',
    ]);
    const { events } = await ears.act('CoreShowChannels');
    expect(new Set(events.map((event) => event.get('Linkedid'))).size).toBe(1);
    expect(events.some((event) => event.get('Channel') === 'PJSIP/1003-00000002')).toBe(true);
    expect(events.some((event) => event.get('Channel') === agent)).toBe(false);
    await ears.act('Hangup', { Channel: customer });
    expect((await ears.act('CoreShowChannels')).events).toEqual([]);
  });

  test('an attended transfer that is called off puts both together again', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    await ears.act('Atxfer', { Channel: agent, Context: 'from-internal', Exten: '1003' });
    await ears.advance(3_000);
    expect((await ears.act('CancelAtxfer', { Channel: agent })).text).toBe('CancelAtxfer successfully queued');
    const { events } = await ears.act('CoreShowChannels');
    expect(events.map((event) => event.get('Channel')).sort()).toEqual([agent, customer].sort());
    expect(new Set(events.map((event) => event.get('BridgeId'))).size).toBe(1);
  });

  test('Bridge puts two of different calls together; those they leave are hung up', async () => {
    const ears = await open();
    const first = await talking(ears);
    await ears.act('Originate', { ...clickToCall, Channel: 'PJSIP/1004' });
    await ears.advance(3_000);
    await ears.advance(3_000);
    const [, agent] = (await ears.news()).filter(named('BridgeEnter')).map((message) => message.get('Channel') ?? '');
    expect((await ears.act('Bridge', { Channel1: first.customer, Channel2: agent ?? '' })).text).toBe(
      'Channels have been bridged',
    );
    const { events } = await ears.act('CoreShowChannels');
    expect(events.map((event) => event.get('Channel')).sort()).toEqual([first.customer, agent].sort());
    expect(new Set(events.map((event) => event.get('Linkedid'))).size).toBe(1);
  });
});

describe('parking', () => {
  test('a parked call is in the list, is taken out of its space by a phone, and keeps its id', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    expect((await ears.act('Park', { Channel: customer, TimeoutChannel: agent })).text).toBe('Park successful');
    const [parked] = (await ears.act('ParkedCalls')).events;
    expect([parked?.get('ParkeeChannel'), parked?.get('ParkingSpace'), parked?.get('ParkerDialString')]).toEqual([
      customer,
      '701',
      'PJSIP/1002',
    ]);
    ears.pbx.calls.fromPhone('1004', '701');
    const messages = await ears.news();
    expect(messages.find(named('UnParkedCall'))?.get('RetrieverChannel')).toBe('PJSIP/1004-00000002');
    const entered = messages.filter(named('BridgeEnter')).slice(-2);
    expect(new Set(entered.map((message) => message.get('Linkedid'))).size).toBe(1);
    expect((await ears.act('ParkedCalls')).events).toEqual([]);
  });

  test('nobody takes it: it goes back to who parked it', async () => {
    const ears = await open();
    const { agent, customer } = await talking(ears);
    await ears.act('Park', { Channel: customer, TimeoutChannel: agent, Timeout: '4000' });
    await ears.advance(4_000);
    await ears.advance(3_000);
    const messages = await ears.news();
    expect(told(messages, 'BridgeEnter').slice(-2)).toEqual(['BridgeEnter PJSIP/1002-00000002', `BridgeEnter ${customer}`]);
    expect(messages.some(named('ParkedCallTimeOut'))).toBe(true);
  });
});

test.each<[string, string, string[]]>([
  ['qw', 'stays when that one hangs up', ['ChanSpyStop', 'Hangup PJSIP/1002-00000000']],
  ['qwE', 'leaves when that one hangs up', ['ChanSpyStop', 'Hangup PJSIP/1010-00000002', 'Hangup PJSIP/1002-00000000']],
])('a supervisor listens by Originate to ChanSpy (%s), and %s', async (options, _, ending) => {
  const ears = await open();
  const { agent, customer } = await talking(ears);
  const spy = { Channel: 'PJSIP/1010', Application: 'ChanSpy', Data: `${agent},${options}`, Async: 'true', CallerID: 'spy' };
  await ears.act('Originate', spy);
  await ears.advance(3_000);
  const started = (await ears.news()).find(named('ChanSpyStart'));
  expect([started?.get('SpyerChannel'), started?.get('SpyeeChannel')]).toEqual(['PJSIP/1010-00000002', agent]);
  const { events } = await ears.act('CoreShowChannels');
  expect(events.find((event) => event.get('Channel') === 'PJSIP/1010-00000002')?.get('Application')).toBe('ChanSpy');
  await ears.act('Hangup', { Channel: customer });
  expect(told(await ears.news(), 'ChanSpyStop', 'Hangup').filter((one) => !one.endsWith(customer))).toEqual(ending);
});

test('a played call answers commands too: from then on it is played no longer, and lives', async () => {
  const { loadRecording } = await import('../../../infra/sandbox/asterisk/recording.ts');
  const ears = await open();
  const recording = loadRecording('infra/sandbox/asterisk/recordings/08-outbound-answered.ami.gz');
  const playback = ears.pbx.play(recording, { pace: 'byHand' });
  playback.advanceTo({ Event: 'BridgeEnter' });
  playback.advanceTo({ Event: 'BridgeEnter' });
  const [dialler] = (await ears.act('CoreShowChannels')).events;
  await ears.news();
  const name = dialler?.get('Channel') ?? '';
  expect((await ears.act('Getvar', { Channel: name, Variable: 'AGENTEXT' })).message.get('Value')).toBe('1003');
  expect((await ears.act('Redirect', { Channel: name, Context: 'from-internal', Exten: '690', Priority: '1' })).ok).toBe(true);
  playback.finish();
  const { events } = await ears.act('CoreShowChannels');
  expect(events.map((event) => [event.get('Channel'), event.get('Application')])).toEqual([[name, 'Echo']]);
  expect((await ears.news()).filter(named('Hangup'))).toHaveLength(1);
});

describe('what Asterisk refuses is refused in its words', () => {
  const exten = { Context: 'from-internal', Exten: '1003', Priority: '1' };
  test.each<[string, Record<string, string>, string]>([
    ['Originate', {}, 'Channel not specified'],
    ['Originate', { Channel: '1002' }, 'Invalid channel'],
    ['Originate', { Channel: 'PJSIP/1002' }, "Originate with 'Exten' requires 'Context' and 'Priority'"],
    ['Originate', { Channel: 'PJSIP/1002', ...exten, Exten: 'nope' }, 'Extension does not exist.'],
    ['Originate', { Channel: 'PJSIP/1002', ...exten, Priority: 'one' }, 'Invalid priority'],
    ['Originate', { Channel: 'PJSIP/1002', ...exten, Timeout: 'soon' }, 'Invalid timeout'],
    ['Hangup', {}, 'No channel specified'],
    ['Hangup', { Channel: 'PJSIP/1-1' }, 'No such channel'],
    ['Redirect', { Channel: 'x' }, 'Context not specified'],
    ['Redirect', { Channel: 'x', ...exten }, 'Channel does not exist: x'],
    ['Redirect', { Channel: 'x', ...exten, Priority: 'one' }, 'Priority is invalid'],
    ['BlindTransfer', { Channel: 'x' }, 'No extension specified'],
    ['BlindTransfer', { Channel: 'x', Exten: '1003' }, 'Channel specified does not exist'],
    ['Atxfer', { Channel: 'x', Exten: '1003' }, 'Channel specified does not exist'],
    ['CancelAtxfer', {}, 'No channel specified'],
    ['Park', { Channel: 'x' }, 'Channel does not exist: x'],
    ['Bridge', { Channel1: 'x' }, 'Missing channel parameter in request'],
    ['Setvar', { Channel: 'x', Variable: 'A', Value: '1' }, 'No such channel'],
    ['Getvar', {}, 'No variable specified'],
    ['PlayDTMF', { Channel: 'x', Digit: '1' }, 'Channel not found'],
    ['LocalOptimizeAway', {}, "'Channel' not specified."],
    ['MuteAudio', { Channel: 'x' }, 'State not specified'],
    ['QueuePause', { Interface: 'PJSIP/1002' }, "Need 'Interface' and 'Paused' parameters."],
    ['QueuePause', { Interface: 'PJSIP/9', Paused: 'true' }, 'Interface not found'],
    ['QueueAdd', { Queue: 'nope', Interface: 'PJSIP/9' }, 'Unable to add interface to queue: No such queue'],
    ['QueueAdd', { Queue: 'sales', Interface: 'PJSIP/1001' }, 'Unable to add interface: Already there'],
    ['QueueRemove', { Queue: 'sales', Interface: 'PJSIP/9' }, 'Unable to remove interface: Not there'],
    ['QueueRemove', { Queue: 'sales', Interface: 'PJSIP/1001' }, 'Member not dynamic'],
  ])('%s %j: %s', async (name, headers, words) => {
    const ears = await open();
    const { ok, text } = await ears.act(name, headers);
    expect([ok, text]).toEqual([false, words]);
  });

  test.each([
    'Originate',
    'Hangup',
    'Redirect',
    'BlindTransfer',
    'Atxfer',
    'Park',
    'Setvar',
    'QueuePause',
    'MuteAudio',
    'Getvar',
  ])('%s without the right to it', async (name) => {
    const ears = await open({ users: [{ name: 'hub', secret: 'correct horse', read: ['all'], write: ['cdr'] }] });
    await expect(ears.act(name, { Channel: 'PJSIP/1002' })).rejects.toThrow(`may not do ${name}`);
  });

  test('an application that may do anything is only for those who may do anything', async () => {
    const ears = await open({ users: [{ name: 'hub', secret: 'correct horse', read: ['all'], write: ['originate'] }] });
    const asked = await ears.act('Originate', { Channel: 'PJSIP/1002', Application: 'System', Data: 'ls', Async: 'true' });
    expect(asked.text).toBe('Originate Access Forbidden: app or data blacklisted');
  });
});

describe('a phone that is hung up while it rings', () => {
  test('leaves its caller to the dialplan', async () => {
    const ears = await open({ phones: { '1006': 'noAnswer' } });
    ears.pbx.calls.fromOutside({ from: '09012345678', to: '0312345682' });
    await ears.news();
    await ears.act('Hangup', { Channel: 'PJSIP/1006-00000001' });
    const messages = await ears.news();
    expect(messages.find(named('DialEnd'))?.get('DialStatus')).toBe('NOANSWER');
    expect((await ears.act('CoreShowChannels')).events.map((event) => event.get('Application'))).toEqual(['Playback']);
  });

  test('is one member less for the caller in the queue', async () => {
    const ears = await open({ phones: { '1005': 'noAnswer', '1006': 'noAnswer', '1007': 'noAnswer' } });
    ears.pbx.calls.fromOutside({ from: '09012345678', to: '0312345680' });
    await ears.news();
    await ears.act('Hangup', { Channel: '/^PJSIP\\/1005-/' });
    const messages = await ears.news();
    expect(messages.filter(named('DialEnd')).map((message) => message.get('DestChannel')?.slice(0, 10))).toEqual(['PJSIP/1005']);
    expect(messages.filter(named('AgentRingNoAnswer'))).toHaveLength(1);
    expect((await ears.act('CoreShowChannels')).events).toHaveLength(3);
  });
});

test('a pattern hangs up played calls too, and Status tells of one channel alone', async () => {
  const { loadRecording } = await import('../../../infra/sandbox/asterisk/recording.ts');
  const ears = await open();
  const recording = loadRecording('infra/sandbox/asterisk/recordings/08-outbound-answered.ami.gz');
  ears.pbx.play(recording, { pace: 'byHand' }).advanceTo({ Event: 'BridgeEnter' });
  expect((await ears.act('Status', { Channel: 'PJSIP/1003-00000000' })).events).toHaveLength(1);
  expect((await ears.act('Status', { Channel: 'nobody' })).text).toBe('No such channel');
  expect((await ears.act('Hangup', { Channel: '/^PJSIP/' })).events).toHaveLength(2);
  expect((await ears.act('CoreShowChannels')).events).toEqual([]);
});

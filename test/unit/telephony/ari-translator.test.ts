import { createAriTranslator } from '../../../src/telephony/ari/ari-translator.ts';

const at = 1_795_377_385_000;

function channel(id: string, name: string, more: Record<string, unknown> = {}) {
  const dialplan = { exten: '0312345679', app_name: '', app_data: '' };
  return { id, name, state: 'Ring', caller: { name: '', number: '09012345678' }, dialplan, ...more };
}

const caller = channel('1795377385.0', 'PJSIP/trunk-in-00000000');
const agent = channel('1795377385.1', 'PJSIP/1001-00000001', { state: 'Down' });
const mixing = { id: 'b1', technology: 'simple_bridge', bridge_class: 'basic', creator: '' };

function told(...events: unknown[]) {
  const translator = createAriTranslator();
  return events.flatMap((event) => translator.translate(event, at));
}

test('a caller and a called phone are told apart by the state they are born in', () => {
  const [one, two] = told({ type: 'ChannelCreated', channel: caller }, { type: 'ChannelCreated', channel: agent });
  expect(one).toMatchObject({ type: 'channelCreated', channel: { party: 'line', outgoing: false, linkedId: null } });
  expect(two).toMatchObject({ channel: { party: 'phone', extension: '1001', outgoing: true } });
});

test('both halves of a Local channel are made by the PBX', () => {
  const halves = ['Down', 'Ring'].map((state, half) =>
    channel(`1795377385.${half}`, `Local/1008@agents-00000000;${half + 1}`, { state }),
  );
  for (const event of told(...halves.map((half) => ({ type: 'ChannelCreated', channel: half })))) {
    expect(event).toMatchObject({ channel: { party: 'helper', outgoing: true, localPair: 'Local/1008@agents-00000000' } });
  }
});

test('a linked id is used where ari.conf has it sent', () => {
  const channelvars = { 'CHANNEL(linkedid)': '1795377385.0', DID: '0312345679' };
  const [event] = told({ type: 'ChannelCreated', channel: { ...agent, channelvars } });
  expect(event).toMatchObject({ channel: { linkedId: '1795377385.0' } });
});

test('news of a dial on its way is neither its beginning nor its end', () => {
  const dial = (dialstatus: string) => ({ type: 'Dial', caller, peer: agent, dialstatus, dialstring: 'PJSIP/1001' });
  expect(told(...['', 'RINGING', 'PROGRESS', 'CANCEL'].map(dial)).map(({ type }) => type)).toEqual(['dialBegun', 'dialEnded']);
});

test('a hang-up by the PBX is not the far end hanging up', () => {
  const request = { type: 'ChannelHangupRequest', channel: caller };
  expect(told(request)).toHaveLength(1);
  expect(told({ ...request, soft: true, cause: 16 })).toEqual([]);
});

describe('queues show in the dialplan', () => {
  const queue = { type: 'ChannelDialplan', channel: caller, dialplan_app: 'Queue', dialplan_app_data: 'sales,tT,,,60' };

  test('an answer takes the caller out of the queue', () => {
    const [joined, left, entered] = told(queue, { type: 'ChannelEnteredBridge', bridge: mixing, channel: caller });
    expect(joined).toMatchObject({ type: 'queueJoined', queue: 'sales' });
    expect(left).toMatchObject({ type: 'queueLeft', queue: 'sales', channelId: caller.id });
    expect(entered).toMatchObject({ type: 'bridgeEntered', kind: 'conversation' });
  });

  test('so does the next step of the dialplan', () => {
    const next = { type: 'ChannelDialplan', channel: caller, dialplan_app: 'Playback', dialplan_app_data: 'sorry' };
    expect(told(queue, next, next).map(({ type }) => type)).toEqual(['queueJoined', 'queueLeft']);
  });

  test('a caller who gives up is said to have done so once', () => {
    const abandoned = { type: 'ChannelVarset', channel: caller, variable: 'ABANDONED', value: 'TRUE' };
    expect(told(queue, abandoned, abandoned).map(({ type }) => type)).toEqual(['queueJoined', 'queueAbandoned']);
  });

  test('a channel that is gone is forgotten', () => {
    const gone = { type: 'ChannelDestroyed', channel: caller, cause: 16 };
    const next = { type: 'ChannelDialplan', channel: caller, dialplan_app: 'Playback', dialplan_app_data: 'sorry' };
    expect(told(queue, gone, next).map(({ type }) => type)).toEqual(['queueJoined', 'channelHungUp']);
  });
});

test('the two ends of a wire between PBXs are known by the variable that names it', () => {
  const named = { type: 'ChannelVarset', channel: caller, variable: 'TORITSUGI_WIRE', value: 'tokyo-1.1' };
  expect(told(named)).toMatchObject([{ type: 'wireLearned', channelId: caller.id, wire: 'tokyo-1.1' }]);
});

test('entering a parking bridge is being parked', () => {
  const bridge = { ...mixing, technology: 'holding_bridge', bridge_class: 'parking' };
  const [entered, parked] = told({ type: 'ChannelEnteredBridge', bridge, channel: caller });
  expect(entered).toMatchObject({ kind: 'holding' });
  expect(parked).toMatchObject({ type: 'parked', channelId: caller.id });
});

test('whom an originated call is for is where its first leg goes in the dialplan', () => {
  const dial = { type: 'Dial', peer: agent, dialstatus: '', dialstring: '1001' };
  const calling = { type: 'ChannelDialplan', channel: agent, dialplan_app: 'AppDial2', dialplan_app_data: '(Outgoing Line)' };
  const up = { ...agent, state: 'Up', dialplan: { exten: '09011110001', app_name: 'NoOp', app_data: '' } };
  const first = { type: 'ChannelDialplan', channel: up, dialplan_app: 'NoOp', dialplan_app_data: '' };
  const reports = told(dial, calling, first, first).filter(({ type }) => type === 'originateReported');
  expect(reports).toEqual([
    { type: 'originateReported', at, answered: true, channelId: agent.id, extension: '1001', number: '09011110001' },
  ]);
});

describe('a restart of Asterisk shows in the ids it gives', () => {
  const created = (id: string) => ({ type: 'ChannelCreated', channel: channel(id, 'PJSIP/trunk-in-00000000') });

  test('a younger id with a lower counter was given by another process, started after the last thing heard', () => {
    const translator = createAriTranslator();
    translator.translate(created('1795377385.7'), at);
    expect(translator.translate(created('1795377395.0'), at + 10_000)[0]).toEqual({
      type: 'pbxBooted',
      at,
      bootedAt: 1_795_377_395_000,
    });
  });

  test.each([
    ['neighbouring ids in the wrong order', ['1795377385.8', '1795377386.7']],
    ['ids that an application chose', ['1795377385.8', 'click-to-call-1', '1795377388.9']],
    ['a clock that was set back', ['1795377385.8', '1795377300.9', '1795377386.10']],
  ])('%s are no restart', (_, ids) => {
    expect(told(...ids.map(created)).map(({ type }) => type)).toEqual(ids.map(() => 'channelCreated'));
  });
});

test('unknown events, fields and shapes do no harm; what is no event is counted', () => {
  const translator = createAriTranslator();
  const strange: unknown[] = [{ type: 'ChannelToneDetected', x: 1 }, { type: 'constructor' }, { type: 'DeviceStateChanged' }];
  for (const event of strange) expect(translator.translate(event, at)).toEqual([]);
  expect(translator.unreadable).toBe(0);
  for (const event of [null, 7, 'text', [], {}, { type: 5 }, { type: 'Dial' }, { type: 'ChannelCreated', channel: { id: '' } }]) {
    expect(translator.translate(event, at)).toEqual([]);
  }
  expect(translator.unreadable).toBe(8);
  const bare = { type: 'ChannelCreated', channel: { id: '1.1', name: 'PJSIP/1001-00000001', caller: 5, more: {} }, extra: [] };
  expect(translator.translate(bare, at)).toMatchObject([{ channel: { extension: '1001', callerNumber: null, dialled: null } }]);
});

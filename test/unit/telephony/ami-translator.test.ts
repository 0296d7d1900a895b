import { createAmiParser } from '../../../src/telephony/ami/ami-parser.ts';
import { snapshotActions } from '../../../src/telephony/ami/ami-snapshot.ts';
import { unescapeC } from '../../../src/telephony/ami/ami-text.ts';
import { type AmiTranslatorSettings, createAmiTranslator } from '../../../src/telephony/ami/ami-translator.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';

type Packet = Readonly<Record<string, string>>;

function translated(packets: readonly Packet[], settings: AmiTranslatorSettings = {}, stepMs = 0): TelephonyEvent[] {
  const parser = createAmiParser();
  const translator = createAmiTranslator(settings);
  return packets.flatMap((packet, index) => {
    const lines = Object.entries(packet).map(([header, value]) => `${header}: ${value}\r\n`);
    return parser
      .push(Buffer.from(`${lines.join('')}\r\n`))
      .flatMap((message) => translator.translate(message, 1000 + index * stepMs));
  });
}

const channel = (name: string, uniqueid: string, more: Packet = {}): Packet => ({
  ...{ Channel: name, ChannelState: '4', CallerIDNum: '09012345678', CallerIDName: '<unknown>', Exten: '0312345679' },
  ...{ Uniqueid: uniqueid, Linkedid: uniqueid },
  ...more,
});

test('a new channel is told with who is at its end', () => {
  const [event] = translated([{ Event: 'Newchannel', ...channel('PJSIP/trunk-in-00000001', 'tokyo-1700.1') }]);
  expect(event).toEqual({
    type: 'channelCreated',
    at: 1000,
    channel: {
      ...{ id: 'tokyo-1700.1', linkedId: 'tokyo-1700.1', party: 'line', extension: null, localPair: null, localHalf: null },
      ...{ outgoing: false, up: false, callerNumber: '09012345678', callerName: null, dialled: '0312345679' },
    },
  });
});

test('names are unescaped as Asterisk escaped them, numbers are left as they are', () => {
  const name = 'O\\\\\\"Brien\\, 山田\\n';
  const [event] = translated([{ Event: 'Newchannel', ...channel('SIP/x-1', '1.1', { CallerIDName: name }) }]);
  expect(event).toMatchObject({ channel: { callerName: 'O"Brien, 山田\n' } });
  expect(unescapeC('a\\tb\\\\n')).toBe('a\tb\\n');
});

test('caller data of any length is cut, not refused', () => {
  const [event] = translated([{ Event: 'Newchannel', ...channel('SIP/x-1', '1.1', { CallerIDNum: '9'.repeat(5_000) }) }]);
  expect(event).toMatchObject({ channel: { callerNumber: '9'.repeat(256) } });
});

test('what the tracker has no word for is passed over', () => {
  const names = ['RTCPSent', 'DeviceStateChange', 'SomethingNew', 'VarSet', 'Newexten', 'CEL'];
  expect(translated(names.map((Event) => ({ Event, ...channel('SIP/x-1', '1.1') })))).toEqual([]);
  expect(translated([{ Response: 'Success', ActionID: '1' }])).toEqual([]);
});

test('an event that lacks what it should have is passed over as well', () => {
  const names = [
    'Newchannel',
    'Hangup',
    'DialBegin',
    'DialEnd',
    'BridgeEnter',
    'BridgeLeave',
    'QueueCallerJoin',
    'BlindTransfer',
  ];
  expect(translated([...names, 'AttendedTransfer', 'ParkedCall', 'Hold', 'VarSet'].map((Event) => ({ Event })))).toEqual([]);
});

test('a recording is known by the variable that names it, a DID by its own, under any number of underscores', () => {
  const variable = (Variable: string, Value: string) => ({ Event: 'VarSet', ...channel('SIP/x-1', '1.1'), Variable, Value });
  const packets = [
    variable('MIXMONITOR_FILENAME', '/var/spool/asterisk/monitor/in-1.wav'),
    variable('__DID', '0312345679'),
    variable('FROM_DID', 's'),
    variable('CALLFILENAME', 'x.wav'),
  ];
  expect(translated(packets)).toMatchObject([
    { type: 'recordingStarted', file: 'in-1.wav' },
    { type: 'didLearned', number: '0312345679' },
  ]);
  expect(translated(packets, { recordingVariables: ['CALLFILENAME'] })).toMatchObject([
    { type: 'didLearned' },
    { type: 'recordingStarted', file: 'x.wav' },
  ]);
});

test('the two ends of a wire between PBXs are known by the variable that names it', () => {
  const variable = { Event: 'VarSet', ...channel('PJSIP/osaka-1', '1.1'), Variable: 'TORITSUGI_WIRE', Value: 'tokyo-1.1' };
  expect(translated([variable])).toMatchObject([{ type: 'wireLearned', channelId: '1.1', wire: 'tokyo-1.1' }]);
});

test('parking, conferences and conversations are different kinds of bridge', () => {
  const bridge = (more: Packet) => ({ Event: 'BridgeEnter', ...channel('SIP/x-1', '1.1'), BridgeUniqueid: 'b', ...more });
  const kinds = translated([
    bridge({ BridgeType: 'basic', BridgeTechnology: 'simple_bridge' }),
    bridge({ BridgeType: 'stasis', BridgeTechnology: 'holding_bridge' }),
    bridge({ BridgeType: 'parking', BridgeTechnology: 'holding_bridge' }),
    bridge({ BridgeType: 'base', BridgeTechnology: 'softmix', BridgeCreator: 'ConfBridge' }),
    bridge({ BridgeType: 'stasis', BridgeTechnology: 'softmix', BridgeCreator: 'Stasis' }),
  ]);
  expect(kinds.map((event) => ('kind' in event ? event.kind : null))).toEqual([
    ...['conversation', 'holding', 'holding', 'conference', 'conversation'],
  ]);
});

describe('a snapshot', () => {
  const shown = (name: string, uniqueid: string, more: Packet = {}) => ({
    ...{ Event: 'CoreShowChannel', ActionID: 'a' },
    ...channel(name, uniqueid, {
      ChannelState: '6',
      Duration: '00:01:05',
      BridgeId: 'b',
      Application: 'Queue',
      ApplicationData: 'sales,t',
      ...more,
    }),
  });
  const channelsComplete = { Event: 'CoreShowChannelsComplete', ActionID: 'a', EventList: 'Complete' };
  const bridgesComplete = { Event: 'BridgeListComplete', ActionID: 'b', EventList: 'Complete' };
  const hangup = { Event: 'Hangup', Uniqueid: '9.9', Cause: '16' };

  test('is told once, when all its lists have come, and before what happened meanwhile', () => {
    const events = translated([
      shown('PJSIP/trunk-1', '1.1'),
      channelsComplete,
      hangup,
      { Event: 'BridgeListItem', ActionID: 'b', BridgeUniqueid: 'b', BridgeType: 'parking' },
      { Event: 'ParkedCall', ActionID: 'c', ParkeeUniqueid: '1.1', ParkerDialString: 'PJSIP/1006' },
      bridgesComplete,
    ]);
    expect(events.map(({ type }) => type)).toEqual(['snapshotTaken', 'channelHungUp']);
    expect(events[0]).toMatchObject({
      channels: [{ channel: { id: '1.1', dialled: null }, bridgeId: 'b', queue: 'sales', ageMs: 65_000, ringing: false }],
      bridges: [{ bridgeId: 'b', kind: 'holding' }],
      parked: [{ channelId: '1.1', byExtension: '1006' }],
    });
  });

  test('is complete in any order of its lists, and when there is nothing at all', () => {
    expect(translated([bridgesComplete, channelsComplete])).toMatchObject([{ type: 'snapshotTaken', channels: [] }]);
  });

  test('is believed without the bridges when they do not come, so that nothing is held back for long', () => {
    const events = translated([channelsComplete, hangup, hangup], {}, 4_000);
    expect(events.map(({ type }) => type)).toEqual(['snapshotTaken', 'channelHungUp', 'channelHungUp']);
  });

  test('a list of channels that breaks off says nothing about who is gone', () => {
    const events = translated([shown('PJSIP/trunk-1', '1.1'), hangup, hangup], {}, 4_000);
    expect(events.map(({ type }) => type)).toEqual(['channelHungUp', 'channelHungUp']);
  });

  test('learns what the caller of an unheard call had dialled from the first event that says so', () => {
    const cel = { Event: 'CEL', EventName: 'BRIDGE_EXIT', UniqueID: '1.1', CallerIDdnid: '0312345680' };
    const events = translated([cel, shown('PJSIP/trunk-1', '1.1'), channelsComplete, bridgesComplete, cel, cel]);
    expect(events.map(({ type }) => type)).toEqual(['snapshotTaken', 'didLearned']);
  });

  test('is asked for with actions that change nothing', () => {
    const names = snapshotActions.map(({ Action }) => Action);
    expect(names).toEqual(['CoreShowChannels', 'QueueStatus', 'ParkedCalls', 'BridgeList', 'Status']);
  });
});

test('a caller found waiting in a queue has waited as long as the queue says', () => {
  const entry = { Event: 'QueueEntry', Queue: 'sales', Channel: 'PJSIP/trunk-1', Uniqueid: '1.1', Wait: '1' };
  expect(translated([entry])).toMatchObject([
    { type: 'queueJoined', at: 0, queue: 'sales', channel: { id: '1.1', linkedId: null } },
  ]);
});

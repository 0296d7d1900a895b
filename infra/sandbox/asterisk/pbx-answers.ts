import { channelHeaders, type PacketText, packetText } from './ami-packet-text.ts';
import type { LiveBridge, LiveChannel, PbxState } from './pbx-state.ts';
import { type LiveQueue, memberFields } from './queue-board.ts';

type Headers = [string, string][];

/** The list actions of the sandbox: each answers with what is true at this moment, in Asterisk's order and words. */
export const listAnswers: Readonly<Record<string, (state: PbxState, query: ListQuery) => PacketText>> = {
  coreshowchannels: (state, { actionId, now }) =>
    list(actionId, 'Channels will follow', 'CoreShowChannelsComplete', showChannels(state, now)),
  bridgelist: (state, { actionId }) =>
    list(actionId, 'Bridge listing will follow', 'BridgeListComplete', [...state.bridges()].map(bridgeListItem)),
  bridgeinfo: bridgeInfo,
  queuestatus: (state, query) =>
    list(query.actionId, 'Queue status will follow', 'QueueStatusComplete', queueStatus(state, query)),
  queuesummary: (state, query) =>
    list(query.actionId, 'Queue summary will follow', 'QueueSummaryComplete', queueSummary(state, query)),
  status: (state, { actionId, now, header }) => {
    const name = header('Channel') ?? '';
    const chosen = [...state.channels()].filter(({ block }) => name === '' || block.Channel === name);
    if (name !== '' && chosen.length === 0) return errorAnswer(actionId, 'No such channel');
    const items = channelStatus(chosen, now);
    return list(actionId, 'Channel status will follow', 'StatusComplete', items, [['Items', String(items.length)]]);
  },
  parkedcalls: (state, { actionId, now }) => {
    const items = parkedCalls(state, now);
    return list(actionId, 'Parked calls will follow', 'ParkedCallsComplete', items, [['Total', String(items.length)]]);
  },
};

export interface ListQuery {
  readonly actionId: string | null;
  readonly now: number;
  /** A header of the action; null when absent. */
  readonly header: (name: string) => string | null;
}

export function errorAnswer(actionId: string | null, message: string): PacketText {
  return packetText([['Response', 'Error'], ...actionIdHeader(actionId), ['Message', message]]);
}

export function actionIdHeader(actionId: string | null): Headers {
  return actionId === null ? [] : [['ActionID', actionId]];
}

function list(actionId: string | null, message: string, complete: string, items: Headers[], last: Headers = []): PacketText {
  const id = actionIdHeader(actionId);
  const packets: Headers[] = [
    [['Response', 'Success'], ...id, ['EventList', 'start'], ['Message', message]],
    ...items.map((item): Headers => withActionId(item, id)),
    [['Event', complete], ...id, ['EventList', 'Complete'], ['ListItems', String(items.length)], ...last],
  ];
  return packets.map(packetText).join('');
}

/** Queue and status events carry the ActionID at their end, all others behind the name. */
function withActionId([event, ...rest]: Headers, id: Headers): Headers {
  if (event === undefined) return id;
  return /^(?:Queue|Status$)/.test(event[1]) ? [event, ...rest, ...id] : [event, ...id, ...rest];
}

function showChannels(state: PbxState, now: number): Headers[] {
  return [...state.channels()].map((channel) => [
    ['Event', 'CoreShowChannel'],
    ...channelHeaders(channel.block),
    ['Application', channel.application],
    ['ApplicationData', channel.applicationData],
    ['Duration', duration(channel, now)],
    ['BridgeId', channel.bridgeId],
  ]);
}

function channelStatus(channels: readonly LiveChannel[], now: number): Headers[] {
  return channels.map(({ block, application, applicationData, since, bridgeId, dnid }) => [
    ['Event', 'Status'],
    ['Privilege', 'Call'],
    ...channelHeaders(block),
    ['Type', block.Channel.slice(0, block.Channel.indexOf('/'))],
    ['DNID', dnid],
    ['EffectiveConnectedLineNum', block.ConnectedLineNum],
    ['EffectiveConnectedLineName', block.ConnectedLineName],
    ['TimeToHangup', '0'],
    ['BridgeID', bridgeId],
    ['Application', application],
    ['Data', applicationData],
    ['Seconds', String(Math.max(0, Math.floor((now - since) / 1_000)))],
  ]);
}

function duration({ since }: LiveChannel, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1_000));
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function bridgeHeaders(bridge: LiveBridge): Headers {
  return [
    ['BridgeUniqueid', bridge.id],
    ['BridgeType', bridge.type],
    ['BridgeTechnology', bridge.technology],
    ['BridgeCreator', bridge.creator],
    ['BridgeName', bridge.name],
    ['BridgeNumChannels', String(bridge.channels.size)],
    ['BridgeVideoSourceMode', 'none'],
  ];
}

function bridgeListItem(bridge: LiveBridge): Headers {
  return [['Event', 'BridgeListItem'], ...bridgeHeaders(bridge)];
}

function bridgeInfo(state: PbxState, { actionId, header }: ListQuery): PacketText {
  const id = header('BridgeUniqueid');
  if (id === null || id === '') return errorAnswer(actionId, 'BridgeUniqueid must be provided');
  const bridge = state.bridge(id);
  if (bridge === null) return errorAnswer(actionId, 'Specified BridgeUniqueid not found');
  const items = [...bridge.channels].flatMap((uniqueid): Headers[] => {
    const channel = state.channel(uniqueid);
    return channel === null ? [] : [[['Event', 'BridgeInfoChannel'], ...channelHeaders(channel.block)]];
  });
  return list(actionId, 'Bridge channel listing will follow', 'BridgeInfoComplete', items, bridgeHeaders(bridge));
}

function chosenQueues(state: PbxState, { header }: ListQuery): LiveQueue[] {
  const wanted = header('Queue');
  return [...state.queues.queues()].filter((queue) => wanted === null || wanted === '' || queue.name === wanted);
}

function queueStatus(state: PbxState, query: ListQuery): Headers[] {
  return chosenQueues(state, query).flatMap((queue): Headers[] => [
    queueParams(queue),
    ...[...queue.members.values()].map(
      (member): Headers => [
        ['Event', 'QueueMember'],
        ['Queue', queue.name],
        ['Name', member.name],
        ['Location', member.interface],
        ...memberFields.map((field): [string, string] => [field, member.fields[field]]),
      ],
    ),
    ...[...queue.entries.values()].map(
      ({ block, since }, index): Headers => [
        ['Event', 'QueueEntry'],
        ['Queue', queue.name],
        ['Position', String(index + 1)],
        ['Channel', block.Channel],
        ['Uniqueid', block.Uniqueid],
        ['CallerIDNum', unbracketed(block.CallerIDNum)],
        ['CallerIDName', unbracketed(block.CallerIDName)],
        ['ConnectedLineNum', unbracketed(block.ConnectedLineNum)],
        ['ConnectedLineName', unbracketed(block.ConnectedLineName)],
        ['Wait', String(Math.max(0, Math.floor((query.now - since) / 1_000)))],
        ['Priority', '0'],
      ],
    ),
  ]);
}

/** In queue entries Asterisk writes `unknown` where channels have `<unknown>`. */
function unbracketed(value: string): string {
  return value === '<unknown>' ? 'unknown' : value;
}

function queueParams(queue: LiveQueue): Headers {
  return [
    ['Event', 'QueueParams'],
    ['Queue', queue.name],
    ['Max', '0'],
    ['Strategy', queue.strategy],
    ['Calls', String(queue.entries.size)],
    ['Holdtime', '0'],
    ['TalkTime', '0'],
    ['Completed', String(queue.completed)],
    ['Abandoned', String(queue.abandoned)],
    ['ServiceLevel', '20'],
    ['ServicelevelPerf', '0.0'],
    ['ServicelevelPerf2', '0.0'],
    ['Weight', '0'],
  ];
}

function queueSummary(state: PbxState, query: ListQuery): Headers[] {
  return chosenQueues(state, query).map((queue) => {
    const members = [...queue.members.values()];
    const waits = [...queue.entries.values()].map(({ since }) => Math.floor((query.now - since) / 1_000));
    return [
      ['Event', 'QueueSummary'],
      ['Queue', queue.name],
      ['LoggedIn', String(members.length)],
      ['Available', String(members.filter(({ fields }) => fields.Status === '1' && fields.Paused === '0').length)],
      ['Callers', String(queue.entries.size)],
      ['HoldTime', '0'],
      ['TalkTime', '0'],
      ['LongestHoldTime', String(Math.max(0, ...waits))],
    ];
  });
}

function parkedCalls(state: PbxState, now: number): Headers[] {
  return [...state.parked()].map((call) => {
    const parkedFor = Math.floor((now - call.since) / 1_000);
    return [
      ['Event', 'ParkedCall'],
      ...channelHeaders(call.block, 'Parkee'),
      ['ParkerDialString', call.dialString],
      ['Parkinglot', call.lot],
      ['ParkingSpace', call.space],
      ['ParkingTimeout', String(Math.max(0, call.timeout - parkedFor))],
      ['ParkingDuration', String(parkedFor)],
    ];
  });
}

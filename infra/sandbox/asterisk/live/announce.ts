import { asPacketBytes, channelHeaders, type PacketText, packetText } from '../ami-packet-text.ts';
import { ariTime, asteriskId } from '../ari-text.ts';
import type { Bridge } from './bridge.ts';
import { blockOf, type Channel, type Party, type Place, sameParty, samePlace } from './channel.ts';

type Headers = readonly (readonly [string, string])[];

/** What an ARI event has besides its type, its time and its sender; channels and bridges as they are here. */
type EventBody = Readonly<Record<string, unknown>>;

/** Tells both ears of what happens to the channels of the sandbox PBX. */
export interface Announcer {
  /**
   * Tells what is new about a channel since it was last told: Asterisk makes these events out of the difference of two pictures. The
   * first picture is its `Newchannel`.
   */
  changed(channel: Channel): void;
  /** Takes a channel for told as it is. */
  know(channel: Channel): void;
  gone(channel: Channel, cause: number): void;
  /** An event about one channel, or about none. */
  say(event: string, privilege: string, headers: Headers, type?: string, body?: EventBody): void;
  /** `StasisStart` or `StasisEnd`, to its application alone. */
  sayToApplication(application: string, type: string, body: EventBody): void;
  variable(channel: Channel | null, name: string, value: string): void;
}

export interface Ears {
  readonly now: () => number;
  readonly tell: (packet: PacketText) => void;
  readonly tellEvent: (json: string) => void;
  /** Keeps the lists true of what no packet tells. */
  readonly note: (channel: Channel) => void;
}

interface Picture {
  readonly state: string;
  readonly caller: Party;
  readonly connected: Party;
  readonly place: Place;
  readonly application: string;
}

const presentation = '0 (Presentation Allowed, Not Screened)';

export function createAnnouncer({ now, tell, tellEvent, note }: Ears): Announcer {
  const pictures = new WeakMap<Channel, Picture>();

  function say(event: string, privilege: string, headers: Headers, type?: string, body: EventBody = {}): void {
    tell(packetText([['Event', event], ['Privilege', `${privilege},all`], ...headers]));
    if (type !== undefined) sayByAri(type, body, '');
  }

  function sayByAri(type: string, body: EventBody, application: string): void {
    tellEvent(JSON.stringify({ type, timestamp: ariTime(now()), ...body, asterisk_id: asteriskId, application }));
  }

  function know(channel: Channel): void {
    const { state, caller, connected, place, application } = channel;
    pictures.set(channel, { state, caller, connected, place, application });
  }

  function changed(channel: Channel): void {
    const before = pictures.get(channel);
    const { state, caller, connected } = channel;
    know(channel);
    const block = channelHeaders(blockOf(channel));
    const body = { channel: channelText(channel) };
    if (before === undefined) say('Newchannel', 'call', block, 'ChannelCreated', body);
    note(channel);
    if (before !== undefined && before.state !== state) say('Newstate', 'call', block, 'ChannelStateChange', body);
    if (hasMoved(before, channel)) sayPlace(channel, block, body);
    if (before === undefined) return;
    if (!sameParty(before.caller, caller)) sayCaller(block, body);
    if (!sameParty(before.connected, connected)) say('NewConnectedLine', 'call', block, 'ChannelConnectedLine', body);
  }

  function sayPlace(channel: Channel, block: Headers, body: EventBody): void {
    const { place, application, applicationData } = channel;
    const at: Headers = [
      ['Extension', asPacketBytes(place.exten)],
      ['Application', application],
      ['AppData', asPacketBytes(applicationData)],
    ];
    const app = { dialplan_app: application, dialplan_app_data: applicationData };
    say('Newexten', 'dialplan', [...block, ...at], 'ChannelDialplan', { ...app, ...body });
  }

  function sayCaller(block: Headers, body: EventBody): void {
    const shown = { caller_presentation: 0, caller_presentation_txt: 'Presentation Allowed, Not Screened' };
    say('NewCallerid', 'call', [...block, ['CID-CallingPres', presentation]], 'ChannelCallerId', { ...shown, ...body });
  }

  return {
    ...{ changed, say, know },
    gone(channel, cause) {
      const tech = channel.device.startsWith('PJSIP/') ? sipStatus[cause] : undefined;
      const headers: Headers = [
        ...channelHeaders(blockOf(channel)),
        ['Cause', String(cause)],
        ['Cause-txt', causeText(cause)],
        ...(tech === undefined ? [] : ([['TechCause', String(tech)]] as const)),
      ];
      const causes = { cause, cause_txt: causeText(cause), ...(tech === undefined ? {} : { tech_cause: tech }) };
      say('Hangup', 'call', headers, 'ChannelDestroyed', { ...causes, channel: channelText(channel) });
    },
    sayToApplication: (application, type, body) => sayByAri(type, body, application),
    variable(channel, name, value) {
      const set: Headers = [
        ['Variable', asPacketBytes(name)],
        ['Value', asPacketBytes(escaped(value))],
      ];
      const owner: Headers = channel === null ? ownerOfGlobals : channelHeaders(blockOf(channel));
      const body = { variable: name, value, ...(channel !== null && { channel: channelText(channel) }) };
      say('VarSet', 'dialplan', [...owner, ...set], 'ChannelVarset', body);
    },
  };
}

const ownerOfGlobals: Headers = [
  ['Channel', 'none'],
  ['Uniqueid', 'none'],
];

/** Asterisk takes a new application at the same place for no move. */
function hasMoved(before: Picture | undefined, { place, application }: Channel): boolean {
  if (application === '') return false;
  return before === undefined || before.application === '' || !samePlace(before.place, place);
}

/** As AMI escapes the values of variables. */
function escaped(value: string): string {
  return value
    .replace(/[\\"'?]/g, (mark) => `\\${mark}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

export function channelText(channel: Channel) {
  const { caller, connected, place } = channel;
  return {
    id: channel.id,
    name: channel.name,
    state: channel.state,
    protocol_id: channel.protocolId,
    caller: { name: caller.name, number: caller.number },
    connected: { name: connected.name, number: connected.number },
    accountcode: '',
    dialplan: {
      ...{ context: place.context, exten: place.exten, priority: place.priority },
      ...{ app_name: channel.application, app_data: channel.applicationData },
    },
    creationtime: ariTime(channel.since),
    language: 'en',
  };
}

export function bridgeHeaders({ id, kind, name, channels }: Bridge, prefix = ''): Headers {
  return [
    [`${prefix}BridgeUniqueid`, asPacketBytes(id)],
    [`${prefix}BridgeType`, kind.type],
    [`${prefix}BridgeTechnology`, kind.technology],
    [`${prefix}BridgeCreator`, kind.creator === '' ? '<unknown>' : kind.creator],
    [`${prefix}BridgeName`, name === '' ? '<unknown>' : asPacketBytes(name)],
    [`${prefix}BridgeNumChannels`, String(channels.length)],
    [`${prefix}BridgeVideoSourceMode`, kind.creator === 'Stasis' ? 'talker' : 'none'],
  ];
}

export function bridgeText({ id, kind, name, since, channels }: Bridge) {
  return {
    id,
    technology: kind.technology,
    bridge_type: kind.technology === 'holding_bridge' ? 'holding' : 'mixing',
    bridge_class: kind.type,
    creator: kind.creator,
    name,
    channels: channels.map((channel) => channel.id),
    creationtime: ariTime(since),
    video_mode: kind.creator === 'Stasis' ? 'talker' : 'none',
  };
}

const causeTexts: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Unallocated (unassigned) number',
  3: 'No route to destination',
  16: 'Normal Clearing',
  17: 'User busy',
  18: 'No user responding',
  19: 'User alerting, no answer',
  20: 'Subscriber absent',
  21: 'Call Rejected',
  26: 'Answered elsewhere',
  27: 'Destination out of order',
  31: 'Normal, unspecified',
  34: 'Circuit/channel congestion',
  38: 'Network out of order',
  41: 'Temporary failure',
  127: 'Interworking, unspecified',
};

export function causeText(cause: number): string {
  return causeTexts[cause] ?? 'Unknown';
}

const sipStatus: Readonly<Record<number, number>> = { 1: 404, 17: 486, 19: 480, 20: 480, 21: 403, 34: 503 };

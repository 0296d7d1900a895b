import type { BridgeKind, PartyKind } from '../telephony/telephony-event.ts';
import type { CallDirection, CallEvent, CallId, CallResult } from './call.ts';

/** What the tracker must be told; every decision about numbers is somebody else's. `pbx` is the one the number was met at. */
export interface TrackerSettings {
  /** Whose events those are that come without a name. A PBX's name is part of every call id. */
  readonly pbx: string;
  /** E.164, or null when the text is no telephone number. */
  readonly toE164: (raw: string, pbx: string) => string | null;
  /** Whether what the PBX gave instead of a number says that the caller withholds it (`anonymous`, `非通知` …). */
  readonly isWithheld: (raw: string, pbx: string) => boolean;
  /** Whether a dialled number is somewhere outside, so that dialling it is an outbound call before any line is seized. */
  readonly isOutsideNumber: (dialled: string, pbx: string) => boolean;
  readonly limits?: Partial<TrackerLimits>;
}

/** What a mad PBX can make the tracker hold. */
export interface TrackerLimits {
  readonly maxCalls: number;
  readonly maxChannels: number;
  readonly maxBridges: number;
  /** Entries of every list a call keeps (legs, linked ids, agents, transfers …), and members of a bridge. */
  readonly maxListItems: number;
  /** Channels and calls that are over, remembered so that late events do not bring them back. */
  readonly maxRemembered: number;
  /** A call of which nothing was heard for so long is closed. */
  readonly maxSilenceMs: number;
}

export const defaultTrackerLimits: TrackerLimits = {
  maxCalls: 20_000,
  maxChannels: 100_000,
  maxBridges: 50_000,
  maxListItems: 200,
  maxRemembered: 5_000,
  maxSilenceMs: 24 * 3_600_000,
};

/** One leg. Plain values only: it is written to the journal. */
export interface Channel {
  readonly id: string;
  readonly pbx: string;
  /** A line proves to be a helper when it is one end of a wire between two PBXs. */
  party: PartyKind;
  readonly extension: string | null;
  localPair: string | null;
  localHalf: 1 | 2 | null;
  readonly outgoing: boolean;
  readonly dialled: string | null;
  /** Null when it belongs to no call: not known yet, or its call is over while it lives on. */
  callId: CallId | null;
  /** The outside leg the call is about. */
  isCustomer: boolean;
  up: boolean;
  busy: boolean;
  bridgeId: string | null;
  holding: boolean;
  /** It is being called: not answered, refused or given up yet. */
  dialling: boolean;
  rang: boolean;
  /** It put its extension among those that rang. */
  isInRang: boolean;
}

export interface Bridge {
  readonly id: string;
  readonly kind: BridgeKind;
  /** In the order they came. */
  members: readonly string[];
}

export interface Partner {
  readonly channelId: string;
  readonly extension: string | null;
}

/** `at` in ms. `implied`: nobody announced it, the agents simply changed. */
export interface TransferSoFar {
  kind: 'blind' | 'attended' | 'park';
  from: string | null;
  to: string | null;
  answered: boolean;
  at: number;
  implied: boolean;
}

/**
 * `heard`: the last leg hung up. `unheard`: it ended while nothing could be heard. `restarted`: the PBX died under it.
 * `unknown`: it had to be given up.
 */
export type CallEnding = 'heard' | 'unheard' | 'restarted' | 'unknown';

export type AttemptResult = Extract<CallResult, 'noAnswer' | 'busy' | 'rejected' | 'failed'>;

/** A call while it lives. Plain values only: it is written to the journal. Times in ms since 1970. */
export interface Call {
  /** The older call's id when two became one. */
  id: CallId;
  /** Where its first channel was. */
  pbx: string;
  aliases: readonly CallId[];
  linkedIds: readonly string[];
  /** Its legs that live. */
  channelIds: readonly string[];
  direction: CallDirection;
  startedAt: number;
  heardAt: number;
  /** Whether `callStarted` was told: not before a phone or a line is there. */
  isTold: boolean;
  /** The first phone or line; null while there are only Local channels. */
  initiatorId: string | null;
  /** The PBX called the initiator (click-to-call, dialler), it did not call the PBX. */
  isOriginated: boolean;
  initiatorUpAt: number | null;
  customerRaw: string | null;
  customerName: string | null;
  /** What the number engine made of `customerRaw`; asked once per number, because reading one is slow. */
  readRaw: string | null;
  readNumber: string | null;
  readAsWithheld: boolean;
  /** A line with the customer at its end existed. */
  hadCustomer: boolean;
  did: string | null;
  placedBy: string | null;
  queues: readonly string[];
  queuedIn: string | null;
  firstQueuedAt: number | null;
  /** When the first phone or line was dialled for the caller. */
  firstOfferedAt: number | null;
  /** When nothing rang and no queue was waited in any more. */
  waitedUntil: number | null;
  rang: readonly string[];
  answeredAt: number | null;
  answeredBy: string | null;
  spokeWith: readonly string[];
  /** In conversation with the customer now. */
  partners: readonly Partner[];
  /** The agents of the last conversation, this one included. */
  lastAgents: readonly string[];
  /** Since when the customer, once connected, has been without anybody. */
  aloneSince: number | null;
  onHold: boolean;
  /** Up to where talk and hold are added up. */
  addedUpTo: number;
  holdMs: number;
  /** Of each of `spokeWith`, in its order. */
  talkMs: readonly number[];
  /** The hold that ended last, in case it proves to be the dialling of a transfer. */
  lastHold: { channelId: string; extension: string | null; from: number; to: number | null } | null;
  /** Whom an agent has called while the customer was held, and who that agent is. */
  consulting: { by: string | null; to: string } | null;
  transfers: readonly TransferSoFar[];
  /** The last transfer has reached nobody yet. */
  isTransferring: boolean;
  parked: { by: string | null; at: number } | null;
  isParkedNow: boolean;
  recordings: readonly string[];
  /** How the last round of dialling failed, and the leg that says so. */
  attempt: AttemptResult | null;
  attemptBy: string | null;
  /** The last thing that ended a ringing was that the caller, or the PBX for the caller, gave it up. */
  wasCancelled: boolean;
  /** The one who had called hung up while waiting. */
  gaveUp: boolean;
  reachedVoicemail: boolean;
  wasEverUp: boolean;
  endedBy: 'customer' | 'agent' | null;
  hangupCause: number | null;
}

/** Everything the tracker knows. Changed in place by `track`; never share it. */
export interface Tracker {
  readonly settings: TrackerSettings;
  readonly limits: TrackerLimits;
  /** The PBX of the event at hand. */
  hearing: string;
  readonly channels: Map<string, Channel>;
  readonly bridges: Map<string, Bridge>;
  /** In the order in which they were last seen to be quiet, see `expireOne`. */
  readonly calls: Map<CallId, Call>;
  readonly callOfLinkedId: Map<string, CallId>;
  /** `pair;half` → channel */
  readonly localHalves: Map<string, string>;
  /** Legs the hub is about to place for a call that goes on → a leg of that call. */
  readonly expectedLegs: Map<string, string>;
  /** One copy of what thousands of calls have in common: extensions, queues, dialled numbers. */
  readonly words: Map<string, string>;
  /** And of their lists, by what they hold. */
  readonly lists: Map<string, readonly string[]>;
  readonly goneChannels: Set<string>;
  readonly endedCalls: Set<CallId>;
  /** `wire` → the channel that told of it first. */
  readonly wires: Map<string, string>;
  /** PBXs that cannot be heard, and since when. */
  readonly lostAt: Map<string, number>;
  /** Calls changed by the event at hand, in order. */
  readonly touched: Set<Call>;
  readonly merged: { readonly into: Call; readonly absorbed: CallId }[];
  readonly told: CallEvent[];
}

export function createTracker(settings: TrackerSettings): Tracker {
  return {
    settings,
    limits: { ...defaultTrackerLimits, ...settings.limits },
    hearing: settings.pbx,
    channels: new Map(),
    bridges: new Map(),
    calls: new Map(),
    callOfLinkedId: new Map(),
    localHalves: new Map(),
    expectedLegs: new Map(),
    words: new Map(),
    lists: new Map(),
    goneChannels: new Set(),
    endedCalls: new Set(),
    wires: new Map(),
    lostAt: new Map(),
    touched: new Set(),
    merged: [],
    told: [],
  };
}

export function touch(tracker: Tracker, call: Call, at: number): void {
  if (at > call.heardAt) call.heardAt = at;
  tracker.touched.add(call);
}

export function callOf(tracker: Tracker, channel: Channel | undefined): Call | null {
  return channel?.callId ? (tracker.calls.get(channel.callId) ?? null) : null;
}

export function channelsOf(tracker: Tracker, call: Call): Channel[] {
  const channels: Channel[] = [];
  for (const id of call.channelIds) {
    const channel = tracker.channels.get(id);
    if (channel !== undefined) channels.push(channel);
  }
  return channels;
}

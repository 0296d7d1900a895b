import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import type { CallEvent, CallId, LiveCall } from './call.ts';
import { knownChannel } from './tracker-birth.ts';
import { bridgeEntered, bridgeLeft, holdChanged, partFromBridge } from './tracker-bridge.ts';
import { calledLegGone, channelUp, dialBegun, dialEnded, hangupRequested, originateReported } from './tracker-dial.ts';
import { endCall, hangUpChannel, isOver } from './tracker-end.ts';
import { sharedWord, withItem } from './tracker-lists.ts';
import { queueAbandoned, queueJoined, queueLeft } from './tracker-queue.ts';
import { liveCall } from './tracker-record.ts';
import { inScope, scopedId } from './tracker-scope.ts';
import { pbxBooted, snapshotTaken } from './tracker-snapshot.ts';
import { type Call, type Channel, callOf, createTracker, type Tracker, type TrackerSettings, touch } from './tracker-state.ts';
import { attendedTransferred, blindTransferred, parked } from './tracker-transfer.ts';
import { wireLearned } from './tracker-wire.ts';

export { createTracker, type Tracker, type TrackerSettings };

/**
 * Takes one event of a PBX and tells what became of the calls. It needs no clock and no order across channels; events of one channel
 * must come in their order. The same events always give the same calls.
 */
export function track(tracker: Tracker, event: TelephonyEvent, pbx = tracker.settings.pbx): readonly CallEvent[] {
  tracker.hearing = pbx;
  apply(tracker, inScope(pbx, event));
  expireOne(tracker, event.at);
  if (tracker.touched.size === 0 && tracker.told.length === 0) return nothing;
  return tell(tracker, event.at);
}

const nothing: readonly CallEvent[] = [];

/**
 * The hub is about to place the leg `channelId` for the call in which `forChannelId` takes part: it belongs to that call from its
 * first event, not only once the two have met. Both as the PBX writes them. A leg that never comes does no harm.
 */
export function expectLeg(tracker: Tracker, pbx: string, channelId: string, forChannelId: string): void {
  const [oldest] = tracker.expectedLegs.keys();
  if (tracker.expectedLegs.size >= tracker.limits.maxRemembered && oldest !== undefined) tracker.expectedLegs.delete(oldest);
  tracker.expectedLegs.set(scopedId(pbx, channelId), scopedId(pbx, forChannelId));
}

/** All calls that go on, in the order of their start. */
export function liveCalls(tracker: Tracker): LiveCall[] {
  const calls = [...tracker.calls.values()].filter((call) => call.isTold).sort((a, b) => a.startedAt - b.startedAt);
  return calls.map((call) => liveCall(tracker, call));
}

function apply(tracker: Tracker, event: TelephonyEvent): void {
  switch (event.type) {
    case 'connectionLost':
      if (!tracker.lostAt.has(tracker.hearing)) tracker.lostAt.set(tracker.hearing, event.at);
      return;
    case 'pbxBooted':
      pbxBooted(tracker, event.at, event.bootedAt);
      return;
    case 'snapshotTaken':
      snapshotTaken(tracker, event);
      return;
    case 'channelCreated':
      knownChannel(tracker, event.channel, event.at);
      return;
    case 'dialBegun':
      dialBegun(tracker, event);
      return;
    case 'dialEnded':
      dialEnded(tracker, event.targetId, event.status, event.at);
      return;
    case 'originateReported':
      originateReported(tracker, event);
      return;
    case 'bridgeEntered':
      bridgeEntered(tracker, event);
      return;
    case 'queueJoined':
      queueJoined(tracker, event);
      return;
    case 'blindTransferred':
      blindTransferred(tracker, event);
      return;
    case 'attendedTransferred':
      attendedTransferred(tracker, event);
      return;
    default: {
      const channel = tracker.channels.get(event.channelId);
      if (channel !== undefined) applyToChannel(tracker, channel, event);
    }
  }
}

type ChannelEvent = Extract<TelephonyEvent, { channelId: string }>;

function applyToChannel(tracker: Tracker, channel: Channel, event: ChannelEvent): void {
  switch (event.type) {
    case 'channelAnswered':
      channelUp(tracker, channel, event.at);
      return;
    case 'channelRinging':
      channel.rang = true;
      return;
    case 'channelBusy':
      channel.busy = true;
      return;
    case 'hangupRequested':
      hangupRequested(tracker, channel, event.at);
      return;
    case 'channelHungUp':
      channelHungUp(tracker, channel, event.cause, event.at);
      return;
    case 'bridgeLeft':
      bridgeLeft(tracker, channel, event.bridgeId, event.at);
      return;
    case 'holdStarted':
      holdChanged(tracker, channel, true, event.at);
      return;
    case 'holdEnded':
      holdChanged(tracker, channel, false, event.at);
      return;
    case 'queueLeft':
      queueLeft(tracker, channel, event.at);
      return;
    case 'queueAbandoned':
      queueAbandoned(tracker, channel, event.at);
      return;
    case 'parked':
      parked(tracker, channel, event.byExtension, event.at);
      return;
    case 'recordingStarted':
    case 'didLearned':
    case 'voicemailReached':
      learnAboutCall(tracker, channel, event);
      return;
    case 'wireLearned':
      wireLearned(tracker, channel, event.wire, event.at);
      return;
    default:
      event satisfies never;
  }
}

function channelHungUp(tracker: Tracker, channel: Channel, cause: number | null, at: number): void {
  calledLegGone(tracker, channel, cause, at);
  partFromBridge(tracker, channel, at);
  const call = callOf(tracker, channel);
  hangUpChannel(tracker, channel, cause);
  if (call !== null && isOver(tracker, call)) endCall(tracker, call, at, 'heard');
}

type Learned = Extract<ChannelEvent, { type: 'recordingStarted' | 'didLearned' | 'voicemailReached' }>;

function learnAboutCall(tracker: Tracker, channel: Channel, event: Learned): void {
  const call = callOf(tracker, channel);
  if (call === null) return;
  if (event.type === 'recordingStarted') call.recordings = withItem(tracker, call.recordings, event.file);
  else if (event.type === 'voicemailReached') call.reachedVoicemail ||= call.answeredAt === null;
  else if (channel.isCustomer && call.direction === 'inbound') call.did = sharedWord(tracker, event.number);
  touch(tracker, call, event.at);
}

/** Closes the call that has been quiet too long, looking at one call per event: nothing may stay for ever. */
function expireOne(tracker: Tracker, at: number): void {
  const call = tracker.calls.values().next().value;
  if (call === undefined) return;
  if (at - call.heardAt > tracker.limits.maxSilenceMs && !tracker.lostAt.has(call.pbx)) {
    endCall(tracker, call, at, 'unknown');
    return;
  }
  if (tracker.calls.size === 1) return;
  tracker.calls.delete(call.id);
  tracker.calls.set(call.id, call);
}

/** Of several merges at once only the last call is left; it has every alias. */
function survivor(tracker: Tracker, into: Call, absorbed: CallId): Call | null {
  if (tracker.calls.get(into.id) === into) return into;
  return [...tracker.calls.values()].find((call) => call.aliases.includes(absorbed)) ?? null;
}

function tell(tracker: Tracker, at: number): CallEvent[] {
  const time = new Date(at).toISOString();
  const told: CallEvent[] = [];
  for (const call of tracker.touched) {
    if (call.isTold) {
      told.push({ type: 'callChanged', at: time, call: liveCall(tracker, call) });
    } else if (call.initiatorId !== null) {
      call.isTold = true;
      told.push({ type: 'callStarted', at: time, call: liveCall(tracker, call) });
    }
  }
  for (const { into, absorbed } of tracker.merged) {
    const call = survivor(tracker, into, absorbed);
    if (call !== null) told.push({ type: 'callMerged', at: time, call: liveCall(tracker, call), absorbed });
  }
  told.push(...tracker.told);
  tracker.touched.clear();
  tracker.merged.length = 0;
  tracker.told.length = 0;
  return told;
}

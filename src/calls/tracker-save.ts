import type { CallId } from './call.ts';
import { type Bridge, type Call, type Channel, channelsOf, type Tracker } from './tracker-state.ts';

/**
 * A live call as the journal keeps it: JSON, to be written after every event of the call and read back after a crash. Its shape is
 * the tracker's own business; `version` changes when an older one can no longer be read.
 */
export interface SavedCall {
  readonly version: 2;
  readonly call: Call;
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
}

/** Null when there is no such live call (use the id the last event gave it, not an alias). */
export function saveCall(tracker: Tracker, callId: CallId): SavedCall | null {
  const call = tracker.calls.get(callId);
  if (call === undefined) return null;
  const channels = channelsOf(tracker, call);
  const bridges: Bridge[] = [];
  for (const { bridgeId } of channels) {
    const bridge = tracker.bridges.get(bridgeId ?? '');
    if (bridge !== undefined && !bridges.includes(bridge)) bridges.push(bridge);
  }
  return structuredClone({ version: 2, call, channels, bridges });
}

/**
 * Puts saved calls into a tracker that has not heard anything yet. Afterwards the hub was deaf since `deafSince` (when the journal was
 * last written), at every PBX there is a leg of: the next snapshot tells which of the calls go on; those that do not are closed as of
 * then. Calls of another version are left out and returned.
 */
export function restoreCalls(tracker: Tracker, saved: readonly SavedCall[], deafSince: number | null): readonly SavedCall[] {
  const unreadable: SavedCall[] = [];
  for (const original of saved) {
    if (original.version !== 2) {
      unreadable.push(original);
      continue;
    }
    restoreCall(tracker, structuredClone(original));
  }
  // Members whose calls were not saved would stay in the bridges for ever.
  for (const bridge of tracker.bridges.values()) {
    bridge.members = bridge.members.filter((id) => tracker.channels.get(id)?.bridgeId === bridge.id);
  }
  if (deafSince !== null) for (const { pbx } of tracker.channels.values()) tracker.lostAt.set(pbx, deafSince);
  return unreadable;
}

function restoreCall(tracker: Tracker, { call, channels, bridges }: SavedCall): void {
  tracker.calls.set(call.id, call);
  for (const linkedId of call.linkedIds) tracker.callOfLinkedId.set(linkedId, call.id);
  for (const channel of channels) {
    tracker.channels.set(channel.id, channel);
    if (channel.localPair !== null) tracker.localHalves.set(`${channel.localPair};${channel.localHalf}`, channel.id);
  }
  for (const bridge of bridges) {
    const known = tracker.bridges.get(bridge.id);
    if (known === undefined) tracker.bridges.set(bridge.id, bridge);
  }
}

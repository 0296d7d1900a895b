import type { ChannelFacts, TelephonyEvent } from './telephony-event.ts';

/** Which interface of the PBX something was heard on. */
export type Ear = 'ami' | 'ari';

/** Makes one story of what two interfaces of one PBX tell. */
export interface EarJoiner {
  /** Give it everything either ear tells, as it arrives; feed what comes out to one tracker. */
  hear(ear: Ear, event: TelephonyEvent): readonly TelephonyEvent[];
}

/** Things only one ear has told so far; the oldest are forgotten. A twin is milliseconds late, so a few would do. */
const mostUntwinned = 50_000;

const nothing: readonly TelephonyEvent[] = [];

/**
 * Both ears tell nearly the same things in nearly the same order, milliseconds apart. Whoever tells a thing first is believed, and
 * its twin from the other ear is dropped: the nth time this ear says that channel 5 entered bridge 7 is the nth time the other one
 * said so. What only one of them tells goes through. So an event is late by the slower ear in no case, and applied twice in none.
 *
 * A connection is lost only when neither ear hears. An ear that comes back while the other is listening has missed nothing, and its
 * snapshot, older than what has been heard meanwhile, is dropped; so the one that listens must itself have begun with a snapshot
 * or with an idle PBX, and a second ear should be opened only after the first one's snapshot.
 */
export function createEarJoiner(): EarJoiner {
  const ahead = new Map<string, number>();
  const listening = new Set<Ear>();
  const needsSnapshot = new Set<Ear>();
  let heardAt: number | null = null;

  function isTwin(ear: Ear, key: string): boolean {
    const step = ear === 'ami' ? 1 : -1;
    const before = ahead.get(key) ?? 0;
    if (before + step === 0) ahead.delete(key);
    else ahead.set(key, before + step);
    if (ahead.size > mostUntwinned) forgetOldest(ahead);
    return before * step < 0;
  }

  function lose(ear: Ear, event: TelephonyEvent): readonly TelephonyEvent[] {
    heardAt = Math.max(heardAt ?? event.at, event.at);
    listening.delete(ear);
    ahead.clear();
    return listening.size === 0 ? [event] : nothing;
  }

  function come(ear: Ear): void {
    if (listening.has(ear)) return;
    if (listening.size === 0) needsSnapshot.add(ear);
    else needsSnapshot.delete(ear);
    listening.add(ear);
  }

  return {
    hear(ear, event) {
      if (event.type === 'connectionLost') return lose(ear, event);
      come(ear);
      const before = heardAt;
      heardAt = Math.max(heardAt ?? event.at, event.at);
      if (event.type === 'snapshotTaken') return needsSnapshot.delete(ear) ? [event] : nothing;
      // What died with the PBX was last heard of when either ear last heard anything.
      if (event.type === 'pbxBooted') return [{ ...event, at: Math.min(event.at, before ?? event.at) }];
      const key = keyOf(event);
      return key !== null && isTwin(ear, key) ? whatTwinAdds(event) : [event];
    },
  };
}

function forgetOldest(ahead: Map<string, number>): void {
  for (const oldest of ahead.keys()) {
    ahead.delete(oldest);
    return;
  }
}

/** Which thing it is that the event tells; null for what can be heard twice without harm, or does not mean the same on both ears. */
function keyOf(event: TelephonyEvent): string | null {
  switch (event.type) {
    case 'dialBegun':
      return `${event.type} ${event.source?.id} ${event.target.id}`;
    case 'dialEnded':
      return `${event.type} ${event.targetId} ${event.status}`;
    case 'bridgeEntered':
      return `${event.type} ${event.bridgeId} ${event.channel.id}`;
    case 'bridgeLeft':
      return `${event.type} ${event.bridgeId} ${event.channelId}`;
    case 'queueJoined':
      return `${event.type} ${event.queue} ${event.channel.id}`;
    case 'queueLeft':
    case 'queueAbandoned':
      return `${event.type} ${event.queue} ${event.channelId}`;
    case 'blindTransferred':
      return `${event.type} ${event.transfererId} ${event.to}`;
    case 'attendedTransferred':
      return `${event.type} ${event.firstLegId} ${event.secondLegId}`;
    case 'channelAnswered':
    case 'channelRinging':
    case 'channelBusy':
    case 'hangupRequested':
    case 'channelHungUp':
    case 'holdStarted':
    case 'holdEnded':
    case 'voicemailReached':
      return `${event.type} ${event.channelId}`;
    case 'recordingStarted':
      return `${event.type} ${event.channelId} ${event.file}`;
    case 'wireLearned':
      return `${event.type} ${event.channelId} ${event.wire}`;
    case 'didLearned':
      return `${event.type} ${event.channelId} ${event.number}`;
    default:
      return null;
  }
}

/** Only AMI knows linked ids; a channel may be told of any number of times. */
function whatTwinAdds(event: TelephonyEvent): readonly TelephonyEvent[] {
  const told: TelephonyEvent[] = [];
  for (const channel of channelsIn(event)) {
    if (channel.linkedId !== null) told.push({ type: 'channelCreated', at: event.at, channel });
  }
  return told;
}

function channelsIn(event: TelephonyEvent): readonly ChannelFacts[] {
  if (event.type === 'dialBegun') return event.source === null ? [event.target] : [event.source, event.target];
  return event.type === 'bridgeEntered' || event.type === 'queueJoined' ? [event.channel] : [];
}

import type { Numbering } from '../numbering.ts';
import type { SnapshotChannel, TelephonyEvent } from '../telephony-event.ts';
import { channelFacts, isParking, knownOrNull } from './ari-channel-facts.ts';
import type { AriEvent, KnownAriEvent } from './ari-event.ts';

/**
 * What ARI has no event for but shows at work all the same: queues (the dialplan enters `Queue`), parking (the channel enters a
 * parking bridge) and what an originated leg was for (where it goes in the dialplan once it is up).
 */
export interface DialplanReader {
  /** What happened before the event itself. */
  before(event: KnownAriEvent, at: number): readonly TelephonyEvent[];
  /** What follows from it. */
  after(event: KnownAriEvent, at: number): readonly TelephonyEvent[];
  /** Begins anew with what a snapshot showed. */
  startFrom(channels: readonly SnapshotChannel[]): void;
}

/** Set by `Queue` on the channel of a caller who gave up. */
export const queueVariable = 'ABANDONED';

/** Channels of which a queue, or an originate, is remembered; the oldest are forgotten first. */
const mostRemembered = 20_000;

const nothing: readonly TelephonyEvent[] = [];

export function createDialplanReader(numbering: Numbering): DialplanReader {
  const queueOfCaller = new Map<string, string>();
  const originated = new Set<string>();

  function leaveQueue(channelId: string, at: number): readonly TelephonyEvent[] {
    const queue = queueOfCaller.get(channelId);
    if (queue === undefined) return nothing;
    queueOfCaller.delete(channelId);
    return [{ type: 'queueLeft', at, channelId, queue }];
  }

  function joinQueue({ channel, dialplan_app_data: data }: AriEvent<'ChannelDialplan'>, at: number): readonly TelephonyEvent[] {
    const queue = queueIn(data);
    if (queue === null) return nothing;
    forgetOldest(queueOfCaller);
    queueOfCaller.set(channel.id, queue);
    return [{ type: 'queueJoined', at, channel: channelFacts(channel, numbering), queue }];
  }

  function reportOriginate({ channel }: AriEvent<'ChannelDialplan'>, at: number): readonly TelephonyEvent[] {
    originated.delete(channel.id);
    const { extension, dialled } = channelFacts(channel, numbering);
    return [{ type: 'originateReported', at, answered: true, channelId: channel.id, extension, number: dialled }];
  }

  return {
    before(event, at) {
      if (event.type === 'ChannelDialplan' && event.dialplan_app !== 'Queue') return leaveQueue(event.channel.id, at);
      if (event.type === 'ChannelEnteredBridge') return leaveQueue(event.channel.id, at);
      return nothing;
    },

    after(event, at) {
      switch (event.type) {
        case 'ChannelDialplan':
          if (event.dialplan_app === 'Queue') return joinQueue(event, at);
          return originated.has(event.channel.id) && event.dialplan_app !== 'AppDial2' ? reportOriginate(event, at) : nothing;
        case 'ChannelVarset':
          if (event.channel === null || event.variable !== queueVariable) return nothing;
          return abandonQueue(queueOfCaller, event.channel.id, at);
        case 'ChannelEnteredBridge':
          return isParking(event.bridge) ? [{ type: 'parked', at, channelId: event.channel.id, byExtension: null }] : nothing;
        case 'Dial':
          if (event.caller !== null || event.dialstatus !== '') return nothing;
          forgetOldest(originated);
          originated.add(event.peer.id);
          return nothing;
        case 'ChannelDestroyed':
          queueOfCaller.delete(event.channel.id);
          originated.delete(event.channel.id);
          return nothing;
        default:
          return nothing;
      }
    },

    startFrom(channels) {
      const alive = new Set(channels.map(({ channel }) => channel.id));
      for (const channelId of originated) if (!alive.has(channelId)) originated.delete(channelId);
      queueOfCaller.clear();
      for (const { channel, queue, bridgeId } of channels) {
        // A caller whom an agent has answered is in the dialplan's Queue still, but waits no more.
        if (queue !== null && bridgeId === null) queueOfCaller.set(channel.id, queue);
      }
    },
  };
}

/** `sales,tT,,,300` → `sales` */
export function queueIn(data: string): string | null {
  return knownOrNull(data.split(',')[0] ?? '');
}

function abandonQueue(queueOfCaller: Map<string, string>, channelId: string, at: number): readonly TelephonyEvent[] {
  const queue = queueOfCaller.get(channelId);
  if (queue === undefined) return nothing;
  queueOfCaller.delete(channelId);
  return [{ type: 'queueAbandoned', at, channelId, queue }];
}

function forgetOldest(remembered: Map<string, unknown> | Set<string>): void {
  if (remembered.size < mostRemembered) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}

import { z } from 'zod';
import type { Numbering } from '../numbering.ts';
import type { ChannelFacts, SnapshotChannel, TelephonyEvent } from '../telephony-event.ts';
import { bridgeKind, channelFacts, isParking, knownOrNull } from './ari-channel-facts.ts';
import { queueIn } from './ari-dialplan.ts';
import { ariBridge, ariChannel } from './ari-event.ts';

/** What the PBX answered when it was asked for all that exists. */
export interface AriLists {
  readonly channels: readonly ListedChannel[];
  readonly bridges: readonly ListedBridge[];
  /** Both by the clock of the PBX, in ms since 1970; null when it did not say. */
  readonly startedAt: number | null;
  readonly pbxNow: number | null;
  /** What single channels were asked for, by channel id; see `questionsAbout`. */
  readonly variables: ReadonlyMap<string, ChannelVariables>;
}

export interface ChannelVariables {
  readonly linkedId?: string;
  readonly did?: string;
}

/** Asterisk's `2026-11-23T04:56:25.495+0900`. */
const instant = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite)
  .nullable()
  .catch(null);

const listedChannel = ariChannel.extend({ creationtime: instant.optional().transform((time) => time ?? null) });
const listedBridge = ariBridge.extend({ channels: z.array(z.string()).catch([]) });

export type ListedChannel = z.infer<typeof listedChannel>;
export type ListedBridge = z.infer<typeof listedBridge>;

/** The bodies of `/channels`, `/bridges`, `/asterisk/info` and `/asterisk/ping`. What is not understood of the clocks is null. */
export const channelList = z.array(listedChannel);
export const bridgeList = z.array(listedBridge);
export const startOf = z
  .object({ status: z.object({ startup_time: instant }) })
  .transform(({ status }) => status.startup_time)
  .catch(null);
export const clockOf = z
  .object({ timestamp: instant })
  .transform(({ timestamp }) => timestamp)
  .catch(null);

/** A question about one channel that the lists leave open, and the fact it is for. */
export interface ChannelQuestion {
  readonly channelId: string;
  readonly variable: 'CHANNEL(linkedid)' | 'CALLERID(DNID)';
  readonly fact: keyof ChannelVariables;
}

const didPattern = /^\+?\d{2,32}$/;

/**
 * Only what nothing else can tell: for whom a phone rings that is in no bridge yet, and what number was dialled by a caller whose beginning
 * was not heard.
 */
export function questionsAbout(
  { channels, bridges }: Pick<AriLists, 'channels' | 'bridges'>,
  numbering: Numbering,
): readonly ChannelQuestion[] {
  const bridged = new Set(bridges.flatMap((bridge) => bridge.channels));
  return channels.flatMap((listed): ChannelQuestion[] => {
    const { id: channelId, linkedId, party, outgoing } = channelFacts(listed, numbering);
    if (party === 'line' && !outgoing) return [{ channelId, variable: 'CALLERID(DNID)', fact: 'did' }];
    const belongsUnknown = linkedId === null && !bridged.has(channelId);
    return belongsUnknown ? [{ channelId, variable: 'CHANNEL(linkedid)', fact: 'linkedId' }] : [];
  });
}

/** Since when the PBX runs, all that exists on it, and what callers had dialled. */
export function snapshotEvents(lists: AriLists, at: number, numbering: Numbering): readonly TelephonyEvent[] {
  // By how much our clock is ahead of that of the PBX.
  const ahead = lists.pbxNow === null ? 0 : at - lists.pbxNow;
  const bridgeOf = new Map(lists.bridges.flatMap(({ id, channels }) => channels.map((channelId) => [channelId, id] as const)));
  const parking = lists.bridges.filter(isParking);
  const snapshot: TelephonyEvent = {
    type: 'snapshotTaken',
    at,
    channels: lists.channels.map((listed): SnapshotChannel => {
      const { creationtime, dialplan, id, state } = listed;
      return {
        channel: listedFacts(listed, lists.variables.get(id), numbering),
        ringing: state === 'Ringing',
        bridgeId: bridgeOf.get(id) ?? null,
        queue: dialplan.app_name === 'Queue' ? queueIn(dialplan.app_data) : null,
        ageMs: creationtime === null ? 0 : Math.max(0, at - ahead - creationtime),
      };
    }),
    bridges: lists.bridges.map((bridge) => ({ bridgeId: bridge.id, kind: bridgeKind(bridge) })),
    parked: parking.flatMap(({ channels }) => channels.map((channelId) => ({ channelId, byExtension: null }))),
  };
  const booted: TelephonyEvent[] =
    lists.startedAt === null ? [] : [{ type: 'pbxBooted', at, bootedAt: Math.min(at, lists.startedAt + ahead) }];
  return [...booted, snapshot, ...didsIn(lists.variables, at)];
}

/** Where a channel now stands in the dialplan is not what was dialled on it. */
function listedFacts(listed: ListedChannel, variables: ChannelVariables | undefined, numbering: Numbering): ChannelFacts {
  const facts = channelFacts(listed, numbering);
  const linkedId = facts.linkedId ?? knownOrNull(variables?.linkedId ?? '');
  const outgoing = facts.outgoing || (linkedId !== null && linkedId !== facts.id);
  return { ...facts, linkedId, outgoing, dialled: null };
}

function didsIn(variables: AriLists['variables'], at: number): readonly TelephonyEvent[] {
  return [...variables].flatMap(([channelId, { did }]): TelephonyEvent[] =>
    did !== undefined && didPattern.test(did) ? [{ type: 'didLearned', at, channelId, number: did }] : [],
  );
}

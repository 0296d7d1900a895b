import { chosen, each, type Unhurried } from '../telephony/records/unhurried.ts';
import type { CallId, CallRecord, LiveCall } from './call.ts';
import type { FiledCall } from './filed-calls.ts';
import { type Filling, fillGap, type Gap, keysOf } from './fill-gap.ts';

/** What the ledger is to learn of many calls at once: each is compared with what is known of it, and with what goes on. Pure. */

export interface KnownOfCalls {
  /** What the ledger has of a call, under any of its ids. */
  readonly known: (call: FiledCall) => readonly CallRecord[];
  readonly live: readonly LiveCall[];
  readonly gaps: readonly Gap[];
  readonly hasCel: boolean;
  /** What was heard at another PBX as well is more than either of them has written down. */
  readonly wasElsewhereToo: (known: CallRecord) => boolean;
}

export interface Decisions {
  readonly fillings: readonly Filling[];
  /** The end of the earliest call that could not be decided about yet. */
  readonly undecidedSince: number;
}

export function* decideFillings(calls: readonly FiledCall[], about: KnownOfCalls): Unhurried<Decisions> {
  const fillings: Filling[] = [];
  let undecidedSince = Number.POSITIVE_INFINITY;
  const liveIds = new Set(about.live.flatMap(({ record }) => keysOf(record)));
  const ids = new Set(calls.map(({ record }) => record.id));
  const taken = new Set<CallId>();
  yield* each(calls, (call) => {
    const all = about.known(call);
    // Of two that share a linked id each has its own; a part of a call that is told by itself is no call.
    const same = all.filter(({ id }) => !taken.has(id) && (id === call.record.id || !ids.has(id)));
    if (all.length > 0 && same.length === 0) return;
    // Somebody listens to it, or the next snapshot will tell that it is over.
    if (same.some(({ endedAt }) => endedAt === null) || call.possibleIds.some((id) => liveIds.has(id))) {
      undecidedSince = Math.min(undecidedSince, Date.parse(call.record.endedAt ?? call.record.startedAt) - 1);
      return;
    }
    if (same.some(about.wasElsewhereToo)) return;
    const filling = fillGap(call, same, about.gaps);
    // CDR is read further back than CEL, which has told of the call already, and better.
    if (filling === null || (filling.kind === 'completed' && about.hasCel && !call.isWhole)) return;
    fillings.push(filling);
    for (const id of [filling.record.id, ...filling.absorbed]) taken.add(id);
  });
  return { fillings, undecidedSince };
}

/** Those that ended in this time, both ends included; milliseconds since 1970. */
export function endedBetween(calls: readonly FiledCall[], since: number, until: number): Unhurried<readonly FiledCall[]> {
  return chosen(calls, ({ record: { endedAt } }) => {
    const at = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt);
    return at >= since && at <= until;
  });
}

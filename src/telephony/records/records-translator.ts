import { createRestartDetector } from '../ari/ari-restart.ts';
import type { Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { translateCdr } from './cdr-translator.ts';
import { translateCel } from './cel-translator.ts';
import type { CelRow, RecordRows } from './record-rows.ts';
import { chosen, each, groupedBy, mapped, sorted, type Unhurried } from './unhurried.ts';

/** What happened, as far as Asterisk wrote it down. */
export interface WrittenEvents {
  readonly events: readonly TelephonyEvent[];
  /** Every channel that was ever part of the linked id. */
  readonly channelsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** The channels of which CEL tells the life, not CDR alone. */
  readonly inCel: ReadonlySet<string>;
  /** Of these it is written who hung up. */
  readonly endExplained: ReadonlySet<string>;
  /** Of these it is written that they ended. */
  readonly endWritten: ReadonlySet<string>;
  /** When each of the calls began that have not ended yet. */
  readonly openSince: readonly number[];
}

/**
 * CEL tells a call where it has all of it, from the start of its first channel; of the others CDR tells, as well as it can. The queue
 * log adds to both. Rows may come in any order.
 */
export function* translateRecords(rows: RecordRows, numbering: Numbering): Unhurried<WrittenEvents> {
  const cel = yield* withoutHeadless(yield* inOrder(rows.cel));
  const inCel = yield* channelIdsOf(cel);
  const cdr = yield* chosen(rows.cdr, ({ channelId }) => channelId !== '');
  const queueLog = yield* groupedBy(rows.queueLog, ({ callId }) => callId);
  const cdrByChannel = yield* groupedBy(yield* sorted(cdr, (a, b) => a.startAt - b.startAt), ({ channelId }) => channelId);
  const cdrAlone = yield* chosen(cdr, ({ channelId }) => !inCel.has(channelId));
  const ends = yield* chosen(cel, ({ event }) => event === 'HANGUP' || event === 'CHAN_END');
  const ended = yield* channelIdsOf(ends);
  // What lived when the PBX was started anew is over, whether or not that is written.
  const bootedAt = yield* lastBootIn(cel);
  const open = yield* chosen(cel, ({ channelId, at }) => !ended.has(channelId) && at >= bootedAt);
  const toldByCel = yield* translateCel(cel, { numbering, cdr: cdrByChannel, queueLog });
  const toldByCdr = yield* translateCdr(cdrAlone, { numbering, queueLog });
  const ofCdr = yield* mapped(cdrAlone, ({ channelId, linkedId }) => ({ channelId, linkedId: linkedId ?? channelId }));
  const explained = yield* chosen(ends, ({ extra }) => extra !== null && 'hangupsource' in extra);
  return {
    events: yield* sorted([...toldByCel, ...toldByCdr], (a, b) => a.at - b.at),
    channelsOf: yield* channelsByLinkedId(cel, ofCdr),
    inCel,
    endExplained: yield* channelIdsOf(explained),
    endWritten: yield* channelIdsOf(ends, cdrAlone),
    openSince: yield* startsOf(cel, open),
  };
}

interface OfChannel {
  readonly channelId: string;
}

function* channelIdsOf(...lists: readonly (readonly OfChannel[])[]): Unhurried<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const list of lists) yield* each(list, ({ channelId }) => ids.add(channelId));
  return ids;
}

function* startsOf(cel: readonly CelRow[], open: readonly CelRow[]): Unhurried<readonly number[]> {
  const linked = new Set<string>();
  yield* each(open, ({ linkedId }) => linked.add(linkedId));
  const starts = new Map<string, number>();
  yield* each(cel, ({ linkedId, at }) => {
    if (linked.has(linkedId) && !starts.has(linkedId)) starts.set(linkedId, at);
  });
  return [...starts.values()];
}

function* lastBootIn(cel: readonly CelRow[]): Unhurried<number> {
  const restarts = createRestartDetector();
  let latest = 0;
  yield* each(cel, ({ event, channelId }) => {
    if (event === 'CHAN_START') latest = restarts.bootOf(channelId) ?? latest;
  });
  return latest;
}

/** By time; rows of one channel in the order in which they were written, whatever their clock says. */
function* inOrder(rows: readonly CelRow[]): Unhurried<readonly CelRow[]> {
  const latest = new Map<string, number>();
  const ordered = yield* mapped(rows, (row) => {
    const at = Math.max(row.at, latest.get(row.channelId) ?? 0);
    latest.set(row.channelId, at);
    return at === row.at ? row : { ...row, at };
  });
  return yield* sorted(ordered, (a, b) => a.at - b.at);
}

/** A call whose beginning was not read would be told as another call. */
function* withoutHeadless(rows: readonly CelRow[]): Unhurried<readonly CelRow[]> {
  const heads = yield* channelIdsOf(yield* chosen(rows, ({ event }) => event === 'CHAN_START'));
  return yield* chosen(rows, ({ channelId, linkedId }) => heads.has(channelId) && (linkedId === '' || heads.has(linkedId)));
}

type Linked = OfChannel & { readonly linkedId: string };

function* channelsByLinkedId(...lists: readonly (readonly Linked[])[]): Unhurried<ReadonlyMap<string, ReadonlySet<string>>> {
  const channels = new Map<string, Set<string>>();
  for (const list of lists) {
    yield* each(list, ({ channelId, linkedId }) => {
      const own = channels.get(linkedId) ?? new Set([linkedId]);
      channels.set(linkedId, own.add(channelId));
    });
  }
  return channels;
}

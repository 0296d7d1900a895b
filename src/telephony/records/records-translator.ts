import { createRestartDetector } from '../ari/ari-restart.ts';
import type { Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { translateCdr } from './cdr-translator.ts';
import { translateCel } from './cel-translator.ts';
import type { CelRow, RecordRows } from './record-rows.ts';

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
export function translateRecords(rows: RecordRows, numbering: Numbering): WrittenEvents {
  const cel = withoutHeadless(inOrder(rows.cel));
  const inCel = new Set(cel.map(({ channelId }) => channelId));
  const cdr = rows.cdr.filter(({ channelId }) => channelId !== '');
  const queueLog = Map.groupBy(rows.queueLog, ({ callId }) => callId);
  const byChannel = Map.groupBy(
    cdr.toSorted((a, b) => a.startAt - b.startAt),
    ({ channelId }) => channelId,
  );
  const cdrAlone = cdr.filter(({ channelId }) => !inCel.has(channelId));
  const ends = cel.filter(({ event }) => event === 'HANGUP' || event === 'CHAN_END');
  const ended = new Set(ends.map(({ channelId }) => channelId));
  // What lived when the PBX was started anew is over, whether or not that is written.
  const bootedAt = lastBootIn(cel);
  const open = cel.filter(({ channelId, at }) => !ended.has(channelId) && at >= bootedAt);
  const told = [
    ...translateCel(cel, { numbering, cdr: byChannel, queueLog }),
    ...translateCdr(cdrAlone, { numbering, queueLog }),
  ];
  return {
    events: told.sort((a, b) => a.at - b.at),
    channelsOf: channelsByLinkedId([
      ...cel,
      ...cdrAlone.map(({ channelId, linkedId }) => ({ channelId, linkedId: linkedId ?? channelId })),
    ]),
    inCel,
    endExplained: new Set(
      ends.filter(({ extra }) => extra !== null && 'hangupsource' in extra).map(({ channelId }) => channelId),
    ),
    endWritten: new Set([...ended, ...cdrAlone.map(({ channelId }) => channelId)]),
    openSince: startsOf(cel, open),
  };
}

function startsOf(cel: readonly CelRow[], open: readonly CelRow[]): readonly number[] {
  const linked = new Set(open.map(({ linkedId }) => linkedId));
  const starts = new Map<string, number>();
  for (const { linkedId, at } of cel) if (linked.has(linkedId) && !starts.has(linkedId)) starts.set(linkedId, at);
  return [...starts.values()];
}

function lastBootIn(cel: readonly CelRow[]): number {
  const restarts = createRestartDetector();
  return cel.reduce((latest, { event, channelId }) => {
    return event === 'CHAN_START' ? (restarts.bootOf(channelId) ?? latest) : latest;
  }, 0);
}

/** By time; rows of one channel in the order in which they were written, whatever their clock says. */
function inOrder(rows: readonly CelRow[]): readonly CelRow[] {
  const latest = new Map<string, number>();
  const ordered = rows.map((row) => {
    const at = Math.max(row.at, latest.get(row.channelId) ?? 0);
    latest.set(row.channelId, at);
    return at === row.at ? row : { ...row, at };
  });
  return ordered.sort((a, b) => a.at - b.at);
}

/** A call whose beginning was not read would be told as another call. */
function withoutHeadless(rows: readonly CelRow[]): readonly CelRow[] {
  const heads = new Set(rows.filter(({ event }) => event === 'CHAN_START').map(({ channelId }) => channelId));
  return rows.filter(({ channelId, linkedId }) => heads.has(channelId) && (linkedId === '' || heads.has(linkedId)));
}

function channelsByLinkedId(rows: readonly { readonly channelId: string; readonly linkedId: string }[]) {
  const channels = new Map<string, Set<string>>();
  for (const { channelId, linkedId } of rows) {
    const own = channels.get(linkedId) ?? new Set([linkedId]);
    channels.set(linkedId, own.add(channelId));
  }
  return channels;
}

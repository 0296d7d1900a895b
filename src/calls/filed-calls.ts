import type { WrittenEvents } from '../telephony/records/records-translator.ts';
import { each, mapped, sorted, type Unhurried } from '../telephony/records/unhurried.ts';
import type { CallId, CallRecord } from './call.ts';
import { createTracker, type TrackerSettings, track } from './tracker.ts';

/** A call that is over, as it stands in what Asterisk wrote down. */
export interface FiledCall {
  readonly record: CallRecord;
  /** Every id it would have if it had been heard from another of its channels on. */
  readonly possibleIds: readonly CallId[];
  /** CEL tells all of it, to the fraction of a second; CDR alone does not. */
  readonly isWhole: boolean;
  /** The PBX died with it: when is not written. */
  readonly isCutOff: boolean;
}

/** The calls that the files or tables tell of, in the order of their start, by the same tracker that listens. */
export function* filedCalls(written: WrittenEvents, settings: TrackerSettings): Unhurried<readonly FiledCall[]> {
  const tracker = createTracker(settings);
  const records: CallRecord[] = [];
  yield* each(written.events, (event) => {
    for (const told of track(tracker, event)) if (told.type === 'callEnded') records.push(told.call.record);
  });
  const inOrder = yield* sorted(records, (a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  return yield* mapped(inOrder, (record) => filed(record, written, settings.pbx));
}

function filed(record: CallRecord, written: WrittenEvents, pbx: string): FiledCall {
  const channels = new Set(record.linkedIds.flatMap((linkedId) => [linkedId, ...(written.channelsOf.get(linkedId) ?? [])]));
  const list = [...channels];
  const isCutOff = !written.endWritten.has(record.linkedIds[0] ?? '');
  const isExplained = isCutOff || list.some((id) => written.endExplained.has(id));
  // That nobody else is known to have hung up does not make it the PBX.
  const hangupBy = record.hangupBy === 'pbx' && !isExplained ? null : record.hangupBy;
  return {
    record: { ...record, hangupBy, filledIn: true },
    possibleIds: [...new Set([record.id, ...list.map((id) => `${pbx}-${id}` as CallId)])],
    isWhole: list.some((id) => written.inCel.has(id)),
    isCutOff,
  };
}

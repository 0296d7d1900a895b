import type { WrittenEvents } from '../telephony/records/records-translator.ts';
import type { TelephonyEvent } from '../telephony/telephony-event.ts';
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
export function filedCalls(written: WrittenEvents, settings: TrackerSettings): readonly FiledCall[] {
  const records: CallRecord[] = [];
  for (const call of endedCalls(written.events, settings)) records.push(call);
  return records.sort((a, b) => a.startedAt.localeCompare(b.startedAt)).map((record) => filed(record, written, settings.pbx));
}

function* endedCalls(events: readonly TelephonyEvent[], settings: TrackerSettings): Generator<CallRecord, void, void> {
  const tracker = createTracker(settings);
  for (const event of events) {
    for (const told of track(tracker, event)) if (told.type === 'callEnded') yield told.call.record;
  }
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

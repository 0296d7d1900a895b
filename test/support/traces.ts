import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { CallRecord } from '../../src/calls/call.ts';
import { createTracker, liveCalls, type Tracker, type TrackerSettings, track } from '../../src/calls/tracker.ts';
import { defaultNumbering, isOutsideNumber } from '../../src/telephony/numbering.ts';
import { readAriRecording } from '../../src/telephony/replay/ari-recording.ts';
import { type Recording, readRecording } from '../../src/telephony/replay/recording.ts';
import { replayAriRecordings } from '../../src/telephony/replay/replay-ari.ts';
import { replayRecordings } from '../../src/telephony/replay/replay-recordings.ts';
import type { TelephonyEvent } from '../../src/telephony/telephony-event.ts';
import { traceFolder } from './judge-calls.ts';

/** A number reading good enough for the tracker's own tests. */
export const trackerSettings: TrackerSettings = {
  pbx: 'main',
  toE164: (raw) => (/^0\d{9,10}$/.test(raw) ? `+81${raw.slice(1)}` : null),
  isWithheld: (raw) => /^(anonymous|unavailable|非通知)$/i.test(raw),
  isOutsideNumber: (dialled) => isOutsideNumber(defaultNumbering, dialled),
};

export function scenarios(): string[] {
  const files = readdirSync(traceFolder).filter((file) => /\.expected\.json(\.gz)?$/.test(file));
  return files.map((file) => file.replace(/\.expected\.json(\.gz)?$/, '')).sort();
}

export function recordingFilesOf(scenario: string): string[] {
  const files = readdirSync(traceFolder).filter((file) => file.startsWith(`${scenario}.`) && file.endsWith('.ami.gz'));
  // The second connection is `name.2.ami`; the first, `name.ami`, sorts behind it.
  const inOrder = files.sort((a, b) => a.length - b.length);
  return inOrder.map((file) => path.join(traceFolder, file));
}

export function recordingsOf(scenario: string): Recording[] {
  return recordingFilesOf(scenario).map((file) => readRecording(file));
}

/** The scenarios that were recorded on ARI too. */
export function ariScenarios(): string[] {
  return scenarios().filter((scenario) => existsSync(ariFileOf(scenario)));
}

export function ariEventsOf(scenario: string): TelephonyEvent[] {
  return [...replayAriRecordings([readAriRecording(ariFileOf(scenario))])];
}

function ariFileOf(scenario: string): string {
  return path.join(traceFolder, `${scenario}.ari.ndjson.gz`);
}

export function eventsOf(scenario: string): TelephonyEvent[] {
  return [...replayRecordings(recordingsOf(scenario))];
}

/** Every call in order of its start, from events; `between` may put another tracker in the place of the present one. */
export function recordsOf(
  events: readonly TelephonyEvent[],
  between: (tracker: Tracker, index: number) => Tracker = (tracker) => tracker,
): CallRecord[] {
  let tracker = createTracker(trackerSettings);
  const records: CallRecord[] = [];
  events.forEach((event, index) => {
    for (const told of track(tracker, event)) if (told.type === 'callEnded') records.push(told.call.record);
    tracker = between(tracker, index);
  });
  records.push(...liveCalls(tracker).map((live) => live.record));
  return records.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

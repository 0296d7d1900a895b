import { contentOf, parsedLine, RecordingError } from './recording-file.ts';

/** One event as it came over the websocket, and when (ms). */
export interface RecordedAriEvent {
  readonly at: number;
  readonly event: unknown;
}

/** The events of one subscription. */
export interface AriRecording {
  readonly file: string;
  /** Reads line by line; `null` stands for a line that is no recorded event. */
  events(): Generator<RecordedAriEvent | null, void, void>;
}

const longestLineBytes = 1_048_576;
const newline = 10;

export function isAriRecording(file: string): boolean {
  return /\.ari\.ndjson(\.gz)?$/.test(file);
}

/** Reads `name.ari.ndjson` or `name.ari.ndjson.gz`. Throws `RecordingError`, also when its first line is no recorded event. */
export function readAriRecording(file: string): AriRecording {
  const bytes = contentOf(file);
  const events = () => eventsIn(bytes);
  if (events().next().value === null) {
    throw new RecordingError(`${file}, line 1: expected {"t": unix ms, "event": {...}}.`);
  }
  return { file, events };
}

function* eventsIn(bytes: Buffer): Generator<RecordedAriEvent | null, void, void> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start);
    const line = bytes.subarray(start, end === -1 ? bytes.length : end);
    start = end === -1 ? bytes.length : end + 1;
    if (line.length > longestLineBytes) yield null;
    else if (line.length > 0) yield recordedEvent(parsedLine(line.toString('utf8')));
  }
}

function recordedEvent(line: unknown): RecordedAriEvent | null {
  if (typeof line !== 'object' || line === null || !('t' in line) || !('event' in line)) return null;
  return typeof line.t === 'number' && Number.isFinite(line.t) ? { at: line.t, event: line.event } : null;
}

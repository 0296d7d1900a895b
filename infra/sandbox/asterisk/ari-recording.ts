/** What one ARI application that was subscribed to everything heard. */
export interface RecordedEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One event as JSON. */
  readonly json: string;
}

/** Reads the lines of a `NAME.ari.ndjson`: `{"t": ms, "event": {…}}`. */
export function parseAriRecording(text: string): RecordedEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { t, event } = JSON.parse(line) as { readonly t: number; readonly event: unknown };
      return { at: t, json: JSON.stringify(event) };
    });
}

/** The service keeps instants to the second and sends them as `2026-11-22T01:02:03.000+0000`. */
export function toInstant(milliseconds: number): string {
  return `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 23)}+0000`;
}

/** What a client sent, in the stored form; null when it is no instant: without an offset nobody knows which one is meant. */
export function parseInstant(sent: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(sent)) return null;
  if (!isDay(sent.slice(0, 10))) return null;
  const milliseconds = Date.parse(sent.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(milliseconds) ? null : toInstant(milliseconds);
}

/** A day that exists: the engine would take 30 February for 2 March. */
export function isDay(sent: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(sent) ? Date.parse(sent) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === sent;
}

/**
 * How long the service takes besides this process's own work. For measuring: beside an org that takes no time at all everything
 * else looks slow.
 */
export interface Pace {
  /** Before every answer of the API. */
  readonly answerMs: number;
  /** The way of a bulk query's results, heading and quotes included. */
  readonly bytesPerSecond: number;
  /** The work of a bulk query, before its first result. */
  readonly jobRowsPerSecond: number;
}

export const atOnce: Pace = {
  answerMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  jobRowsPerSecond: Number.POSITIVE_INFINITY,
};

/** Pure. `body` as it is sent: a text is a table, anything else is small. */
export function answerDelayMs(body: unknown, { answerMs, bytesPerSecond }: Pace): number {
  return typeof body === 'string' ? answerMs + (Buffer.byteLength(body) * 1000) / bytesPerSecond : answerMs;
}

/** Pure. */
export function jobDelayMs(rows: number, { jobRowsPerSecond }: Pace): number {
  return (rows * 1000) / jobRowsPerSecond;
}

/** Without a timer where nothing is waited for: then all happens in the order of the requests. */
export function afterMs(delayMs: number, act: () => void): void {
  if (delayMs === 0) act();
  else setTimeout(act, delayMs).unref();
}

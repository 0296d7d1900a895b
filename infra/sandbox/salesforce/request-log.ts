export interface LoggedRequest {
  readonly method: string;
  /** Without the query string: that may hold a number. */
  readonly path: string;
}

export interface RequestLog {
  add(request: LoggedRequest): void;
  /** All requests since the start, also those no longer kept. */
  count(): number;
  /** The latest requests, oldest first. */
  entries(): readonly LoggedRequest[];
}

const MOST_KEPT = 5_000;

export function createRequestLog(): RequestLog {
  const kept: LoggedRequest[] = [];
  let total = 0;
  return {
    add: (request) => {
      total += 1;
      kept.push(request);
      if (kept.length > MOST_KEPT * 2) kept.splice(0, kept.length - MOST_KEPT);
    },
    count: () => total,
    entries: () => kept.slice(-MOST_KEPT),
  };
}

/** What was asked of the sandbox, newest last; credentials are never kept. */

export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: unknown;
  /** 0: never answered. */
  readonly status: number;
}

export interface RequestLog {
  add(request: LoggedRequest): void;
  entries(): readonly LoggedRequest[];
  /** All there were, also those no longer kept. */
  count(): number;
}

const MOST_ENTRIES = 2000;

export function openRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let count = 0;
  return {
    add: (request) => {
      count += 1;
      entries.push(request);
      if (entries.length > 2 * MOST_ENTRIES) entries = entries.slice(-MOST_ENTRIES);
    },
    entries: () => entries.slice(-MOST_ENTRIES),
    count: () => count,
  };
}

import type { Log } from '../observability/log.ts';

/** The findings speak for themselves; the parts' own log lines would only repeat them. */
export const silent: Log = () => {};

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

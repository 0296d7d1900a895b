import { ApiError } from './api-error.ts';

/** The org's daily API calls over a rolling day, counted by the hour. */
export interface Usage {
  /** @throws ApiError REQUEST_LIMIT_EXCEEDED when the day's calls are used up. */
  count(): void;
  now(): { readonly used: number; readonly limit: number };
}

const HOUR_MS = 3_600_000;

export function createUsage(limit: number, now: () => number): Usage {
  const hours = new Map<number, number>();
  const used = (): number => {
    const first = Math.floor(now() / HOUR_MS) - 23;
    let sum = 0;
    for (const [hour, count] of hours) {
      if (hour < first) hours.delete(hour);
      else sum += count;
    }
    return sum;
  };
  return {
    count: () => {
      if (used() >= limit) throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
      const hour = Math.floor(now() / HOUR_MS);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    },
    now: () => ({ used: used(), limit }),
  };
}

/** Requests of the day, as the service tells of them on every answer. */
export interface Usage {
  /** Counts one more request; null when the day allows no further one. */
  count(): Readonly<Record<string, string>> | null;
}

const DAY_MS = 86_400_000;

export function openUsage(limit: number, now: () => number): Usage {
  let day = Number.NaN;
  let used = 0;
  return {
    count: () => {
      const today = Math.floor(now() / DAY_MS);
      if (today !== day) [day, used] = [today, 0];
      if (used >= limit) return null;
      used += 1;
      return { 'X-Daily-Limit': String(limit), 'X-Daily-Remaining': String(limit - used) };
    },
  };
}

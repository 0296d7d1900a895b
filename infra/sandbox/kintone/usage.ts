/** Requests of each app and day. The service's days begin at nine in the morning in Japan, which is midnight UTC. */

export interface Usage {
  count(app: string): void;
  /** Of the current day, by app. */
  today(): ReadonlyMap<string, number>;
}

const DAY_MS = 86_400_000;
/** Numbers that are no apps are counted, too: they must not fill the memory. */
const MOST_APPS = 10_000;

/** The limit of 10,000 a day is a soft one: nothing is refused beyond it. */
export const DAILY_LIMIT = 10_000;

export function openUsage(now: () => number): Usage {
  let day = Number.NaN;
  let counts = new Map<string, number>();
  const turn = (): void => {
    const current = Math.floor(now() / DAY_MS);
    if (current === day) return;
    day = current;
    counts = new Map();
  };
  return {
    count: (app) => {
      turn();
      if (counts.size >= MOST_APPS && !counts.has(app)) return;
      counts.set(app, (counts.get(app) ?? 0) + 1);
    },
    today: () => {
      turn();
      return counts;
    },
  };
}

/** How many requests are under way, and how fast they follow each other. Who is urgent goes before all others that wait. */

export interface RequestTurns {
  /** Resolves when it is this request's turn, with what to call when it is over. @throws the signal's reason */
  take(isUrgent: boolean, signal: AbortSignal): Promise<() => void>;
  /** For so many milliseconds nothing begins that is not urgent. */
  rest(ms: number): void;
}

export interface TurnSettings {
  readonly concurrent: number;
  /** Null: as fast as it goes. */
  readonly perSecond: number | null;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
  readonly after: (ms: number, callback: () => void) => void;
}

interface Waiting {
  readonly isUrgent: boolean;
  readonly begin: () => void;
}

export function openTurns({ concurrent, perSecond, now, after }: TurnSettings): RequestTurns {
  const spacingMs = perSecond === null ? 0 : 1000 / perSecond;
  let waiting: readonly Waiting[] = [];
  let running = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  let restUntil = Number.NEGATIVE_INFINITY;
  let timedAt = Number.POSITIVE_INFINITY;

  const admit = (): void => {
    while (running < concurrent) {
      const chosen = waiting.find(({ isUrgent }) => isUrgent) ?? waiting[0];
      if (chosen === undefined) return;
      const dueAt = chosen.isUrgent ? nextAt : Math.max(nextAt, restUntil);
      if (dueAt > now()) {
        admitAt(dueAt);
        return;
      }
      waiting = waiting.filter((each) => each !== chosen);
      running += 1;
      nextAt = now() + spacingMs;
      chosen.begin();
    }
  };
  const admitAt = (at: number): void => {
    if (at >= timedAt) return;
    timedAt = at;
    after(Math.max(0, at - now()), () => {
      if (timedAt === at) timedAt = Number.POSITIVE_INFINITY;
      admit();
    });
  };
  const release = (): void => {
    running -= 1;
    admit();
  };
  return {
    rest: (ms) => {
      restUntil = Math.max(restUntil, now() + ms);
    },
    take: (isUrgent, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = (): void => {
          waiting = waiting.filter((each) => each !== entry);
          reject(signal.reason);
        };
        const entry: Waiting = {
          isUrgent,
          begin: () => {
            signal.removeEventListener('abort', leave);
            resolve(release);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting = [...waiting, entry];
        admit();
      }),
  };
}

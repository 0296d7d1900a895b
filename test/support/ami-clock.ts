/** A clock that is turned by hand. */
export interface HandClock {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
  /** Moves on, running what falls due in its order. */
  advance(ms: number): void;
  /** What waits at this moment, in ms from now, soonest first. */
  readonly waiting: () => number[];
}

export function createHandClock(start = Date.UTC(2026, 10, 24, 0, 0, 0)): HandClock {
  let time = start;
  let timers: { readonly at: number; readonly run: () => void }[] = [];

  function advance(ms: number): void {
    const until = time + ms;
    for (;;) {
      const [due] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (due === undefined) break;
      timers = timers.filter((timer) => timer !== due);
      time = Math.max(time, due.at);
      due.run();
    }
    time = until;
  }

  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance,
    waiting: () => timers.map(({ at }) => at - time).sort((a, b) => a - b),
  };
}

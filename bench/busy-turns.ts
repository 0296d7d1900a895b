import { createHistogram } from 'node:perf_hooks';

export interface Turns {
  readonly p99Ms: number;
  readonly longestMs: number;
}

/**
 * How long this thread works before it looks around again, by its own clock, which stands still while others have the processor:
 * what a ringing phone waits for on a machine with nothing else to do. Looks every millisecond.
 */
export function watchTurns(): { end(): Turns } {
  const turns = createHistogram();
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    turns.record(Math.max(1, Math.round(user + system)));
  }, 1);
  return {
    end: () => {
      clearInterval(timer);
      return { p99Ms: turns.percentile(99) / 1_000, longestMs: turns.max / 1_000 };
    },
  };
}

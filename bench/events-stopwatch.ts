import type { EventsRun } from './processes-in-turns.ts';

/**
 * Told the name of every event, it counts and times those between the markers `BenchStart` and `BenchEnd`, hands the figures to the
 * parent process and ends this one. `callsSoFar`: how many calls have come out; null where none do.
 */
export function startStopwatch(callsSoFar: () => number | null): (event: string) => void {
  let events = 0;
  let callsBefore = 0;
  let cpu = process.cpuUsage();
  let started = performance.now();
  return (event) => {
    events += 1;
    if (event === 'BenchStart') {
      events = 0;
      callsBefore = callsSoFar() ?? 0;
      cpu = process.cpuUsage();
      started = performance.now();
    } else if (event === 'BenchEnd') {
      const used = process.cpuUsage(cpu);
      const calls = callsSoFar();
      const run: EventsRun = {
        ...{ events, cpuMs: (used.user + used.system) / 1_000, wallMs: performance.now() - started },
        calls: calls === null ? null : calls - callsBefore,
      };
      process.send?.(run, () => process.exit(0));
    }
  };
}

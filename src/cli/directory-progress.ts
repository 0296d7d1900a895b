/** Counted progress of a sync: how much, how fast, how long still. */
import type { SyncProgress } from '../callers/directory-sync.ts';

const everyMs = 1_000;

/** A line for each source at most once a second, and when it is through. */
export function progressTeller(tell: (line: string) => void, now: () => number): (progress: SyncProgress) => void {
  let began: { readonly source: string; readonly at: number; readonly read: number } | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const source = `${progress.connector} ${progress.object}`;
    const at = now();
    if (began?.source !== source || progress.recordsRead < began.read) {
      began = { source, at, read: progress.recordsRead };
      toldAt = Number.NEGATIVE_INFINITY;
    }
    const isThrough = progress.recordsRead === progress.total;
    if (at - toldAt < everyMs && !isThrough) return;
    toldAt = at;
    tell(progressLine(progress, { read: progress.recordsRead - began.read, ms: at - began.at }));
  };
}

/** `so far` counts from the first page of this run: what an earlier one read was not read at this pace. Pure. */
export function progressLine(
  { connector, object, recordsRead, total }: SyncProgress,
  soFar: { readonly read: number; readonly ms: number },
): string {
  const of = total === null || total === 0 ? '' : ` of ${total} (${Math.min(100, Math.floor((100 * recordsRead) / total))} %)`;
  const pace = soFar.read > 0 && soFar.ms >= everyMs ? (soFar.read * 1_000) / soFar.ms : null;
  const left = pace === null || total === null ? null : Math.max(0, total - recordsRead) / pace;
  const rest = left === null || left < 1 ? '' : `, ${duration(left)} left`;
  return `${connector} ${object}: ${recordsRead}${of}${pace === null ? '' : `, ${Math.round(pace)}/s`}${rest}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

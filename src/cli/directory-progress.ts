/** Counted progress of a sync: how much, how fast, how long still. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { SyncProgress } from '../callers/directory-sync.ts';
import { words } from '../telephony/check-finding.ts';

const everyMs = 1_000;

/** A line for each source at most once a second, and when it is through. */
export function progressTeller(tell: (line: InBothLanguages) => void, now: () => number): (progress: SyncProgress) => void {
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
): InBothLanguages {
  const source = `${connector} ${object}`;
  const part = total === null || total === 0 ? null : `${Math.min(100, Math.floor((100 * recordsRead) / total))} %`;
  const pace = soFar.read > 0 && soFar.ms >= everyMs ? (soFar.read * 1_000) / soFar.ms : null;
  const left = pace === null || total === null ? null : Math.max(0, total - recordsRead) / pace;
  const rest = left === null || left < 1 ? null : duration(left);
  const en = [
    `${source}: ${recordsRead}${part === null ? '' : ` of ${total} (${part})`}`,
    ...(pace === null ? [] : [`${Math.round(pace)}/s`]),
    ...(rest === null ? [] : [`${rest.en} left`]),
  ];
  const ja = [
    `${source}: ${recordsRead}${part === null ? ' 件' : ` / ${total} 件 (${part})`}`,
    ...(pace === null ? [] : [`毎秒 ${Math.round(pace)} 件`]),
    ...(rest === null ? [] : [`残り約 ${rest.ja}`]),
  ];
  return words(en.join(', '), ja.join('、'));
}

function duration(seconds: number): InBothLanguages {
  const whole = Math.round(seconds);
  if (whole < 60) return words(`${whole} s`, `${whole} 秒`);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return words(`${minutes} min ${whole % 60} s`, `${minutes} 分 ${whole % 60} 秒`);
  const hours = Math.floor(minutes / 60);
  return words(`${hours} h ${minutes % 60} min`, `${hours} 時間 ${minutes % 60} 分`);
}

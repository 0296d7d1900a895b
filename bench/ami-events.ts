import type { BenchResult } from './bench-result.ts';
import { detailOf, folderWith, medianRate, runInTurns } from './processes-in-turns.ts';

const sides = ['ours', 'asterisk-manager'];

/** AMI bytes from a socket to events to calls, against asterisk-manager alone delivering the same bytes as events. */
export async function benchAmiEvents(): Promise<BenchResult> {
  const runs = await runInTurns('ami-events', folderWith(/\.ami(?:\.gz)?$/u), sides);
  const [ours, baseline] = [medianRate(runs.of('ours')), medianRate(runs.of('asterisk-manager'))];
  const ratio = ours / baseline;
  return {
    name: 'AMI bytes → events → calls, one core, real traces',
    ...{ ours, baseline, ratio, unit: 'events/s', aim: '≥ 5 × asterisk-manager', passes: ratio >= 5 },
    detail: detailOf(runs, sides),
  };
}

import type { BenchResult } from './bench-result.ts';
import { detailOf, folderWith, medianRate, runInTurns } from './processes-in-turns.ts';

/** The last has the package under our port, in its thread; told of in the details. */
const sides = ['ours', 'ari-client', 'ours-packaged'];

/** ARI frames from a socket to events to calls, against ari-client alone delivering the same bytes as events. */
export async function benchAriEvents(): Promise<BenchResult> {
  const runs = await runInTurns('ari-events', folderWith(/\.ari\.ndjson(?:\.gz)?$/u), sides);
  const [ours, baseline] = [medianRate(runs.of('ours')), medianRate(runs.of('ari-client'))];
  const ratio = ours / baseline;
  return {
    name: 'ARI bytes → events → calls, one core, real traces',
    ...{
      ours,
      baseline,
      ratio,
      unit: 'events/s',
      aim: '≥ 0.75 × ari-client, which makes no calls of them',
      passes: ratio >= 0.75,
    },
    detail: detailOf(runs, sides),
  };
}

import { fork } from 'node:child_process';
import path from 'node:path';
import type { BenchResult } from './bench-result.ts';

const calls = 10_000;
const aimBytes = 2_048;

export interface LiveCallsRun {
  readonly calls: number;
  /** Heap of one live call: its legs, its bridge, all ids and names. */
  readonly bytesPerCall: number;
  /** Heap of its call record alone, as parsed JSON. */
  readonly bytesPerRecord: number;
}

/** What a live call weighs, at ten thousand of them, each with two legs talking, against its call record alone as parsed JSON. */
export async function benchLiveCalls(): Promise<BenchResult> {
  const child = fork(path.join(import.meta.dirname, 'live-calls-run.ts'), [String(calls)], { execArgv: ['--expose-gc'] });
  const run = await new Promise<LiveCallsRun>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LiveCallsRun));
    child.once('exit', () => reject(new Error('the run ended without an answer')));
  });
  return {
    name: 'memory of a live call, 10,000 of them talking',
    ...{ ours: run.bytesPerCall, baseline: run.bytesPerRecord, ratio: run.bytesPerCall / run.bytesPerRecord, unit: 'bytes' },
    ...{ aim: `≤ ${aimBytes} bytes; baseline: its call record as parsed JSON`, passes: run.bytesPerCall <= aimBytes },
  };
}

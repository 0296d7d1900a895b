import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { BenchResult } from './bench-result.ts';
import type { DirectorySyncWorld } from './directory-sync-run.ts';
import { firstAnswer } from './first-answer.ts';
import { type ProcessorTime, processorTime } from './processor-time.ts';
import { type BenchCall, createBenchCalls } from './ring-to-pop-calls.ts';
import { callerNumber, fillDirectory } from './ring-to-pop-directory.ts';
import { beginFirstLoad, type LoadSeen, watchLoad } from './ring-to-pop-first-load.ts';
import { agents, type Listening, startEcho, startHub, stopAll } from './ring-to-pop-hub.ts';
import { callsPerSecond, measure, percentile, type Run } from './ring-to-pop-measure.ts';

const warmUpCalls = 2 * callsPerSecond;
const measuredCalls = 8 * callsPerSecond;
const aimMs = 20;

export interface RingToPopLoadSize {
  /** In the directory when the load begins: the callers. */
  readonly numbers: number;
  /** Contacts in the CRM. */
  readonly records: number;
}

interface Bench {
  readonly folder: string;
  readonly pbx: SandboxAsterisk;
  readonly calls: (seed: number) => readonly BenchCall[];
  readonly children: ChildProcess[];
}

interface HubRun extends Run {
  /** Its main thread's, while the calls rang: a late pop on a busy machine need not be the hub's doing. */
  readonly processor: ProcessorTime;
}

interface LoadedRun extends HubRun {
  readonly load: LoadSeen;
}

/**
 * The row `ring-to-pop` while the same hub reads everything out of a large Salesforce, whose contacts it has read long ago and begins
 * anew: the callers are known meanwhile. The baseline is the hub with the same directory and nothing to read. Judged at a vendor's
 * pace; one that no vendor has, with the sandbox on the hub's two cores, stands in the detail. kintone's pages of five hundred come
 * ten times as slowly.
 */
export async function benchRingToPopLoad({ numbers, records }: RingToPopLoadSize): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-bench-'));
  const children: ChildProcess[] = [];
  const pbx = await startSandboxAsterisk({
    ...{ port: 0, host: '127.0.0.1', now: Date.now, newId: randomUUID },
    users: [{ name: 'bench', secret: 'bench', read: ['all'], write: ['all'] }],
  });
  try {
    const filled = path.join(folder, 'filled');
    mkdirSync(filled);
    await fillDirectory(filled, numbers);
    const makeCall = createBenchCalls(createPbxCounters(Date.now, randomUUID), agents);
    const calls = (seed: number) =>
      Array.from({ length: warmUpCalls + measuredCalls }, (_, index) => makeCall(callerNumber((seed + index * 7_919) % numbers)));
    const bench = { folder, pbx, calls, children };
    const echo = await measure(pbx, { calls: calls(1), warmUpCalls }, await startEcho(pbx.port, children));
    await stopAll(children);
    const idle = await runIdle(bench);
    const paced = await runLoaded(bench, records, 'vendor');
    if (!paced.load.lasted) throw new Error('the load ended before the calls: it needs more --records');
    const instant = await runLoaded(bench, records, 'instant');
    return result({ numbers, records, echo, idle, paced, instant });
  } finally {
    await stopAll(children);
    await pbx.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIdle(bench: Bench): Promise<HubRun> {
  const { folder, pbx, children } = bench;
  const own = copyOf(folder, 'idle');
  const hub = await startHub({ amiPort: pbx.port, folder: own, crms: await startCrm(0, 'vendor', children) }, children);
  const run = await ring(bench, 2, hub);
  await stopAll(children);
  return run;
}

async function runLoaded(bench: Bench, records: number, pace: string): Promise<LoadedRun> {
  const { folder, pbx, children } = bench;
  const own = copyOf(folder, pace);
  await beginFirstLoad(own);
  const crms = await startCrm(records, pace, children);
  const hub = await startHub({ amiPort: pbx.port, folder: own, crms }, children);
  const load = await watchLoad(own);
  const run = await ring(bench, pace === 'vendor' ? 3 : 4, hub);
  const seen = await load.end();
  await stopAll(children);
  rmSync(own, { recursive: true, force: true });
  return { ...run, load: seen };
}

async function ring({ pbx, calls, children }: Bench, seed: number, hub: Listening): Promise<HubRun> {
  const pid = children.at(-1)?.pid ?? 0;
  const before = processorTime(pid);
  const run = await measure(pbx, { calls: calls(seed), warmUpCalls }, hub);
  const { workedMs, waitedMs } = processorTime(pid);
  return { ...run, processor: { workedMs: workedMs - before.workedMs, waitedMs: waitedMs - before.waitedMs } };
}

function copyOf(folder: string, name: string): string {
  const own = path.join(folder, name);
  cpSync(path.join(folder, 'filled'), own, { recursive: true });
  return own;
}

/** Settings by which the hub reaches it. */
async function startCrm(records: number, pace: string, children: ChildProcess[]): Promise<Readonly<Record<string, string>>> {
  const server = fork(path.join(import.meta.dirname, 'directory-sync-server.ts'), ['salesforce', String(records), pace]);
  children.push(server);
  return ((await firstAnswer(server, 'the sandbox salesforce')) as DirectorySyncWorld).settings;
}

function result(measured: {
  readonly numbers: number;
  readonly records: number;
  readonly echo: Run;
  readonly idle: HubRun;
  readonly paced: LoadedRun;
  readonly instant: LoadedRun;
}): BenchResult {
  const { echo, idle, paced, instant } = measured;
  const transportMs = percentile(echo.latencies, 0.5);
  const p99 = (run: Run) => percentile(run.latencies, 0.99);
  const beyondMs = p99(paced) - transportMs;
  const missing = paced.missing + idle.missing + instant.missing;
  const figures = (run: Run) => ({
    ...{ p50Ms: percentile(run.latencies, 0.5), p99Ms: p99(run), longestMs: percentile(run.latencies, 1) },
    ...{ beyondMs: p99(run) - transportMs, pops: run.latencies.length, missing: run.missing },
  });
  const ofHub = (run: HubRun) => ({ ...figures(run), processor: run.processor });
  const loaded = (run: LoadedRun) => ({ ...ofHub(run), ratio: p99(run) / p99(idle), load: run.load });
  return {
    name: `AMI event → pop in the browser while ${measured.records.toLocaleString('en')} customers are loaded at a vendor’s pace, p99`,
    ...{ ours: p99(paced), baseline: p99(idle), ratio: p99(paced) / p99(idle), unit: 'ms' },
    aim: `p99 ≤ ${aimMs} ms beyond the median of the transport alone; the ratio is loading / not loading`,
    passes: beyondMs <= aimMs && missing === 0,
    detail: {
      ...{ transportMs, numbers: measured.numbers, records: measured.records },
      ...{ idle: ofHub(idle), atVendorsPace: loaded(paced), atOnce: loaded(instant), loadAverage: loadavg()[0] ?? 0 },
    },
  };
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BenchResult } from './bench-result.ts';

const folder = import.meta.dirname;
const rounds = 3;
const megabytes = { warmUp: 48, measured: 96 };

/** What one run of one side measured: its own process alone, warmed up as a hub is that has run for a minute. */
export interface AmiEventsRun {
  readonly events: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Ours only: what came out at the end. */
  readonly calls: number | null;
}

/**
 * AMI bytes from a socket to events to calls, against asterisk-manager alone delivering the same bytes as events. Both log in to the
 * same server over loopback, in turns, each in a process of its own whose engine may use one core (`--single-threaded`: collecting
 * garbage and compiling count as well). What counts is the processor time of that process.
 */
export async function benchAmiEvents(): Promise<BenchResult> {
  const server = fork(path.join(folder, 'ami-events-server.ts'), [
    recordingsFolder(),
    String(megabytes.warmUp),
    String(megabytes.measured),
  ]);
  try {
    const { port, bytes } = (await answerOf(server, 'the server')) as { port: number; bytes: number };
    const ours: AmiEventsRun[] = [];
    const baseline: AmiEventsRun[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await measure('ours', port));
      baseline.push(await measure('asterisk-manager', port));
    }
    const [oursRate, baselineRate] = [median(ours.map(eventsPerSecond)), median(baseline.map(eventsPerSecond))];
    const ratio = oursRate / baselineRate;
    return {
      name: 'AMI bytes → events → calls, one core, real traces',
      ...{ ours: oursRate, baseline: baselineRate, ratio, unit: 'events/s', aim: '≥ 5 × asterisk-manager', passes: ratio >= 5 },
      detail: {
        ...{ bytes, rounds, events: ours[0]?.events, calls: ours[0]?.calls },
        ...{ oursEventsPerSecond: ours.map(eventsPerSecond), baselineEventsPerSecond: baseline.map(eventsPerSecond) },
        ...{ oursWallMs: ours.map(({ wallMs }) => wallMs), baselineWallMs: baseline.map(({ wallMs }) => wallMs) },
      },
    };
  } finally {
    server.kill();
  }
}

/** All traces where they are at hand; otherwise the ones that ship with the sandbox. */
function recordingsFolder(): string {
  const traces = path.join(folder, '../test/fixtures/traces');
  const hasTraces = existsSync(traces) && readdirSync(traces).some((name) => /\.ami(?:\.gz)?$/u.test(name));
  return hasTraces ? traces : path.join(folder, '../infra/sandbox/asterisk/recordings');
}

async function measure(side: string, port: number): Promise<AmiEventsRun> {
  const child = fork(path.join(folder, 'ami-events-run.ts'), [side, String(port)], { execArgv: ['--single-threaded'] });
  const ended = once(child, 'exit');
  const run = (await answerOf(child, `the run of ${side}`)) as AmiEventsRun;
  await ended;
  return run;
}

/** The first message of a process; an error when it ends without one. */
function answerOf(child: ChildProcess, who: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error(`${who} ended without an answer`)));
  });
}

function eventsPerSecond({ events, cpuMs }: AmiEventsRun): number {
  return Math.round((events / cpuMs) * 1_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

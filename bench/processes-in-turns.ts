import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = import.meta.dirname;
const rounds = 3;
const megabytes = { warmUp: 48, measured: 96 };
const longestRunMs = 180_000;

/** What one run of one side measured: its own process alone, warmed up as a hub is that has run for a minute. */
export interface EventsRun {
  readonly events: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Ours only: what came out at the end. */
  readonly calls: number | null;
}

export interface EventsRuns {
  readonly bytes: number;
  of(side: string): readonly EventsRun[];
}

/**
 * All sides are served the same bytes over loopback, in turns, each in a process of its own whose engine may use one core
 * (`--single-threaded`: collecting garbage and compiling count as well). What counts is the processor time of that process.
 */
export async function runInTurns(row: string, recordings: string, sides: readonly string[]): Promise<EventsRuns> {
  const server = fork(path.join(folder, `${row}-server.ts`), [recordings, String(megabytes.warmUp), String(megabytes.measured)]);
  try {
    const { port, bytes } = (await answerOf(server, 'the server')) as { port: number; bytes: number };
    const runs: { readonly side: string; readonly measured: EventsRun }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const side of sides) runs.push({ side, measured: await run(row, side, port) });
    }
    return { bytes, of: (wanted) => runs.flatMap(({ side, measured }) => (side === wanted ? measured : [])) };
  } finally {
    server.kill();
  }
}

/** All traces where they are at hand; otherwise the ones that ship with the sandbox. */
export function folderWith(recordings: RegExp): string {
  const traces = path.join(folder, '../test/fixtures/traces');
  const hasTraces = existsSync(traces) && readdirSync(traces).some((name) => recordings.test(name));
  return hasTraces ? traces : path.join(folder, '../infra/sandbox/asterisk/recordings');
}

export function medianRate(runs: readonly EventsRun[]): number {
  const rates = runs.map(eventsPerSecond).sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? 0;
}

/** For the file of figures. */
export function detailOf({ bytes, of }: EventsRuns, sides: readonly string[]): Readonly<Record<string, unknown>> {
  const figures = sides.map((side) => [
    side,
    { eventsPerSecond: of(side).map(eventsPerSecond), wallMs: of(side).map(({ wallMs }) => wallMs), ...of(side)[0] },
  ]);
  return { bytes, rounds, ...Object.fromEntries(figures) };
}

async function run(row: string, side: string, port: number): Promise<EventsRun> {
  const child = fork(path.join(folder, `${row}-run.ts`), [side, String(port)], { execArgv: ['--single-threaded'] });
  const ended = once(child, 'exit');
  const measured = (await answerOf(child, `the run of ${side}`)) as EventsRun;
  await ended;
  return measured;
}

/** The first message of a process; an error when it ends, or its time is over, without one. */
function answerOf(child: ChildProcess, who: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callOff = setTimeout(() => child.kill(), longestRunMs);
    child.once('message', (message) => {
      clearTimeout(callOff);
      resolve(message);
    });
    child.once('exit', () => {
      clearTimeout(callOff);
      reject(new Error(`${who} ended without an answer`));
    });
  });
}

function eventsPerSecond({ events, cpuMs }: EventsRun): number {
  return Math.round((events / cpuMs) * 1_000);
}

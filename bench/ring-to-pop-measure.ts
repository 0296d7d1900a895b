/** Rings fifty times a second, and takes the time until four browsers each show who is calling. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxAsterisk } from '../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { BenchCall } from './ring-to-pop-calls.ts';
import type { Listening } from './ring-to-pop-hub.ts';

export const callsPerSecond = 50;
/** From the ringing to the rest of the call. */
const talkAfterMs = 1_000;
const patienceMs = 5_000;

/** Milliseconds from the write of a call's events to each of its pops, and the pops that never came. */
export interface Run {
  readonly latencies: readonly number[];
  readonly missing: number;
}

/** @param warmUpCalls so many of them are rung, and not counted */
export async function measure(
  pbx: SandboxAsterisk,
  { calls, warmUpCalls }: { readonly calls: readonly BenchCall[]; readonly warmUpCalls: number },
  { sockets, onPop }: Listening,
): Promise<Run> {
  await pbx.whenLoggedIn();
  const rangAt = new Map<string, number>();
  const firstMeasured = new Set(calls.slice(warmUpCalls).map(({ id }) => id));
  const popped = new Set<string>();
  const latencies: number[] = [];
  onPop((callId, extension) => {
    const at = rangAt.get(callId);
    const pop = `${callId} ${extension}`;
    if (at === undefined || popped.has(pop)) return;
    popped.add(pop);
    if (firstMeasured.has(callId)) latencies.push(performance.now() - at);
  });
  const expected = calls.reduce((sum, { extensions }) => sum + extensions.length, 0);
  const startedAt = performance.now();
  const rests: Promise<void>[] = [];
  for (const [index, { id, ring, rest }] of calls.entries()) {
    await pause(Math.max(0, startedAt + (index * 1_000) / callsPerSecond - performance.now()));
    rangAt.set(id, performance.now());
    // The sandbox's way to send bytes as they are.
    pbx.faults.garbage(ring);
    rests.push(pause(talkAfterMs).then(() => pbx.faults.garbage(rest)));
  }
  await Promise.all(rests);
  const giveUpAt = performance.now() + patienceMs;
  while (popped.size < expected && performance.now() < giveUpAt) await pause(50);
  for (const socket of sockets) socket.close();
  return { latencies, missing: expected - popped.size };
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

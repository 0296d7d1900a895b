import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createTracker, liveCalls, track } from '../src/calls/tracker.ts';
import { trackerSettings } from '../src/hub/tracker-settings.ts';
import { afterRealTime } from '../src/telephony/after.ts';
import { type AmiClient, type AmiClientFactory, amiDefaults } from '../src/telephony/ami/ami-client.ts';
import { snapshotActions } from '../src/telephony/ami/ami-snapshot.ts';
import { createOwnAmiClient } from '../src/telephony/ami/own-ami-client.ts';
import { defaultNumbering } from '../src/telephony/numbering.ts';
import { createPbxListener } from '../src/telephony/pbx-listener.ts';
import type { BenchResult } from './bench-result.ts';

const calls = 1_000;
const rounds = 5;
const longestMs = 30_000;
const mostRatio = 4;

/**
 * A connection is lost while a thousand calls go on: from the first packet of the next connection until every call is known to
 * go on, against a bare client that logs in and reads the same lists and makes nothing of them. The waiting before the
 * reconnection is left out: it is chance by design.
 */
export async function benchReconcile(): Promise<BenchResult> {
  const server = fork(path.join(import.meta.dirname, 'reconcile-server.ts'), [String(calls)]);
  const limit = setTimeout(() => server.kill(), longestMs * rounds);
  try {
    const [port] = (await once(server, 'message')) as [number];
    const settings = { ...amiDefaults, host: '127.0.0.1', port, username: 'bench', secret: 'bench' };
    const ours = await reconnections(settings, () => server.send('cut'));
    const baseline: number[] = [];
    for (let round = 0; round < rounds; round += 1) baseline.push(await readLists(settings));
    const ratio = median(ours) / median(baseline);
    return {
      name: 'from reconnect to reconciled, 1,000 live calls',
      ...{ ours: median(ours), baseline: median(baseline), ratio, unit: 'ms' },
      ...{ aim: `≤ ${mostRatio} × reading the same lists with a bare client`, passes: ratio <= mostRatio },
      detail: { calls, ours, baseline },
    };
  } finally {
    clearTimeout(limit);
    server.kill();
  }
}

type Settings = Parameters<AmiClientFactory>[0];

async function reconnections(settings: Settings, cut: () => void): Promise<number[]> {
  const tracker = createTracker(trackerSettings([{ name: 'bench', numbering: defaultNumbering }], 'JP'));
  const took: number[] = [];
  let connectingAt = 0;
  let reconciled = (): void => {};
  const clientFactory: AmiClientFactory = (...given) => {
    connectingAt = performance.now();
    return createOwnAmiClient(...given);
  };
  const listener = createPbxListener({
    ...{ name: 'bench', ears: { ami: { settings, clientFactory }, ari: null }, now: Date.now, newId: randomUUID },
    ...{ after: afterRealTime, random: () => 0, onState: () => {}, log: () => {} },
    onEvent(event) {
      track(tracker, event);
      if (event.type !== 'snapshotTaken') return;
      took.push(performance.now() - connectingAt);
      reconciled();
    },
  });
  for (let round = 0; round <= rounds; round += 1) {
    const done = new Promise<void>((resolve) => {
      reconciled = resolve;
    });
    if (round === 0) listener.start();
    else cut();
    await done;
    if (liveCalls(tracker).length !== calls) throw new Error(`${liveCalls(tracker).length} calls are known, not ${calls}`);
  }
  await listener.stop();
  // The first connection has met the calls; the others find them again.
  return took.slice(1);
}

async function readLists(settings: Settings): Promise<number> {
  const startedAt = performance.now();
  const client: AmiClient = createOwnAmiClient(
    settings,
    { now: Date.now, newId: randomUUID, after: afterRealTime },
    { onMessage: () => {}, onClose: () => {} },
  );
  await client.connect();
  for (const { Action } of snapshotActions) await client.act({ name: Action });
  const took = performance.now() - startedAt;
  await client.close();
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

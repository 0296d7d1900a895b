import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { startSandboxAsterisk } from '../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { BenchResult } from './bench-result.ts';
import { createBenchCalls } from './ring-to-pop-calls.ts';
import { callerNumber, fillDirectory } from './ring-to-pop-directory.ts';
import { agents, lineOf, startCommand, startEcho, startHub, stopAll } from './ring-to-pop-hub.ts';
import { callsPerSecond, measure, percentile, type Run } from './ring-to-pop-measure.ts';

const warmUpCalls = 5 * callsPerSecond;
const measuredCalls = 20 * callsPerSecond;
const aimMs = 20;

/**
 * AMI events on the socket → the right customer in four browsers, 50 calls a second, real recorded calls that ring, are answered and
 * end, with a directory of so many numbers and a CRM (a sandbox) that gets every call log meanwhile. The baseline in the same run is
 * a process that reads the same bytes from the same socket and only echoes to the same browsers.
 */
export async function benchRingToPop({ numbers }: { readonly numbers: number }): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-bench-'));
  const children: ChildProcess[] = [];
  const pbx = await startSandboxAsterisk({
    ...{ port: 0, host: '127.0.0.1', now: Date.now, newId: randomUUID },
    users: [{ name: 'bench', secret: 'bench', read: ['all'], write: ['all'] }],
  });
  try {
    const filledInMs = await fillDirectory(folder, numbers);
    const makeCall = createBenchCalls(createPbxCounters(Date.now, randomUUID), agents);
    const calls = (seed: number) =>
      Array.from({ length: warmUpCalls + measuredCalls }, (_, index) => makeCall(callerNumber((seed + index * 7_919) % numbers)));
    const baseline = await measure(pbx, { calls: calls(1), warmUpCalls }, await startEcho(pbx.port, children));
    await stopAll(children);
    const crms = await startSalesforce(children);
    const hub = await startHub({ amiPort: pbx.port, folder, crms }, children);
    const ours = await measure(pbx, { calls: calls(2), warmUpCalls }, hub);
    return result({ numbers, filledInMs, ours, baseline });
  } finally {
    await stopAll(children);
    await pbx.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startSalesforce(children: ChildProcess[]): Promise<Readonly<Record<string, string>>> {
  const crm = startCommand(['sandbox', 'salesforce', '--port', '0', '--json'], children);
  const access = JSON.parse(await lineOf(crm, /^\{.*\}$/m)) as Record<'url' | 'clientId' | 'username' | 'privateKeyFile', string>;
  return {
    ...{ SALESFORCE_LOGIN_URL: access.url, SALESFORCE_CLIENT_ID: access.clientId, SALESFORCE_USERNAME: access.username },
    SALESFORCE_PRIVATE_KEY_FILE: access.privateKeyFile,
  };
}

function result(measured: {
  readonly numbers: number;
  readonly filledInMs: number;
  readonly ours: Run;
  readonly baseline: Run;
}): BenchResult {
  const { ours, baseline, numbers } = measured;
  const [oursP99, baselineP99] = [percentile(ours.latencies, 0.99), percentile(baseline.latencies, 0.99)];
  const beyondMs = oursP99 - percentile(baseline.latencies, 0.5);
  const missing = ours.missing + baseline.missing;
  return {
    name: `AMI event → pop in the browser, ${numbers.toLocaleString('en')} numbers, ${callsPerSecond} calls/s, p99`,
    ...{ ours: oursP99, baseline: baselineP99, ratio: oursP99 / baselineP99, unit: 'ms' },
    aim: `p99 ≤ ${aimMs} ms beyond the median of the transport alone; the ratio is ours / baseline`,
    passes: beyondMs <= aimMs && missing === 0,
    detail: {
      ...{ beyondMs, pops: ours.latencies.length, missing },
      ...{ p50Ms: percentile(ours.latencies, 0.5), p99Ms: oursP99, longestMs: percentile(ours.latencies, 1) },
      ...{ baselineP50Ms: percentile(baseline.latencies, 0.5), baselineP99Ms: baselineP99 },
      ...{ agents: agents.length, filledInMs: Math.round(measured.filledInMs), loadAverage: loadavg()[0] ?? 0 },
    },
  };
}

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { DeskChange } from '../src/desk/desk-view.ts';
import type { BenchResult } from './bench-result.ts';
import { type BenchCall, createBenchCalls } from './ring-to-pop-calls.ts';
import { callerNumber, fillDirectory, writeMappings } from './ring-to-pop-directory.ts';

const root = path.join(import.meta.dirname, '..');
const callsPerSecond = 50;
const warmUpCalls = 5 * callsPerSecond;
const measuredCalls = 20 * callsPerSecond;
/** From the ringing to the rest of the call. */
const talkAfterMs = 1_000;
const patienceMs = 5_000;
const aimMs = 20;
const pbxName = 'bench';
const agents = Array.from({ length: 100 }, (_, index) => String(2_000 + index));

/** Milliseconds from the write of a call's events to each of its pops, and the pops that never came. */
interface Run {
  readonly latencies: readonly number[];
  readonly missing: number;
}

/** A browser's line, and how its messages tell that the pop of a call is there. */
interface Listening {
  readonly sockets: readonly Socket[];
  readonly onPop: (tell: (callId: string, extension: string) => void) => void;
}

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
    const baseline = await measure(pbx, calls(1), await startEcho(pbx.port, children));
    await stopAll(children);
    const ours = await measure(pbx, calls(2), await startHub(pbx.port, folder, children));
    return result({ numbers, filledInMs, ours, baseline });
  } finally {
    await stopAll(children);
    await pbx.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startEcho(amiPort: number, children: ChildProcess[]): Promise<Listening> {
  const echo = fork(path.join(import.meta.dirname, 'ring-to-pop-echo.ts'), [String(amiPort)]);
  children.push(echo);
  const [{ port }] = (await once(echo, 'message')) as [{ port: number }];
  const sockets = agents.map((extension) => open(`http://127.0.0.1:${port}`, { query: { extension } }));
  await Promise.all(sockets.map((socket) => heard(socket, 'connect')));
  return {
    sockets,
    onPop(tell) {
      for (const [index, socket] of sockets.entries()) {
        socket.on('echo', ({ callId }: { callId: string }) => tell(callId, agents[index] ?? ''));
      }
    },
  };
}

async function startHub(amiPort: number, folder: string, children: ChildProcess[]): Promise<Listening> {
  const crm = start(['sandbox', 'salesforce', '--port', '0', '--json'], children);
  const access = JSON.parse(await lineOf(crm, /^\{.*\}$/m)) as Record<'url' | 'clientId' | 'username' | 'privateKeyFile', string>;
  const settings = {
    ...{ TORITSUGI_DATA_DIR: folder, HTTP_PORT: '0', PBXS: pbxName, LOG_LEVEL: 'warn', MAPPINGS_DIR: writeMappings(folder) },
    ...{ AMI_PORT: String(amiPort), AMI_USER: 'bench', AMI_SECRET: 'bench' },
    AGENTS: agents.map((extension) => `${extension}=Agent ${extension}`).join(','),
    ...{ SALESFORCE_LOGIN_URL: access.url, SALESFORCE_CLIENT_ID: access.clientId, SALESFORCE_USERNAME: access.username },
    SALESFORCE_PRIVATE_KEY_FILE: access.privateKeyFile,
  };
  const file = path.join(folder, 'hub.env');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join(''),
  );
  const hub = start(['start', '--env', file], children);
  const url = /http:\S+/.exec(await lineOf(hub, /Toritsugi is ready: http:\S+/))?.[0] ?? '';
  const sockets = await Promise.all(agents.map((extension) => openDesk(url, extension)));
  return {
    sockets,
    onPop(tell) {
      for (const [index, socket] of sockets.entries()) {
        socket.on('desk:change', ({ changed }: DeskChange) => {
          for (const { callId, stage, match } of changed) {
            const isThere = stage === 'ringing' && match?.kind === 'known' && match.chosen.salesforce !== undefined;
            if (isThere) tell(callId.slice(pbxName.length + 1), agents[index] ?? '');
          }
        });
      }
    },
  };
}

async function openDesk(url: string, extension: string): Promise<Socket> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ extension }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const socket = open(url, { extraHeaders: { Cookie: cookie } });
  await heard(socket, 'desk:view');
  return socket;
}

function open(url: string, options: Partial<ManagerOptions & SocketOptions>): Socket {
  return io(url, { transports: ['websocket'], forceNew: true, ...options });
}

function heard(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => void socket.once(event, () => resolve()));
}

async function measure(pbx: SandboxAsterisk, calls: readonly BenchCall[], { sockets, onPop }: Listening): Promise<Run> {
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

function start(words: readonly string[], children: ChildProcess[]): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'src/cli/toritsugi.ts'), ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function lineOf(child: ChildProcess, wanted: RegExp): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(chunk);
    const found = wanted.exec(said)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`a process ended without saying ${wanted}: ${said.slice(-500)}`);
}

async function stopAll(children: ChildProcess[]): Promise<void> {
  for (const child of children.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
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

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

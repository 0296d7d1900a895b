import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchResult } from './bench-result.ts';

const aimMs = 1_500;
const runs = 5;
const longestMs = 60_000;
const root = path.join(import.meta.dirname, '..');

/**
 * From the shell to "ready", with everything installed and the database there from an earlier start: the whole `./toritsugi start`
 * with both CRMs set up, against a bare web server on a database. In turns; the median of each.
 */
export async function benchColdStart(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-cold-start-'));
  try {
    const ours = [path.join(root, 'toritsugi'), 'start', '--env', '/dev/null'];
    const bare = [process.execPath, '--disable-warning=ExperimentalWarning', path.join(root, 'bench/cold-start-bare.ts')];
    const begin = {
      ours: () => msToReady(ours, settings(folder)),
      bare: () => msToReady([...bare, path.join(folder, 'bare.db')], {}),
    };
    // The first start migrates the database and compiles.
    await begin.ours();
    await begin.bare();
    const measured = { ours: [] as number[], bare: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      measured.ours.push(await begin.ours());
      measured.bare.push(await begin.bare());
    }
    const [own, baseline] = [median(measured.ours), median(measured.bare)];
    return {
      name: 'cold start of the hub to ready',
      ...{ ours: own, baseline, ratio: own / baseline, unit: 'ms' },
      ...{ aim: `≤ ${aimMs} ms; baseline: express and SQLite alone`, passes: own <= aimMs, detail: measured },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing answers at these addresses: being ready waits for no PBX and no CRM. */
function settings(folder: string): Readonly<Record<string, string>> {
  return {
    ...{ TORITSUGI_DATA_DIR: folder, HTTP_PORT: '0', LOG_LEVEL: 'error' },
    ...{ AMI_HOST: '127.0.0.1', AMI_PORT: '1', AMI_USER: 'bench', AMI_SECRET: 'bench', AGENTS: '1001=佐藤 一郎' },
    ...{ SALESFORCE_LOGIN_URL: 'http://127.0.0.1:1', SALESFORCE_CLIENT_ID: 'bench', SALESFORCE_CLIENT_SECRET: 'bench' },
    ...{ KINTONE_BASE_URL: 'http://localhost:1', KINTONE_API_TOKENS: 'bench', KINTONE_APPS: 'customers=1,calls=2,followUps=3' },
  };
}

async function msToReady(
  [program = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const began = performance.now();
  const child = spawn(program, words, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const tooLong = setTimeout(() => child.kill('SIGKILL'), longestMs);
  try {
    for await (const said of child.stdout) if (String(said).includes('ready:')) return performance.now() - began;
    throw new Error(`${program} ended before it was ready`);
  } finally {
    child.kill('SIGTERM');
    await ended;
    clearTimeout(tooLong);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

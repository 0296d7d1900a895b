/** The whole hub, as it is in production: composed in this process, or as a process of its own that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSettings } from '../../src/config/read-settings.ts';
import { composeHub } from '../../src/main.ts';
import type { Log } from '../../src/observability/log.ts';

type Environment = Readonly<Record<string, string>>;

export interface RunningHub {
  readonly url: string;
  /** Everything it has logged so far. */
  logged(): string;
  stop(): Promise<void>;
}

export interface HubProcess extends RunningHub {
  /** As if the power had failed. */
  kill(): Promise<void>;
  readonly isRunning: boolean;
}

const START_LIMIT_MS = 20_000;
const MOST_LOGGED = 200_000;

/** `now`: the hub's clock, milliseconds since 1970. `webFolder` null serves no browser app. */
export async function startHubHere(
  environment: Environment,
  { now = Date.now, webFolder = null }: { readonly now?: () => number; readonly webFolder?: string | null } = {},
): Promise<RunningHub> {
  let logged = '';
  const log: Log = (level, message, fields = {}) => {
    if (logged.length < MOST_LOGGED) logged += `${level} ${message} ${JSON.stringify(fields, errorsAsText)}\n`;
  };
  const hub = await composeHub({ settings: readSettings(environment), webFolder, version: '0.0.0', log, now });
  return { url: hub.url, logged: () => logged, stop: () => hub.stop() };
}

/** `toritsugi start`. It dies with this process, however that ends. @throws Error with what it said when it does not get ready */
export async function startHubProcess(environment: Environment): Promise<HubProcess> {
  const file = path.join(environment.TORITSUGI_DATA_DIR ?? '', 'hub.env');
  writeFileSync(
    file,
    Object.entries(environment)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join(''),
    { mode: 0o600 },
  );
  const words = [process.execPath, path.resolve('src/cli/toritsugi.ts'), 'start', '--env', file];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], {
    // A shell's own settings for a hub are none of the test's.
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC', NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      if (said.length < MOST_LOGGED) said += chunk.toString();
    });
  }
  const url = await readyUrl(child, () => said);
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!isRunning()) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  return {
    url,
    logged: () => said,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    get isRunning() {
      return isRunning();
    },
  };
}

function readyUrl(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      child.kill('SIGKILL');
      reject(new Error(`the hub ${what}: ${said().slice(-4_000)}`));
    };
    const tooLate = setTimeout(() => fail('did not get ready in time'), START_LIMIT_MS);
    const look = () => {
      const url = /Toritsugi is ready: (http:\S+)/.exec(said())?.[1];
      if (url === undefined) return;
      clearTimeout(tooLate);
      resolve(url);
    };
    child.stdout?.on('data', look);
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => {
      clearTimeout(tooLate);
      fail('ended at once');
    });
  });
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}

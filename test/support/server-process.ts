import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

/** A real server of the machine, run for one test file. */
export interface ServerProcess {
  stop(signal: NodeJS.Signals): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Printed when the server takes connections. */
  readonly readyText: RegExp;
}

/** Starts it and waits until it is ready. It dies with this process, however that ends. */
export async function startServerProcess(server: ServerCommand): Promise<ServerProcess> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', server.command, ...server.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = await waitUntilReady(child, server);
  if (said !== null) throw new Error(`${server.command} did not start: ${said}`);
  return {
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

/** Null when it is ready, otherwise what it said before it gave up. */
function waitUntilReady(child: ChildProcess, server: ServerCommand): Promise<string | null> {
  let said = '';
  return new Promise((resolve) => {
    const listen = (chunk: Buffer) => {
      if (said.length < 100_000) said += chunk.toString();
      if (server.readyText.test(said)) resolve(null);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => resolve(said.slice(-2_000)));
  });
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the machine gave no port');
  return address.port;
}

/** @throws Error that says which Debian package to install. Tests fail without their servers; they are never left out. */
export function requireProgram(path: string | undefined, debianPackage: string): string {
  if (path !== undefined && existsSync(path)) return path;
  throw new Error(`This test needs a real server. Install it with: apt-get install ${debianPackage}`);
}

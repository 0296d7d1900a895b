import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, requireProgram, type ServerProcess, startServerProcess } from './server-process.ts';

/** A private Redis on a loopback port that writes nothing to the disk. */
export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
  /** After `stop`: the same address, empty. */
  startAgain(): Promise<void>;
}

/** Fails clearly where Redis is not installed. */
export async function startRedis(): Promise<TestRedis> {
  requireProgram('/usr/bin/redis-server', 'redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'toritsugi-redis-'));
  const started = await startOnFreePort(folder);
  let server = started.server;
  return {
    url: `redis://127.0.0.1:${started.port}`,
    stop: async () => {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
    startAgain: async () => {
      server = await start(started.port, tmpdir());
    },
  };
}

function start(port: number, folder: string): Promise<ServerProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  return startServerProcess({ command: '/usr/bin/redis-server', args, readyText: /Ready to accept connections/ });
}

async function startOnFreePort(folder: string): Promise<{ server: ServerProcess; port: number }> {
  for (let tried = 1; ; tried += 1) {
    const port = await findFreePort();
    try {
      return { server: await start(port, folder), port };
    } catch (error) {
      if (tried >= 3) throw error;
    }
  }
}

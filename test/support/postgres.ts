import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort, requireProgram, type ServerProcess, startServerProcess } from './server-process.ts';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** A private PostgreSQL on a loopback port, in a folder of its own, without fsync. */
export interface TestPostgres {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server as if its power had failed. */
  stop(): Promise<void>;
}

/** Takes a second or two: call it in `beforeAll` with 60 s of patience. Fails clearly where PostgreSQL is not installed. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'toritsugi-postgres-'));
  const user = await prepareUser(folder);
  const [initdb, ...initArgs] = [...user, join(bin, 'initdb'), '-D', join(folder, 'data'), '-U', 'toritsugi'];
  await run(initdb ?? '', [...initArgs, '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
  const { server, port } = await startOnFreePort([...user, join(bin, 'postgres')], folder);
  let made = 0;
  return {
    createDatabase: async () => {
      made += 1;
      const name = `test_${made}`;
      const client = new pg.Client({ connectionString: `postgres://toritsugi@127.0.0.1:${port}/postgres` });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return `postgres://toritsugi@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      await server.stop('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findPostgres(): string {
  const newest = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  const bin = newest === undefined ? undefined : join(DEBIAN, newest, 'bin');
  requireProgram(bin === undefined ? undefined : join(bin, 'initdb'), 'postgresql');
  return bin ?? '';
}

/** PostgreSQL refuses to run as root: then it runs as Debian's user `postgres`. */
async function prepareUser(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout.trim());
  const [uid, gid] = [await id('-u'), await id('-g')];
  chownSync(folder, uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig', 'KILL'];
}

/** Another program may take the port between finding and using it: then the next one. */
async function startOnFreePort(command: readonly string[], folder: string): Promise<{ server: ServerProcess; port: number }> {
  const [program, ...before] = command;
  for (let tried = 1; ; tried += 1) {
    const port = await findFreePort();
    const options = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=60', `port=${port}`];
    const settings = [...options, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'log_min_messages=log'];
    const args = [...before, '-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
    try {
      const server = await startServerProcess({
        command: program ?? '',
        args,
        readyText: /database system is ready to accept connections/,
      });
      return { server, port };
    } catch (error) {
      if (tried >= 3) throw error;
    }
  }
}

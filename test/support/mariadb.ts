import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { findFreePort, requireProgram, type ServerProcess, startServerProcess } from './server-process.ts';

const run = promisify(execFile);

/** A private MariaDB on a loopback port, in a folder of its own. */
export interface TestMariadb {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Takes some seconds: call it in `beforeAll`. Fails clearly where MariaDB is not installed. */
export async function startMariadb(): Promise<TestMariadb> {
  const program = '/usr/sbin/mariadbd';
  requireProgram(existsSync(program) ? program : undefined, 'mariadb-server');
  const folder = mkdtempSync(join(tmpdir(), 'toritsugi-mariadb-'));
  const data = join(folder, 'data');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const plain = ['--no-defaults', `--datadir=${data}`, ...asRoot];
  await run('mariadb-install-db', [...plain, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const { server, port } = await startOnFreePort(program, [...plain, ...quick(folder)]);
  let made = 0;
  return {
    async createDatabase() {
      made += 1;
      const name = `test_${made}`;
      const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.query(`create database ${name} character set utf8mb4`);
      await connection.end();
      return `mysql://root@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function quick(folder: string): readonly string[] {
  return [
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'sock')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--innodb-buffer-pool-size=16M',
    '--innodb-flush-log-at-trx-commit=0',
    '--skip-log-bin',
  ];
}

/** Another program may take the port between finding and using it: then the next one. */
async function startOnFreePort(command: string, args: readonly string[]): Promise<{ server: ServerProcess; port: number }> {
  for (let tried = 1; ; tried += 1) {
    const port = await findFreePort();
    try {
      const server = await startServerProcess({ command, args: [...args, `--port=${port}`], readyText: /ready for connections/ });
      return { server, port };
    } catch (error) {
      if (tried >= 3) throw error;
    }
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for SQLite files that goes away after the tests. */
export interface TestSqlite {
  /** The URL of a file that does not exist yet. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export async function startSqlite(): Promise<TestSqlite> {
  const folder = mkdtempSync(join(tmpdir(), 'toritsugi-sqlite-'));
  let made = 0;
  return {
    createDatabase: async () => {
      made += 1;
      return `sqlite:${join(folder, `test-${made}.db`)}`;
    },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

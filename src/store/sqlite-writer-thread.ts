/** The thread that writes the SQLite file: a commit waits for the disk, and ringing phones must not wait with it. */
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { WriterAnswer, WriterRequest } from './sqlite-writer.ts';

/** How long a statement waits while another process writes. */
const LOCK_WAIT_MS = 15_000;
const KEPT_STATEMENTS = 200;

const port = parentPort;
if (port === null) throw new Error('This file is the program of a thread.');
const sqlite = new Sqlite(String(workerData), { timeout: LOCK_WAIT_MS });
sqlite.pragma('journal_mode = WAL');
sqlite.pragma('synchronous = FULL');
sqlite.pragma('foreign_keys = ON');
const kept = new Map<string, Sqlite.Statement>();

port.on('message', (request: WriterRequest | 'close') => {
  if (request === 'close') {
    sqlite.close();
    port.close();
    return;
  }
  port.postMessage(answer(request));
});

function answer({ id, sql, parameters }: WriterRequest): WriterAnswer {
  try {
    const statement = statementOf(sql);
    if (statement.reader) return { id, rows: statement.all(parameters) };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { id, changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'UNKNOWN';
    return { id, failed: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Compiling a statement costs more than running it; the most recent ones are kept. */
function statementOf(sql: string): Sqlite.Statement {
  const statement = kept.get(sql) ?? sqlite.prepare(sql);
  kept.delete(sql);
  kept.set(sql, statement);
  const oldest = kept.keys().next();
  if (kept.size > KEPT_STATEMENTS && !oldest.done) kept.delete(oldest.value);
  return statement;
}

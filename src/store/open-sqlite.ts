import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { CompiledQuery, Dialect, QueryResult } from 'kysely';
import { TwoLaneSqliteDialect } from './sqlite-dialect.ts';
import { openSqliteWriter, type SqliteWriter } from './sqlite-writer.ts';

/** A read waits this long while the file is being recovered after a crash; writers never hold readers up (WAL). */
const READ_WAIT_MS = 1_000;
const KEPT_STATEMENTS = 200;

/**
 * Opens the file, and makes it and its folder when missing. Every commit is on the disk when it returns (WAL, full sync); it is made by
 * a thread of its own. A database in memory belongs to one connection and stays on this thread.
 */
export function openSqlite(file: string): { readonly dialect: Dialect; close(): Promise<void> } {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const sqlite = new Sqlite(file, { timeout: READ_WAIT_MS });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  const run = statementsOn(sqlite);
  const writer = file === ':memory:' ? writerHere(run) : openSqliteWriter(file);
  return {
    dialect: new TwoLaneSqliteDialect({ read: run, writer }),
    close: async () => {
      await writer.close();
      if (sqlite.open) sqlite.close();
    },
  };
}

type Run = <Row>(query: CompiledQuery) => QueryResult<Row>;

function writerHere(run: Run): SqliteWriter {
  return { execute: async (query) => run(query), close: async () => {} };
}

/** Compiling a statement costs more than running it; the most recent ones are kept. */
function statementsOn(sqlite: Sqlite.Database): Run {
  const kept = new Map<string, Sqlite.Statement>();
  const statementOf = (text: string) => {
    const statement = kept.get(text) ?? sqlite.prepare(text);
    kept.delete(text);
    kept.set(text, statement);
    const oldest = kept.keys().next();
    if (kept.size > KEPT_STATEMENTS && !oldest.done) kept.delete(oldest.value);
    return statement;
  };
  return <Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> => {
    const statement = statementOf(sql);
    if (statement.reader) return { rows: statement.all(parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  };
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** How long one try may block the event loop while another process writes. */
const BLOCK_MS = 50;
const PAUSE_MS = 50;
/** With the two above: about 15 seconds in all. */
const TRIES = 150;
const KEPT_STATEMENTS = 200;

/** Opens the file, and makes it and its folder when missing. Every commit is on the disk when it returns (WAL, full sync). */
export function openSqlite(file: string): { readonly dialect: Dialect; close(): Promise<void> } {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const sqlite = new Sqlite(file, { timeout: BLOCK_MS });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  return {
    dialect: new PatientSqliteDialect(sqlite),
    close: async () => {
      if (sqlite.open) sqlite.close();
    },
  };
}

class PatientSqliteDialect extends SqliteDialect {
  readonly #sqlite: Sqlite.Database;

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }

  override createDriver(): Driver {
    return new PatientSqliteDriver({ database: { prepare: keepStatements(this.#sqlite), close: () => this.#sqlite.close() } });
  }
}

/**
 * Transactions take the write lock at once: one that starts by reading and writes later would fail with "database is locked"
 * however long it waited, because its snapshot is old. https://www.sqlite.org/lang_transaction.html
 */
class PatientSqliteDriver extends SqliteDriver {
  #connection: DatabaseConnection | null = null;

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= patient(await super.acquireConnection());
    return this.#connection;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** Waits without holding up the event loop while another process has the lock. A statement refused for the lock has done nothing. */
function patient(connection: DatabaseConnection): DatabaseConnection {
  const execute = async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await connection.executeQuery<Row>(query);
      } catch (error) {
        if (!isLocked(error) || tried >= TRIES) throw error;
        await pause(PAUSE_MS);
      }
    }
  };
  return { executeQuery: execute, streamQuery: (query, size) => connection.streamQuery(query, size) };
}

/** By its code: the native module gives every error the class of whoever loaded it first. */
function isLocked(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** Compiling a statement costs more than running it; the most recent ones are kept. */
function keepStatements(sqlite: Sqlite.Database): (text: string) => SqliteStatement {
  const kept = new Map<string, SqliteStatement>();
  return (text) => {
    const statement = kept.get(text) ?? (sqlite.prepare(text) as unknown as SqliteStatement);
    kept.delete(text);
    kept.set(text, statement);
    const oldest = kept.keys().next();
    if (kept.size > KEPT_STATEMENTS && !oldest.done) kept.delete(oldest.value);
    return statement;
  };
}

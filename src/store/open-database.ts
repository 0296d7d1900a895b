import { Kysely } from 'kysely';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Database } from './schema.ts';

/** The one relational store of the hub. */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Kysely<Database>;
  /** Waits for nothing: end what uses it first. Closing twice is harmless. */
  close(): Promise<void>;
}

export interface StoreSettings {
  /** `sqlite:<file>`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string;
  /** Most connections to PostgreSQL; 10 unless given. */
  readonly maxConnections?: number;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onConnectionError?: (error: Error) => void;
}

/** The store cannot be opened as configured. The message never holds the password of the URL. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Opens the store; the schema is `migrate`'s business. A SQLite file and its folder are made when missing, PostgreSQL is first
 * spoken to by the first query.
 *
 * @throws StoreUnavailable when the URL names no known database or the SQLite file cannot be opened.
 */
export function openDatabase(settings: StoreSettings): Store {
  const { url } = settings;
  if (url.startsWith('sqlite:')) {
    const sqlite = attempt(`SQLite file ${url.slice('sqlite:'.length)}`, () => openSqlite(url.slice('sqlite:'.length)));
    const db = new Kysely<Database>({ dialect: sqlite.dialect });
    return { kind: 'sqlite', db, close: closeOnce(db, sqlite.close) };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const onConnectionError = settings.onConnectionError ?? (() => {});
    const postgres = attempt('PostgreSQL', () =>
      openPostgres({ url, maxConnections: settings.maxConnections ?? 10, onConnectionError }),
    );
    const db = new Kysely<Database>({ dialect: postgres.dialect });
    return { kind: 'postgres', db, close: closeOnce(db, postgres.close) };
  }
  const scheme = url.split(':', 1)[0]?.slice(0, 20) ?? '';
  throw new StoreUnavailable(`Unknown database "${scheme}:…". Give sqlite:<file> or postgres://user:password@host/database.`);
}

function attempt<Opened>(what: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new StoreUnavailable(`${what} cannot be opened: ${reason}.`, { cause });
  }
}

/** Kysely closes the driver only after a first query, so the driver is closed by ourselves as well. */
function closeOnce(db: Kysely<Database>, closeDriver: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => {
    closing ??= db.destroy().then(closeDriver);
    return closing;
  };
}

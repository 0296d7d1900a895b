import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

/** The type number of `bigint`, which pg gives as text unless told otherwise. */
const INT8 = 20;

export interface PostgresSettings {
  readonly url: string;
  readonly maxConnections: number;
  readonly onConnectionError: (error: Error) => void;
}

/** A pool with limits everywhere: nothing waits for ever, neither for a connection nor for an answer nor with a lock in hand. */
export function openPostgres(settings: PostgresSettings): { readonly dialect: Dialect; close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: settings.url,
    max: settings.maxConnections,
    application_name: 'toritsugi',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? readBigint : pg.types.getTypeParser(oid, format ?? 'text'),
    } as pg.CustomTypesConfig,
  });
  // Without a listener a server that restarts would end the whole process.
  pool.on('error', settings.onConnectionError);
  return {
    dialect: new PostgresDialect({ pool }),
    close: async () => {
      if (!pool.ended && !pool.ending) await pool.end();
    },
  };
}

/** Every bigint of ours is a count or an instant in milliseconds, far below 2^53. */
function readBigint(text: string): number {
  return Number(text);
}

import pg from 'pg';
import { type RecordDatabase, type SqlDialect, selectionSql, valuesOf } from './record-database.ts';

const numberTypes = new Set(['integer', 'bigint', 'double precision', 'real', 'numeric']);

const dialect: SqlDialect = {
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (column) => `${column}::text`,
  parameter: (position) => `$${position}`,
  later: (column, seconds) => `(${column} + ${seconds} * interval '1 second')`,
};

/** One connection at a time, only while it is read, so that a database that is away costs nothing. */
export function openPostgresRecords(url: string): RecordDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'toritsugi',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    // A server that has gone silent cannot break off its own statement.
    query_timeout: 65_000,
  });
  pool.on('error', () => {});
  return {
    name: `PostgreSQL at ${hostIn(url)}`,
    async columnsOf(table) {
      const found = await pool.query<{ name: string; type: string }>(
        'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false)) AND table_name = $1 ORDER BY ordinal_position',
        [table],
      );
      return found.rows.map(({ name, type }) => ({ name, isNumber: numberTypes.has(type) }));
    },
    async select(selection) {
      const found = await pool.query<Record<string, string | null>>(selectionSql(selection, dialect), valuesOf(selection));
      return found.rows;
    },
    close: () => pool.end(),
  };
}

function hostIn(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'an address that cannot be read';
  }
}

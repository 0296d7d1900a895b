import mysql from 'mysql2/promise';
import { type RecordDatabase, type SqlDialect, selectionSql, valuesOf } from './record-database.ts';
import { inSlices, mapped } from './unhurried.ts';

const numberTypes = new Set(['int', 'bigint', 'double', 'float', 'decimal']);

/** For one answer, ms: a database that has gone silent is noticed by nothing else. */
const timeout = 60_000;

const dialect: SqlDialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: (column) => `CAST(${column} AS CHAR)`,
  parameter: () => '?',
  later: (column, seconds) => `DATE_ADD(${column}, INTERVAL ${seconds} SECOND)`,
};

/** MySQL and MariaDB, where FreePBX keeps its `asteriskcdrdb`. */
export function openMysqlRecords(url: string): RecordDatabase {
  let opened: mysql.Pool | null = null;
  /** Not before it is asked: its timer keeps a process alive that has come to nothing else. */
  const pool = () => {
    opened ??= mysql.createPool({ uri: url, connectionLimit: 1, connectTimeout: 10_000, maxIdle: 0, charset: 'utf8mb4' });
    return opened;
  };
  return {
    name: `MySQL at ${hostIn(url)}`,
    async columnsOf(table) {
      const sql =
        'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position';
      const [rows] = await pool().query<mysql.RowDataPacket[]>({ sql, timeout }, [table]);
      return rows.map(({ name, type }) => ({ name: String(name), isNumber: numberTypes.has(String(type)) }));
    },
    async select(selection, signal) {
      const sql = selectionSql(selection, dialect);
      const [rows] = await pool().query<mysql.RowDataPacket[]>({ sql, timeout }, valuesOf(selection));
      return inSlices(mapped(rows, textsOf), signal);
    },
    close: async () => opened?.end(),
  };
}

function textsOf(row: mysql.RowDataPacket): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

function hostIn(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'an address that cannot be read';
  }
}

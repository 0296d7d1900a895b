import { type CreateTableBuilder, type Kysely, SqliteAdapter, sql } from 'kysely';
import type { Migration } from '../migration.ts';

export const directory: Migration = {
  name: '0010-directory',
  async up(db) {
    await db.schema
      .createTable('directory_sources')
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('connector', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('cursor', 'text')
      .addColumn('reading', 'text')
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('drop_below', 'integer')
      .addColumn('records_read', 'bigint', (column) => column.notNull())
      .addColumn('records_total', 'bigint')
      .addColumn('page_at', 'bigint')
      .addColumn('complete_at', 'bigint')
      .addColumn('problem', 'text')
      .addUniqueConstraint('directory_sources_one', ['connector', 'object'])
      .execute();

    await db.schema
      .createTable('directory_records')
      .ifNotExists()
      .addColumn('id', isSqlite(db) ? 'integer' : 'bigserial', (column) => column.primaryKey())
      .addColumn('source', 'integer', (column) => column.notNull())
      .addColumn('record_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('phones', 'text', (column) => column.notNull())
      .addColumn('numbers', 'text', (column) => column.notNull())
      .addColumn('field_values', 'text', (column) => column.notNull())
      .addColumn('modified_at', 'text')
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addUniqueConstraint('directory_records_one', ['source', 'record_id'])
      .execute();

    await keyOnly(
      db,
      db.schema
        .createTable('directory_numbers')
        .ifNotExists()
        .addColumn('number', 'bigint', (column) => column.notNull())
        .addColumn('record', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('directory_numbers_key', ['number', 'record']),
    ).execute();

    await keyOnly(
      db,
      db.schema
        .createTable('directory_unreadable')
        .ifNotExists()
        .addColumn('source', 'integer', (column) => column.notNull())
        .addColumn('record_id', 'text', (column) => column.notNull())
        .addColumn('field', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('raw', 'text', (column) => column.notNull())
        .addColumn('why', 'text', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('directory_unreadable_key', ['source', 'record_id', 'field']),
    ).execute();

    await keyOnly(
      db,
      db.schema
        .createTable('caller_choices')
        .ifNotExists()
        .addColumn('number', 'bigint', (column) => column.notNull())
        .addColumn('connector', 'text', (column) => column.notNull())
        .addColumn('object', 'text', (column) => column.notNull())
        .addColumn('record_id', 'text', (column) => column.notNull())
        .addColumn('chosen_by', 'text', (column) => column.notNull())
        .addColumn('chosen_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('caller_choices_key', ['number', 'connector']),
    ).execute();
  },
};

function isSqlite(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}

/** SQLite would keep such a table twice, once as rows and once as the index of its key. https://www.sqlite.org/withoutrowid.html */
function keyOnly<Name extends string, Columns extends string>(db: Kysely<unknown>, table: CreateTableBuilder<Name, Columns>) {
  return isSqlite(db) ? table.modifyEnd(sql`without rowid`) : table;
}

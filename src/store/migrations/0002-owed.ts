import type { Migration } from '../migration.ts';

export const owed: Migration = {
  name: '0002-owed',
  async up(db) {
    await db.schema
      .createTable('owed_records')
      .ifNotExists()
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('connector', 'text', (column) => column.notNull())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('call_id', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('written_version', 'bigint')
      .addColumn('remote_id', 'text')
      .addColumn('key_object', 'text')
      .addColumn('key_field', 'text')
      .addColumn('key_value', 'text')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
      .addColumn('lease', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('problem', 'text')
      .addColumn('problem_code', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('owed_records_one', ['connector', 'purpose', 'call_id'])
      .execute();
    await db.schema
      .createIndex('owed_records_due')
      .ifNotExists()
      .on('owed_records')
      .columns(['connector', 'status', 'next_attempt_at'])
      .execute();
    await db.schema.createIndex('owed_records_open').ifNotExists().on('owed_records').columns(['status', 'changed_at']).execute();
    await db.schema.createIndex('owed_records_call').ifNotExists().on('owed_records').column('call_id').execute();

    await db.schema
      .createTable('connector_holds')
      .ifNotExists()
      .addColumn('connector', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .execute();
  },
};

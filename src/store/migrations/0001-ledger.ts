import type { Migration } from '../migration.ts';

export const ledger: Migration = {
  name: '0001-ledger',
  async up(db) {
    await db.schema
      .createTable('calls')
      .ifNotExists()
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('pbx', 'text', (column) => column.notNull())
      .addColumn('direction', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('customer_number', 'text')
      .addColumn('record', 'text', (column) => column.notNull())
      .addColumn('live_state', 'text')
      .addColumn('outcome', 'text')
      .addColumn('notes', 'text')
      .addColumn('lead_id', 'text')
      .addColumn('edited_by', 'text')
      .addColumn('edited_at', 'bigint')
      .execute();
    await db.schema.createIndex('calls_started').ifNotExists().on('calls').columns(['started_at', 'id']).execute();
    await db.schema.createIndex('calls_customer').ifNotExists().on('calls').columns(['customer_number', 'started_at']).execute();
    await db.schema.createIndex('calls_ended').ifNotExists().on('calls').column('ended_at').execute();

    await db.schema
      .createTable('call_matches')
      .ifNotExists()
      .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id').onDelete('cascade'))
      .addColumn('connector', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('record_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('call_matches_key', ['call_id', 'connector'])
      .execute();

    await db.schema
      .createTable('call_aliases')
      .ifNotExists()
      .addColumn('alias', 'text', (column) => column.primaryKey())
      .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id').onDelete('cascade'))
      .execute();
    await db.schema
      .createTable('call_agents')
      .ifNotExists()
      .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id').onDelete('cascade'))
      .addColumn('extension', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('call_agents_key', ['extension', 'call_id'])
      .execute();
    await db.schema.createIndex('call_agents_call').ifNotExists().on('call_agents').column('call_id').execute();

    await db.schema.createIndex('call_aliases_call').ifNotExists().on('call_aliases').column('call_id').execute();
  },
};

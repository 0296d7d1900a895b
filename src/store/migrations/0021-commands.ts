import type { Migration } from '../migration.ts';

export const commands: Migration = {
  name: '0021-commands',
  async up(db) {
    await db.schema
      .createTable('commands')
      .ifNotExists()
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('who', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('request_hash', 'text', (column) => column.notNull())
      .addColumn('call_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('answer', 'text')
      .addColumn('dialling', 'text', (column) => column.unique())
      .addColumn('noted_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .execute();
    await db.schema.createIndex('commands_noted').ifNotExists().on('commands').column('noted_at').execute();
  },
};

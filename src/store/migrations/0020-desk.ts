import type { Migration } from '../migration.ts';

export const desk: Migration = {
  name: '0020-desk',
  async up(db) {
    await db.schema
      .createTable('desk_drafts')
      .ifNotExists()
      .addColumn('call_id', 'text', (column) => column.primaryKey())
      .addColumn('draft', 'text', (column) => column.notNull())
      .addColumn('kept_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('desk_drafts_kept').ifNotExists().on('desk_drafts').column('kept_at').execute();
  },
};

import type { Migration } from '../migration.ts';

export const routing: Migration = {
  name: '0040-routing',
  async up(db) {
    await db.schema
      .createTable('blocked_numbers')
      .ifNotExists()
      .addColumn('pattern', 'text', (column) => column.primaryKey())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('blocked_by', 'text', (column) => column.notNull())
      .addColumn('blocked_at', 'bigint', (column) => column.notNull())
      .addColumn('until', 'bigint')
      .execute();
  },
};

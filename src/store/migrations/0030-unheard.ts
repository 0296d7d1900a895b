import type { Migration } from '../migration.ts';

export const unheard: Migration = {
  name: '0030-unheard',
  async up(db) {
    await db.schema
      .createTable('unheard_gaps')
      .ifNotExists()
      .addColumn('pbx', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint')
      .addPrimaryKeyConstraint('unheard_gaps_key', ['pbx', 'from_at'])
      .execute();
    await db.schema
      .createTable('unheard_progress')
      .ifNotExists()
      .addColumn('pbx', 'text', (column) => column.primaryKey())
      .addColumn('began_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint', (column) => column.notNull())
      .addColumn('heard_at', 'bigint', (column) => column.notNull())
      .execute();
  },
};

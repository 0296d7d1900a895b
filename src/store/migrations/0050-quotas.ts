import { sql } from 'kysely';
import type { Migration } from '../migration.ts';

export const quotas: Migration = {
  name: '0050-quotas',
  async up(db) {
    await db.schema
      .createTable('quota_spent')
      .ifNotExists()
      .addColumn('connector', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('hour', 'integer', (column) => column.notNull())
      .addColumn('spent', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('quota_spent_one', ['connector', 'object', 'hour'])
      .execute();
    await db.schema
      .createTable('quota_told')
      .ifNotExists()
      .addColumn('connector', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('used', 'integer', (column) => column.notNull())
      .addColumn('day_limit', 'integer', (column) => column.notNull())
      .addColumn('told_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('quota_told_one', ['connector', 'object'])
      .execute();
    await db.schema
      .createTable('quota_processes')
      .ifNotExists()
      .addColumn('process', 'text', (column) => column.primaryKey())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .execute();
    // What a CRM does not have yet goes before what only changes there, also when thousands change.
    await db.schema
      .createIndex('owed_records_new')
      .ifNotExists()
      .on('owed_records')
      .columns(['connector', 'status', 'next_attempt_at'])
      .where(sql<boolean>`remote_id is null`)
      .execute();
  },
};

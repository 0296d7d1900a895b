import type { Migration } from '../migration.ts';

/** Columns of the call and no table of their own: every reading of a call would have to ask for it too. */
export const followUps: Migration = {
  name: '0055-follow-ups',
  async up(db) {
    const tables = await db.introspection.getTables();
    const isThere = tables.find(({ name }) => name === 'calls')?.columns.some(({ name }) => name === 'follow_up') ?? false;
    if (!isThere) {
      // One at a time: SQLite adds no two columns at once.
      await db.schema.alterTable('calls').addColumn('follow_up', 'text').execute();
      await db.schema.alterTable('calls').addColumn('follow_up_due_at', 'bigint').execute();
    }
    await db.schema
      .createIndex('calls_follow_up')
      .ifNotExists()
      .on('calls')
      .columns(['follow_up_due_at', 'id'])
      .where('follow_up_due_at' as never, 'is not', null)
      .execute();
  },
};

import type { Store } from '../../src/store/open-database.ts';

/** Everything the directory holds, by the CRM's own ids: equal for two directories that know the same. */
export function directoryContents({ db }: Store) {
  // Of one moment: a commit may outlive the process that asked for it.
  const snapshot = db.transaction().setIsolationLevel('repeatable read');
  return snapshot.execute(async (trx) => {
    const records = await trx
      .selectFrom('directory_records')
      .select(['record_id', 'name', 'phones', 'field_values', 'numbers'])
      .orderBy('record_id')
      .execute();
    const numbers = await trx
      .selectFrom('directory_numbers as number')
      .leftJoin('directory_records as record', 'record.id', 'number.record')
      .select(['number.number', 'record.record_id'])
      .orderBy('number.number')
      .orderBy('record.record_id')
      .execute();
    const unreadable = await trx
      .selectFrom('directory_unreadable')
      .select(['record_id', 'field', 'raw'])
      .orderBy('record_id')
      .orderBy('field')
      .execute();
    return { records, numbers, unreadable };
  });
}

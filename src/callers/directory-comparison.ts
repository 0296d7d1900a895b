/** What the directory already holds of records that are about to be written to it, for a dry run. */
import type { Kysely } from 'kysely';
import type { CallerRecord } from '../../connectors/connector.ts';
import type { Database } from '../store/schema.ts';
import { recordsAtOnce } from './directory-rows.ts';

export interface DirectoryComparison {
  /** At most `recordsAtOnce` records. In their order. */
  compare(records: readonly CallerRecord[]): Promise<readonly ('new' | 'changed' | 'same')[]>;
  count(): Promise<number>;
}

export const mostCompared = recordsAtOnce;

export function createDirectoryComparison(
  db: Kysely<Database>,
  { connector, object }: { readonly connector: string; readonly object: string },
): DirectoryComparison {
  const stored = () =>
    db
      .selectFrom('directory_records as record')
      .innerJoin('directory_sources as source', 'source.id', 'record.source')
      .where('source.connector', '=', connector)
      .where('source.object', '=', object);

  return {
    async compare(records) {
      if (records.length === 0) return [];
      const rows = await stored()
        .select(['record.record_id', 'record.name', 'record.phones', 'record.field_values'])
        .where(
          'record.record_id',
          'in',
          records.map(({ id }) => id),
        )
        .execute();
      const known = new Map(rows.map((row) => [row.record_id, [row.name, row.phones, row.field_values].join('\n')]));
      return records.map(({ id, name, phones, values }) => {
        const before = known.get(id);
        if (before === undefined) return 'new';
        return before === [name, JSON.stringify(phones), JSON.stringify(values)].join('\n') ? 'same' : 'changed';
      });
    },

    async count() {
      const row = await stored()
        .select(({ fn }) => fn.countAll<number>().as('records'))
        .executeTakeFirstOrThrow();
      return Number(row.records);
    },
  };
}

import type { Kysely } from 'kysely';

/**
 * One step of the schema. Once released it never changes. `up` runs in a transaction, on SQLite and PostgreSQL alike, and is
 * written so that running it again does no harm (`ifNotExists`).
 */
export interface Migration {
  /** `0001-what`; no two have the same number, and they run in the order of their numbers. */
  readonly name: string;
  up(db: Kysely<unknown>): Promise<void>;
}

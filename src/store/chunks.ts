/** SQLite takes 32,766 values in one statement, PostgreSQL 65,535. */
const MOST_VALUES = 30_000;

/** Rows in portions that fit into one `insert` of `columns` columns. */
export function chunksForInsert<Row>(rows: readonly Row[], columns: number): readonly (readonly Row[])[] {
  const size = Math.floor(MOST_VALUES / columns);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));
}

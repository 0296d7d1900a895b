/** The little of SQL that reading Asterisk's tables takes; every value comes back as text. */
export interface RecordDatabase {
  /** `PostgreSQL at db.example.co.jp`. No secret. */
  readonly name: string;
  /** Columns of a table, in lower case as Asterisk's modules want them; empty when there is no such table. */
  columnsOf(table: string): Promise<readonly TableColumn[]>;
  select(selection: Selection): Promise<readonly Readonly<Record<string, string | null>>[]>;
  close(): Promise<void>;
}

export interface TableColumn {
  readonly name: string;
  /** Seconds since 1970 are kept in it, not a date. */
  readonly isNumber: boolean;
}

export interface Selection {
  readonly table: string;
  readonly columns: readonly string[];
  /** Rows whose column is this or more; null: all. */
  readonly from: { readonly column: string; readonly value: string | number } | null;
  readonly orderBy: string;
  readonly descending: boolean;
  readonly limit: number;
}

/** Names come from the database's own list of columns; whatever is in them is quoted. */
export function selectionSql(
  selection: Selection,
  dialect: { quote(name: string): string; text(column: string): string; parameter: string },
): string {
  const { table, columns, from, orderBy, descending, limit } = selection;
  const { quote, text, parameter } = dialect;
  // Of the table, not of the selection: there a number is a text, and 10 comes before 9.
  const own = (column: string) => `r.${quote(column)}`;
  const list = columns.map((column) => `${text(own(column))} AS ${quote(column)}`).join(', ');
  const where = from === null ? '' : ` WHERE ${own(from.column)} >= ${parameter}`;
  const order = `${own(orderBy)}${descending ? ' DESC' : ''}`;
  return `SELECT ${list} FROM ${quote(table)} AS r${where} ORDER BY ${order} LIMIT ${limit}`;
}

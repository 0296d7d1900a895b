/** The little of SQL that reading Asterisk's tables takes; every value comes back as text. */
export interface RecordDatabase {
  /** `PostgreSQL at db.example.co.jp`. No secret. */
  readonly name: string;
  /** Columns of a table, in lower case as Asterisk's modules want them; empty when there is no such table. */
  columnsOf(table: string): Promise<readonly TableColumn[]>;
  select(selection: Selection, signal: AbortSignal): Promise<readonly Readonly<Record<string, string | null>>[]>;
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
  readonly from: { readonly column: string; readonly value: string | number; readonly end: EndOfRow | null } | null;
  readonly orderBy: string;
  readonly descending: boolean;
  readonly limit: number;
}

/** Also: the column and so many seconds are this or more. */
export interface EndOfRow {
  readonly seconds: string;
  readonly value: string | number;
}

export interface SqlDialect {
  quote(name: string): string;
  text(column: string): string;
  parameter(position: number): string;
  later(column: string, seconds: string): string;
}

/** Names come from the database's own list of columns; whatever is in them is quoted. */
export function selectionSql(selection: Selection, { quote, text, parameter, later }: SqlDialect): string {
  const { table, columns, from, orderBy, descending, limit } = selection;
  // Of the table, not of the selection: there a number is a text, and 10 comes before 9.
  const own = (column: string) => `r.${quote(column)}`;
  const list = columns.map((column) => `${text(own(column))} AS ${quote(column)}`).join(', ');
  const conditions: string[] = [];
  if (from !== null) conditions.push(`${own(from.column)} >= ${parameter(1)}`);
  if (from?.end) conditions.push(`${later(own(from.column), own(from.end.seconds))} >= ${parameter(2)}`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${list} FROM ${quote(table)} AS r${where} ORDER BY ${own(orderBy)}${descending ? ' DESC' : ''} LIMIT ${limit}`;
}

/** The values for the parameters of the selection, in order. */
export function valuesOf({ from }: Selection): (string | number)[] {
  if (from === null) return [];
  return from.end === null ? [from.value] : [from.value, from.end.value];
}

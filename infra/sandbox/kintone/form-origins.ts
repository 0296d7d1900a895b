/** What the fields and choices of a form to come are called in the form as it is, so that values go along. Pure. */
import type { AppDefinition, FieldProperty } from './app-definition.ts';
import { emptyValue, type TableRow, type WireValue } from './field-values.ts';
import { rowsOf } from './query-values.ts';

/** Only what differs: a field that is not named is called the same, or is not there. */
export interface Origins {
  /** By the code to come; null for a field that is new, also where one of this code was removed. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** By the code to come, the choices by their labels to come. */
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const SAME: Origins = { fields: {}, choices: {} };

export function withNewField(origins: Origins, { code, fields = {} }: FieldProperty): Origins {
  const added = [code, ...Object.keys(fields)].map((each) => [each, null]);
  return { ...origins, fields: { ...origins.fields, ...Object.fromEntries(added) } };
}

export function withRenamedField(origins: Origins, from: string, to: string): Origins {
  const { [from]: before = from, ...fields } = origins.fields;
  const { [from]: choices, ...rest } = origins.choices;
  return { fields: { ...fields, [to]: before }, choices: choices === undefined ? rest : { ...rest, [to]: choices } };
}

/** `renamed`: labels to come, and what they were before this change. */
export function withRenamedChoices(origins: Origins, code: string, renamed: Readonly<Record<string, string>>): Origins {
  if (Object.keys(renamed).length === 0) return origins;
  const known = origins.choices[code] ?? {};
  const kept = Object.entries(known).filter(([label]) => !Object.values(renamed).includes(label));
  const chained = Object.entries(renamed).map(([to, from]) => [to, known[from] ?? from]);
  return { ...origins, choices: { ...origins.choices, [code]: Object.fromEntries([...kept, ...chained]) } };
}

type Values = Readonly<Record<string, WireValue>>;

/** A record's values in the form to come; fields that are new have none yet. */
export function carriedValues(values: Values, app: AppDefinition, origins: Origins): Values {
  const carried = Object.values(app.fields).flatMap((field) => {
    const value = valueBefore(values, field.code, origins);
    if (value === undefined) return [];
    const kept = field.type === 'SUBTABLE' ? carriedRows(rowsOf(value), field, origins) : relabelled(value, field.code, origins);
    return [[field.code, kept] as const];
  });
  return Object.fromEntries(carried);
}

function valueBefore<T>(values: Readonly<Record<string, T>>, code: string, { fields }: Origins): T | undefined {
  const before = Object.hasOwn(fields, code) ? fields[code] : code;
  return before === null || before === undefined ? undefined : values[before];
}

/** A column that is new is empty in the rows that are there. */
function carriedRows(rows: readonly TableRow[], table: FieldProperty, origins: Origins): readonly TableRow[] {
  const cells = Object.values(table.fields ?? {});
  return rows.map(({ id, value }) => {
    const carried = cells.map((cell) => {
      const before = valueBefore(value, cell.code, origins)?.value;
      const kept = before === undefined ? emptyValue(cell) : relabelled(before, cell.code, origins);
      return [cell.code, { type: cell.type, value: kept }];
    });
    return { id, value: Object.fromEntries(carried) };
  });
}

function relabelled(value: WireValue, code: string, { choices }: Origins): WireValue {
  const renamed = Object.entries(choices[code] ?? {});
  if (renamed.length === 0) return value;
  const now = (label: string): string => renamed.find(([, before]) => before === label)?.[0] ?? label;
  if (typeof value === 'string') return now(value);
  return Array.isArray(value) ? (value as readonly unknown[]).map((each) => now(String(each))) : value;
}

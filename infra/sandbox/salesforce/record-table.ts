import { createEqualRows, type EqualRows } from './equal-rows.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { createOrderedRows, type OrderedRows, type PlaceRange } from './ordered-rows.ts';
import type { Row, Value } from './record-store.ts';

/** The orders in which records can be read from any place on. */
export type RecordOrder = 'Id' | 'SystemModstamp';

/** How many digits at the end of a number the search by telephone goes by. */
export const PHONE_END_DIGITS = 7;

/**
 * The records of one object and the ways to find them. Its orders are kept all the time; an index by value is built when it is first
 * asked for, and kept from then on.
 */
export interface RecordTable {
  get(id: string): Row | undefined;
  /** In the order of creation, those in the recycle bin included. */
  all(): Iterable<Row>;
  /** Without those in the recycle bin. */
  countLive(): number;
  /** A record with nothing but its defaults: every field is there, which keeps a million of them small. */
  blank(): Row;
  add(row: Row): void;
  /** Takes it out altogether, as if it had never been. */
  drop(row: Row): void;
  change(row: Row, values: Row): void;
  /** Only for a field that `hasIndex`. Text is found in whatever case. */
  find(field: FieldDefinition, value: Value): readonly Row[];
  /** Records with a telephone number that ends with these digits. */
  withPhoneEnd(digits: string): readonly Row[];
  walk(order: RecordOrder, range: PlaceRange, descending: boolean): Iterable<Row>;
}

/** What the service finds without reading the whole table. */
export function hasIndex(field: FieldDefinition): boolean {
  if (field.kind === 'reference') return !field.referenceTo.includes('User');
  return field.externalId || field.unique || field.kind === 'phone' || field.kind === 'email';
}

export function createRecordTable(object: ObjectDefinition): RecordTable {
  const rows = new Map<string, Row>();
  const byValue = new Map<string, EqualRows>();
  const byOrder: Readonly<Record<RecordOrder, OrderedRows>> = {
    Id: createOrderedRows(() => ''),
    SystemModstamp: createOrderedRows((row) => String(row.SystemModstamp)),
  };
  let byPhoneEnd: EqualRows | null = null;
  let live = 0;
  // A parsed object has a shape of its own, which its copies share; one that grows field by field is several times as large.
  const template = JSON.stringify(Object.fromEntries([...object.fields].map(([name, field]) => [name, field.defaultValue])));
  const shape: Row = JSON.parse(template);
  const phones = [...object.fields.values()].filter(({ kind }) => kind === 'phone').map(({ name }) => name);

  const indexes = (): readonly { add(row: Row): void; remove(row: Row): void }[] => [
    ...byValue.values(),
    byOrder.Id,
    byOrder.SystemModstamp,
    ...(byPhoneEnd === null ? [] : [byPhoneEnd]),
  ];
  const fill = <Index extends { add(row: Row): void }>(index: Index): Index => {
    for (const row of rows.values()) index.add(row);
    return index;
  };
  const countOf = (row: Row): number => (row.IsDeleted === true ? 0 : 1);

  return {
    get: (id) => rows.get(id),
    all: () => rows.values(),
    countLive: () => live,
    blank: () => ({ ...shape }),
    add: (row) => {
      rows.set(String(row.Id), row);
      live += countOf(row);
      for (const index of indexes()) index.add(row);
    },
    drop: (row) => {
      for (const index of indexes()) index.remove(row);
      live -= countOf(row);
      rows.delete(String(row.Id));
    },
    change: (row, values) => {
      for (const index of indexes()) index.remove(row);
      live -= countOf(row);
      Object.assign(row, values);
      live += countOf(row);
      for (const index of indexes()) index.add(row);
    },
    find: (field, value) => {
      if (value === null) return [];
      let index = byValue.get(field.name);
      if (index === undefined) {
        const key = (row: Row) => indexKey(row[field.name] ?? null);
        index = fill(createEqualRows((row) => key(row)));
        byValue.set(field.name, index);
      }
      return indexKey(value).flatMap((key) => index.find(key));
    },
    withPhoneEnd: (digits) => {
      byPhoneEnd ??= fill(createEqualRows((row) => phones.flatMap((name) => phoneEnd(row[name] ?? null))));
      return phoneEnd(digits).flatMap((key) => byPhoneEnd?.find(key) ?? []);
    },
    walk: (order, range, descending) => byOrder[order].walk(range, descending),
  };
}

function indexKey(value: Value): readonly (string | number)[] {
  if (value === null || typeof value === 'boolean') return [];
  return [typeof value === 'string' ? value.toLowerCase() : value];
}

/** A number rather than a text: a million of them must fit. */
function phoneEnd(value: Value): readonly number[] {
  const digits = String(value ?? '').replace(/\D/g, '');
  return digits.length < PHONE_END_DIGITS ? [] : [Number(digits.slice(-PHONE_END_DIGITS))];
}

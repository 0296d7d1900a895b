import type { Row } from './record-store.ts';

export type EqualKey = string | number;

/** Rows found by a value they have. */
export interface EqualRows {
  add(row: Row): void;
  /** While the row still has the values it was added with. */
  remove(row: Row): void;
  find(key: EqualKey): readonly Row[];
}

/** Most values belong to one row only, which needs no set of its own. */
export function createEqualRows(keysOf: (row: Row) => readonly EqualKey[]): EqualRows {
  const rows = new Map<EqualKey, Row | Set<Row>>();
  const addUnder = (key: EqualKey, row: Row): void => {
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else if (known instanceof Set) known.add(row);
    else if (known !== row) rows.set(key, new Set([known, row]));
  };
  const removeUnder = (key: EqualKey, row: Row): void => {
    const known = rows.get(key);
    if (known instanceof Set) {
      known.delete(row);
      if (known.size === 0) rows.delete(key);
    } else if (known === row) rows.delete(key);
  };
  return {
    add: (row) => {
      for (const key of keysOf(row)) addUnder(key, row);
    },
    remove: (row) => {
      for (const key of keysOf(row)) removeUnder(key, row);
    },
    find: (key) => {
      const known = rows.get(key);
      if (known === undefined) return [];
      return known instanceof Set ? [...known] : [known];
    },
  };
}

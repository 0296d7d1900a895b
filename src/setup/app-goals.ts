/** Which apps of kintone a mapping needs, and for what. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { type OpenView, openViewOf } from './open-view.ts';
import { type Relation, relationsOf } from './relations.ts';
import { type WantedRecord, wantedRecords } from './wanted-records.ts';

/** An app the set-up looks at. */
export interface AppGoal {
  /** As the mapping calls it. */
  readonly object: string;
  /** Its id; null while there is none. */
  readonly app: string | null;
  /** What is written there; null where customers are only looked up. */
  readonly record: WantedRecord | null;
  /** A list for a new app; null where kintone's own, of all records, is enough. */
  readonly view: OpenView | null;
  /** Records of calls to be shown there. */
  readonly relations: readonly Relation[];
  /** Fields in which callers are looked for; they must be there already. */
  readonly callerFields: readonly string[];
}

/** Apps that are written to come first: what is shown on a customer's page must be there by then. */
export function appGoals(mapping: Mapping, idOf: (object: string) => string | null): readonly AppGoal[] {
  const records = wantedRecords(mapping);
  const relations = relationsOf(mapping, records);
  const objects = new Set([...records.map(({ object }) => object), ...mapping.callers.map(({ object }) => object)]);
  const recordOf = (object: string) => records.find((record) => record.object === object) ?? null;
  return [...objects].map((object) => ({
    object,
    app: idOf(object),
    record: recordOf(object),
    view: viewOf(mapping, recordOf(object)),
    relations: relations.filter(({ callers }) => callers === object),
    callerFields: mapping.callers
      .filter((caller) => caller.object === object)
      .flatMap(({ phones, name, card, owner }) => [...phones, name, ...card.map(({ from }) => from), ...[owner ?? []].flat()])
      .map((field) => field.replace(/\..*$/, ''))
      .filter((field) => field !== '$id'),
  }));
}

function viewOf(mapping: Mapping, record: WantedRecord | null): OpenView | null {
  return record === null ? null : openViewOf(mapping, record);
}

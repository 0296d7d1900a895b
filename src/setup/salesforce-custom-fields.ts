/** The custom fields a mapping writes. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { type WantedField, wantedRecords } from './wanted-records.ts';

export interface WantedCustomField {
  readonly object: string;
  readonly field: WantedField;
}

/** By their ending; the service's own fields are there anyway. */
export function customFields(mapping: Mapping): readonly WantedCustomField[] {
  const all = wantedRecords(mapping).flatMap(({ object, fields }) => fields.map((field) => ({ object, field })));
  return all.filter(({ field }) => isCustomName(field.name));
}

export function isCustomName(field: string): boolean {
  return /__c$/i.test(field);
}

/** The object as the setup knows it: fields of tasks and events belong to Activity. */
export function homeOf(object: string): string {
  return object === 'Task' || object === 'Event' ? 'Activity' : object;
}

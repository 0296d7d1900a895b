/** Whether our user finds every field of a mapping, and may write those it writes; with what to do where not. Pure. */
import type { FieldDescription, ObjectDescription } from '../../connectors/connector.ts';
import type { Descriptions } from '../mappings/descriptions.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { homeOf, isCustomName } from './salesforce-custom-fields.ts';
import { type WantedField, wantedRecords } from './wanted-records.ts';

export type FieldVerdict =
  | { readonly kind: 'fine'; readonly object: string; readonly fields: number }
  | { readonly kind: 'noObject'; readonly object: string; readonly isActivity: boolean }
  /** Not one of its fields can be set: the object itself is closed to our user. */
  | { readonly kind: 'objectClosed'; readonly object: string; readonly isActivity: boolean }
  | { readonly kind: 'noField' | 'notWritable'; readonly object: string; readonly field: string; readonly isCustom: boolean }
  | { readonly kind: 'notKey' | 'notUnique'; readonly object: string; readonly field: string };

export function judgeFields(mapping: Mapping, descriptions: Descriptions): readonly FieldVerdict[] {
  const written = wantedRecords(mapping).flatMap(({ object, fields }) =>
    judgeWritten(object, fields, descriptions.get(object) ?? null),
  );
  const read = mapping.callers.flatMap(({ object, phones, name, card, owner }) => {
    const fields = [...phones, name, ...card.map(({ from }) => from), ...[owner ?? []].flat()];
    return judgeRead(object, fields, descriptions.get(object) ?? null);
  });
  return [...read, ...written];
}

function judgeRead(object: string, fields: readonly string[], description: ObjectDescription | null): readonly FieldVerdict[] {
  if (description === null) return [{ kind: 'noObject', object, isActivity: false }];
  const names = new Set(description.fields.map(({ name }) => name));
  const own = [...new Set(fields)].filter((field) => !field.includes('.'));
  const missing = own.filter((field) => !names.has(field));
  if (missing.length === 0) return [{ kind: 'fine', object, fields: own.length }];
  return missing.map((field) => ({ kind: 'noField', object, field, isCustom: isCustomName(field) }));
}

function judgeWritten(
  object: string,
  wanted: readonly WantedField[],
  description: ObjectDescription | null,
): readonly FieldVerdict[] {
  const isActivity = homeOf(object) === 'Activity';
  if (description === null) return [{ kind: 'noObject', object, isActivity }];
  if (!description.fields.some(({ createable }) => createable)) return [{ kind: 'objectClosed', object, isActivity }];
  const fields = new Map(description.fields.map((field) => [field.name, field]));
  const verdicts = wanted.flatMap((want) => verdictOn(object, want, fields.get(want.name)) ?? []);
  return verdicts.length === 0 ? [{ kind: 'fine', object, fields: wanted.length }] : verdicts;
}

function verdictOn(object: string, { name, isKey }: WantedField, field: FieldDescription | undefined): FieldVerdict | null {
  if (field === undefined) return { kind: 'noField', object, field: name, isCustom: isCustomName(name) };
  // Some can be set on create only (TaskSubtype): that is enough.
  if (!field.createable || (isKey && !field.updateable)) {
    return { kind: 'notWritable', object, field: name, isCustom: isCustomName(name) };
  }
  if (isKey && !field.usableAsKey) return { kind: 'notKey', object, field: name };
  if (isKey && !field.unique && homeOf(object) !== 'Activity') return { kind: 'notUnique', object, field: name };
  return null;
}

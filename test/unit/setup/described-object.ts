import type { FieldDescription, ObjectDescription } from '../../../connectors/connector.ts';

/** A text field nobody may write, unless told otherwise. */
export function describedField(name: string, more: Partial<FieldDescription> = {}): FieldDescription {
  return {
    ...{ name, label: name, type: 'string', length: 255, required: false, unique: false, usableAsKey: false },
    ...{ createable: false, updateable: false, picklist: null, restricted: false, referenceTo: [] },
    ...more,
  };
}

export function describedObject(object: string, fields: readonly FieldDescription[]): ObjectDescription {
  return { object, label: object, fields };
}

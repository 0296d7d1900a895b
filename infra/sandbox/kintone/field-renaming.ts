/** A field's code that changes, wherever an app's settings name it. Formulas keep what is written in them. Pure. */
import type { FieldProperty, LookupProperty, ProcessManagement } from './app-definition.ts';
import type { AppSettings, LayoutField, LayoutPart, View } from './app-settings.ts';
import { withRenamedField } from './form-origins.ts';

export function withRenamedCode(settings: AppSettings, from: string, to: string): AppSettings {
  const now = (code: string): string => (code === from ? to : code);
  const { definition, general, views } = settings;
  const { process, titleField } = definition;
  const fields = Object.values(definition.fields).map((field) => {
    const renamed = { ...renamedMappings(field, now), code: now(field.code) };
    return [renamed.code, renamed] as const;
  });
  return {
    ...settings,
    definition: {
      ...definition,
      fields: Object.fromEntries(fields),
      ...(titleField === undefined ? {} : { titleField: now(titleField) }),
      ...(process === undefined ? {} : { process: renamedProcess(process, from, to) }),
    },
    layout: settings.layout.map((part) => renamedPart(part, now)),
    views: Object.fromEntries(Object.entries(views).map(([name, view]) => [name, renamedView(view, from, to)])),
    general: { ...general, titleField: { ...general.titleField, code: now(general.titleField.code) } },
    origins: withRenamedField(settings.origins, from, to),
  };
}

type Renaming = (code: string) => string;

function renamedMappings(field: FieldProperty, now: Renaming): FieldProperty {
  const { lookup } = field;
  if (lookup === undefined) return field;
  const fieldMappings = lookup.fieldMappings.map((mapping) => ({ ...mapping, field: now(mapping.field) }));
  return { ...field, lookup: { ...lookup, fieldMappings } };
}

/** Lookups of other apps follow when the source is deployed. `renamed`: codes to come, and what they were. */
export function withRenamedSource(
  field: FieldProperty,
  source: string,
  renamed: Readonly<Record<string, string | null>>,
): FieldProperty {
  const { lookup, fields } = field;
  const now = (code: string): string => Object.entries(renamed).find(([, before]) => before === code)?.[0] ?? code;
  if (fields !== undefined) {
    const cells = Object.values(fields).map((cell) => [cell.code, withRenamedSource(cell, source, renamed)]);
    return { ...field, fields: Object.fromEntries(cells) };
  }
  return lookup?.relatedApp.app === source ? { ...field, lookup: renamedLookup(lookup, now) } : field;
}

function renamedLookup(lookup: LookupProperty, now: Renaming): LookupProperty {
  return {
    ...lookup,
    relatedKeyField: now(lookup.relatedKeyField),
    fieldMappings: lookup.fieldMappings.map((mapping) => ({ ...mapping, relatedField: now(mapping.relatedField) })),
    lookupPickerFields: lookup.lookupPickerFields.map(now),
  };
}

function renamedPart(part: LayoutPart, now: Renaming): LayoutPart {
  const renamed = (fields: readonly LayoutField[]) =>
    fields.map((field) => (field.code === undefined ? field : { ...field, code: now(field.code) }));
  if (part.type === 'ROW') return { ...part, fields: renamed(part.fields) };
  if (part.type === 'SUBTABLE') return { ...part, code: now(part.code), fields: renamed(part.fields) };
  return { ...part, code: now(part.code), layout: part.layout.map((row) => ({ ...row, fields: renamed(row.fields) })) };
}

function renamedView(view: View, from: string, to: string): View {
  const { fields, date, title } = view;
  const now = (code: unknown): unknown => (code === from ? to : code);
  return {
    ...view,
    filterCond: renamedInQuery(view.filterCond, from, to),
    sort: renamedInQuery(view.sort, from, to),
    ...(Array.isArray(fields) ? { fields: fields.map(now) } : {}),
    ...(date === undefined ? {} : { date: now(date) }),
    ...(title === undefined ? {} : { title: now(title) }),
  };
}

function renamedProcess(process: ProcessManagement, from: string, to: string): ProcessManagement {
  const states = Object.entries(process.states).map(([name, state]) => {
    const entities = state.assignee.entities.map((each) =>
      each.entity.type === 'FIELD_ENTITY' && each.entity.code === from ? { ...each, entity: { ...each.entity, code: to } } : each,
    );
    return [name, { ...state, assignee: { ...state.assignee, entities } }];
  });
  const actions = process.actions.map((action) => ({ ...action, filterCond: renamedInQuery(action.filterCond, from, to) }));
  return { ...process, states: Object.fromEntries(states), actions };
}

/** Words of a query that stand outside of quotes. */
export function renamedInQuery(query: string, from: string, to: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|[$\p{L}\p{N}\p{M}_＿･・＄￥ー〜]+/gu, (word) => (word === from ? to : word));
}

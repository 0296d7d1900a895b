/** app/form/fields.json and app/form/layout.json, as they are and as they will be. */
import { type AppDefinition, type FieldProperty, findField, SYSTEM_KINDS } from './app-definition.ts';
import { type AppSettings, type LayoutPart, layoutPart } from './app-settings.ts';
import { failures } from './failures.ts';
import { changedField, demandRightLookups, newField } from './field-definitions.ts';
import { withRenamedCode } from './field-renaming.ts';
import { readLayout, withCells, withoutField } from './form-layout.ts';
import { withNewField, withRenamedChoices } from './form-origins.ts';
import { invalid, REQUIRED } from './kintone-failure.ts';
import { type Arguments, isObject, requiredList } from './request-arguments.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';

export const getFields: Endpoint = (call) => fieldsView(liveSettings(call));
export const getPreviewFields: Endpoint = (call) => fieldsView(previewSettings(call));

function fieldsView({ definition, revision }: AppSettings): object {
  const isOn = definition.process?.enable === true;
  const properties = Object.values(definition.fields).map((field) => {
    const isOfProcess = field.type === 'STATUS' || field.type === 'STATUS_ASSIGNEE';
    return [field.code, isOfProcess ? { ...field, enabled: isOn } : field];
  });
  return { properties: Object.fromEntries(properties), revision: String(revision) };
}

export const postFields: Endpoint = (call) => {
  const { revision } = changePreview(call, (settings) => {
    const added = sentProperties(call.args).map(([code, sent]) => newField(code, sent, `properties[${code}]`));
    const taken = added.find((field) => findField(settings.definition, field.code) !== null);
    if (taken !== undefined) throw failures.fieldCodeTaken(taken.code);
    const parts = added.flatMap((field) => layoutPart(field) ?? []);
    const origins = added.reduce(withNewField, settings.origins);
    return withFields(call, { ...settings, origins }, added, [...settings.layout, ...parts]);
  });
  return { revision: String(revision) };
};

export const putFields: Endpoint = (call) => {
  const { revision } = changePreview(call, (settings) => {
    const changed = sentProperties(call.args).reduce(withChangedField, settings);
    demandRightLookups(changed.definition, appsOf(call));
    return changed;
  });
  return { revision: String(revision) };
};

function withChangedField(settings: AppSettings, [code, sent]: readonly [string, Arguments]): AppSettings {
  const { fields } = settings.definition;
  const field = Object.hasOwn(fields, code) ? fields[code] : undefined;
  if (field === undefined) throw failures.noSuchFormField(code);
  const { property, renamed } = changedField(field, sent, `properties[${code}]`);
  const isRenamed = property.code !== code;
  if (isRenamed && findField(settings.definition, property.code) !== null) throw failures.fieldCodeTaken(property.code);
  const named = isRenamed ? withRenamedCode(settings, code, property.code) : settings;
  const added = Object.values(property.fields ?? {}).filter((cell) => field.fields?.[cell.code] === undefined);
  return {
    ...named,
    definition: { ...named.definition, fields: { ...named.definition.fields, [property.code]: property } },
    layout: named.layout.map((part) => (part.type === 'SUBTABLE' && part.code === property.code ? withCells(part, added) : part)),
    origins: added.reduce(withNewField, withRenamedChoices(named.origins, property.code, renamed)),
  };
}

export const deleteFields: Endpoint = (call) => {
  const { revision } = changePreview(call, (settings) => {
    const codes = requiredList(call.args, 'fields').map(String);
    if (codes.length === 0) throw invalid({ fields: [REQUIRED] });
    let { layout } = settings;
    let fields = settings.definition.fields;
    for (const code of codes) {
      demandRemovable(call, settings.definition, code);
      fields = withoutCode(fields, code);
      layout = withoutField(layout, code);
    }
    const definition = { ...settings.definition, fields };
    demandRightLookups(definition, appsOf(call));
    return { ...settings, definition, layout };
  });
  return { revision: String(revision) };
};

function sentProperties(args: Arguments): readonly (readonly [string, Arguments])[] {
  if (!isObject(args.properties)) throw invalid({ properties: [REQUIRED] });
  return Object.entries(args.properties).map(([code, sent]) => {
    if (!isObject(sent)) throw invalid({ [`properties[${code}]`]: [REQUIRED] });
    return [code, sent];
  });
}

function withFields(
  call: EndpointCall,
  settings: AppSettings,
  fields: readonly FieldProperty[],
  layout: readonly LayoutPart[],
): AppSettings {
  const byCode = Object.fromEntries(fields.map((field) => [field.code, field]));
  const definition = { ...settings.definition, fields: { ...settings.definition.fields, ...byCode } };
  demandRightLookups(definition, appsOf(call));
  return { ...settings, definition, layout };
}

function appsOf({ state }: EndpointCall): (id: string) => AppDefinition | null {
  return (id) => state.settings.get(id)?.preview.definition ?? null;
}

/** @throws KintoneFailure GAIA_FC01; GAIA_LO02 while another app looks the field up. */
function demandRemovable(call: EndpointCall, app: AppDefinition, code: string): void {
  const found = findField(app, code);
  if (found === null || SYSTEM_KINDS.includes(found.property.type)) throw failures.noSuchFormField(code);
  for (const { preview } of call.state.settings.values()) {
    const { id, fields } = preview.definition;
    const lookups = Object.values(fields).flatMap((field) => field.lookup ?? []);
    const isRead = lookups.some(
      (lookup) =>
        lookup.relatedApp.app === app.id &&
        (lookup.relatedKeyField === code || lookup.fieldMappings.some((mapping) => mapping.relatedField === code)),
    );
    if (isRead && id !== app.id) throw failures.fieldIsLookedUp(code);
  }
}

function withoutCode(fields: AppDefinition['fields'], code: string): AppDefinition['fields'] {
  const rest = Object.values(fields).filter((field) => field.code !== code);
  const entries = rest.map((field) => [
    field.code,
    field.fields === undefined ? field : { ...field, fields: withoutCode(field.fields, code) },
  ]);
  return Object.fromEntries(entries);
}

export const getLayout: Endpoint = (call) => layoutView(liveSettings(call));
export const getPreviewLayout: Endpoint = (call) => layoutView(previewSettings(call));

function layoutView({ layout, revision }: AppSettings): object {
  return { layout, revision: String(revision) };
}

export const putLayout: Endpoint = (call) => {
  const { revision } = changePreview(call, (settings) => ({
    ...settings,
    layout: readLayout(requiredList(call.args, 'layout'), settings.definition),
  }));
  return { revision: String(revision) };
};

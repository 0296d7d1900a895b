/** Fields as administrators define them: completed with what the service adds, and refused where it refuses them. Pure. */
import { z } from 'zod';
import { type AppDefinition, type FieldKind, type FieldProperty, findField, SYSTEM_KINDS } from './app-definition.ts';
import { isCalculated } from './calculation.ts';
import { checked, flag, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { fieldsIn, parseFormula, takesLists } from './formula.ts';
import { invalid, invalidChoice, invalidFormula, REQUIRED, type Wording } from './kintone-failure.ts';
import { type Arguments, isObject } from './request-arguments.ts';

const relatedApp = z.object({ app: text.default(''), code: text.default('') });
const person = z.object({ code: text, type: z.enum(['USER', 'ORGANIZATION', 'GROUP', 'FUNCTION']) });

const named = { code: text, label: text, noLabel: flag.default(false) };
const needed = { ...named, required: flag.default(false) };
const single = { ...needed, unique: flag.default(false), defaultValue: text.default('') };
const lengths = { minLength: text.default(''), maxLength: text.default('') };
const unit = {
  displayScale: text.default(''),
  unit: text.default(''),
  unitPosition: z.enum(['BEFORE', 'AFTER']).default('BEFORE'),
};
const now = { defaultNowValue: flag.default(false) };
const options = z.record(z.string(), z.object({ label: text.optional(), index: text }));
const choice = { ...needed, options };
const choices = { ...choice, defaultValue: z.array(text).default([]) };
const aligned = { align: z.enum(['HORIZONTAL', 'VERTICAL']).default('HORIZONTAL') };
const people = { ...needed, entities: z.array(person).default([]), defaultValue: z.array(person).default([]) };
const lookup = z.object({
  relatedApp,
  relatedKeyField: text,
  fieldMappings: z.array(z.object({ field: text, relatedField: text })).default([]),
  lookupPickerFields: z.array(text).default([]),
  filterCond: text.default(''),
  sort: text.default(''),
});
const referenceTable = z.object({
  relatedApp,
  condition: z.object({ field: text, relatedField: text }),
  filterCond: text.default(''),
  displayFields: z.array(text),
  sort: text.default(''),
  size: text.default('5'),
});

/** What each kind of field is made of; the kinds that are not here are in every app by themselves. */
const SCHEMAS: Partial<Record<FieldKind, z.ZodObject>> = {
  SINGLE_LINE_TEXT: z.object({
    ...single,
    ...lengths,
    lookup: lookup.optional(),
    expression: text.default(''),
    hideExpression: flag.default(false),
  }),
  MULTI_LINE_TEXT: z.object({ ...needed, defaultValue: text.default('') }),
  RICH_TEXT: z.object({ ...needed, defaultValue: text.default('') }),
  NUMBER: z.object({
    ...{ ...single, ...unit, minValue: text.default(''), maxValue: text.default('') },
    ...{ digit: flag.default(false), lookup: lookup.optional() },
  }),
  CALC: z.object({
    ...{ ...needed, ...unit, expression: text, hideExpression: flag.default(false) },
    format: z.enum(['NUMBER', 'NUMBER_DIGIT', 'DATETIME', 'DATE', 'TIME', 'HOUR_MINUTE', 'DAY_HOUR_MINUTE']).default('NUMBER'),
  }),
  RADIO_BUTTON: z.object({ ...choice, ...aligned, defaultValue: text.default('') }),
  DROP_DOWN: z.object({ ...choice, defaultValue: text.default('') }),
  CHECK_BOX: z.object({ ...choices, ...aligned }),
  MULTI_SELECT: z.object(choices),
  DATE: z.object({ ...single, ...now }),
  TIME: z.object({ ...needed, ...now, defaultValue: text.default('') }),
  DATETIME: z.object({ ...single, ...now }),
  LINK: z.object({ ...single, ...lengths, protocol: z.enum(['WEB', 'CALL', 'MAIL']).default('WEB'), lookup: lookup.optional() }),
  FILE: z.object({ ...needed, thumbnailSize: text.default('150') }),
  USER_SELECT: z.object(people),
  ORGANIZATION_SELECT: z.object(people),
  GROUP_SELECT: z.object(people),
  REFERENCE_TABLE: z.object({ ...named, referenceTable }),
  GROUP: z.object({ ...named, openGroup: flag.default(false) }),
  SUBTABLE: z.object({ ...named, fields: z.record(z.string(), z.looseObject({})) }),
};

const FIELD_CODE = /^[\p{L}_＿][\p{L}\p{N}\p{M}_＿･・＄￥ー〜]*$/u;
const LONGEST_CODE = 128;
const NOT_IN_TABLES: readonly FieldKind[] = ['SUBTABLE', 'REFERENCE_TABLE', 'GROUP'];
const BAD_CODE: Wording = {
  ja: '先頭に数字が使用されているか、使用できない記号、またはスペースが含まれているため保存できません。',
  en: 'The code begins with a digit or contains a symbol or a space that cannot be used.',
  zh: '开头使用了数字，或包含不能使用的符号或空格，无法保存。',
};
const FILLED_TWICE: Wording = {
  ja: 'コピー先のフィールドの設定が重複しています。',
  en: 'A field is filled by more than one lookup.',
  zh: '复制目标字段的设置重复。',
};
const BAD_MAPPING: Wording = {
  ja: '指定したフィールドの組み合わせが正しくない、または指定できない種類のフィールドを指定しています。',
  en: 'The combination of the specified fields is not correct, or the type of a specified field cannot be used.',
  zh: '指定的字段组合不正确，或指定了不能使用的字段类型。',
};

/** @throws KintoneFailure CB_VA01 */
export function newField(code: string, sent: Arguments, path: string): FieldProperty {
  const schema = SCHEMAS[sent.type as FieldKind];
  if (sent.type === undefined) throw invalid({ [`${path}.type`]: [REQUIRED] });
  if (schema === undefined) throw invalidChoice(`${path}.type`);
  const isOther = sent.code !== undefined && sent.code !== code;
  if (isOther || !FIELD_CODE.test(code) || code.length > LONGEST_CODE) throw invalid({ [`${path}.code`]: [BAD_CODE] });
  const read = checked(schema, { ...sent, code }, path);
  const property = { type: sent.type, ...read } as unknown as FieldProperty;
  return property.type === 'SUBTABLE' ? withCells(property, path) : withOptions(property, path);
}

function withCells(table: FieldProperty, path: string): FieldProperty {
  const cells = Object.entries(table.fields ?? {}).map(([code, sent]) => {
    const cellPath = `${path}.fields[${code}]`;
    const cell = newField(code, sent as unknown as Arguments, cellPath);
    if (NOT_IN_TABLES.includes(cell.type)) throw invalidChoice(`${cellPath}.type`);
    if (cell.unique === true) throw invalid({ [`${cellPath}.unique`]: [BAD_MAPPING] });
    return [code, cell];
  });
  return { ...table, fields: Object.fromEntries(cells) };
}

/** Radio buttons always have a choice, the first unless another is the default. */
function withOptions(property: FieldProperty, path: string): FieldProperty {
  if (property.options === undefined) return property;
  const entries = Object.entries(property.options);
  const renamed = entries.find(([name, option]) => option.label !== undefined && option.label !== name);
  if (renamed !== undefined) throw invalid({ [`${path}.options[${renamed[0]}].label`]: [BAD_MAPPING] });
  const ordered = entries.toSorted(([, left], [, right]) => Number(left.index) - Number(right.index));
  const options = Object.fromEntries(ordered.map(([name], index) => [name, { label: name, index: String(index) }]));
  const isRadio = property.type === 'RADIO_BUTTON';
  const first = ordered[0]?.[0] ?? '';
  return { ...property, options, ...(isRadio ? { required: true, defaultValue: property.defaultValue || first } : {}) };
}

export interface ChangedField {
  readonly property: FieldProperty;
  /** Labels of choices to come, and what they are before. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** Nobody gives these another code. */
const FIXED_KINDS: readonly FieldKind[] = ['STATUS', 'STATUS_ASSIGNEE', 'CATEGORY'];

/** Only what is sent changes; its kind never does. @throws KintoneFailure CB_VA01 */
export function changedField(field: FieldProperty, sent: Arguments, path: string): ChangedField {
  if (sent.type !== undefined && sent.type !== field.type) throw invalidChoice(`${path}.type`);
  const code = sent.code === undefined ? field.code : String(sent.code);
  if (!FIELD_CODE.test(code) || code.length > LONGEST_CODE) throw invalid({ [`${path}.code`]: [BAD_CODE] });
  if (SYSTEM_KINDS.includes(field.type)) {
    const isFixed = FIXED_KINDS.includes(field.type) && code !== field.code;
    if (isFixed) throw invalid({ [`${path}.code`]: [BAD_CODE] });
    return { property: { ...field, code, label: String(sent.label ?? field.label) }, renamed: {} };
  }
  const fields = isObject(sent.fields) ? { fields: { ...field.fields, ...changedCells(field, sent.fields) } } : {};
  const { options, renamed } = relabelledOptions(sent.options);
  const chosen = relabelledDefault(sent.defaultValue ?? field.defaultValue, renamed);
  const given = { ...field, ...sent, ...fields, ...(options === null ? {} : { options }), ...chosen, type: field.type, code };
  return { property: newField(code, given, path), renamed };
}

/** Named by their labels of now; `label` is what they will be called. */
function relabelledOptions(sent: unknown): { readonly options: Arguments | null; readonly renamed: ChangedField['renamed'] } {
  if (!isObject(sent)) return { options: null, renamed: {} };
  const labelled = Object.entries(sent).map(([name, option]) => {
    const label = isObject(option) && option.label !== undefined ? String(option.label) : name;
    return { name, label, option: isObject(option) ? { ...option, label } : option };
  });
  const changed = labelled.filter(({ name, label }) => name !== label);
  return {
    options: Object.fromEntries(labelled.map(({ label, option }) => [label, option])),
    renamed: Object.fromEntries(changed.map(({ name, label }) => [label, name])),
  };
}

function relabelledDefault(value: unknown, renamed: ChangedField['renamed']): { readonly defaultValue?: unknown } {
  const pairs = Object.entries(renamed);
  if (pairs.length === 0) return {};
  const now = (label: unknown): unknown => pairs.find(([, before]) => before === label)?.[0] ?? label;
  return { defaultValue: Array.isArray(value) ? value.map(now) : now(value) };
}

function changedCells(table: FieldProperty, sent: Arguments): Arguments {
  const cells = Object.entries(sent).map(([code, cell]) => [code, { ...table.fields?.[code], ...(isObject(cell) ? cell : {}) }]);
  return Object.fromEntries(cells);
}

/** Lookups are right or wrong only beside the other fields. @throws KintoneFailure GAIA_FC01, GAIA_AP01, CB_VA01 */
export function demandRightLookups(app: AppDefinition, appOf: (id: string) => AppDefinition | null): void {
  for (const siblings of siblingsIn(app)) {
    for (const field of Object.values(siblings)) if (field.lookup !== undefined) demandRightLookup(field, siblings, appOf);
  }
}

/** Formulas are looked at when the form is deployed, not before. @throws KintoneFailure GAIA_IL01 */
export function demandRightFormulas(app: AppDefinition): void {
  for (const siblings of siblingsIn(app)) {
    for (const field of Object.values(siblings)) if (isCalculated(field)) demandRightFormula(field, app);
  }
}

function siblingsIn(app: AppDefinition): readonly AppDefinition['fields'][] {
  return [app.fields, ...Object.values(app.fields).flatMap((field) => (field.fields === undefined ? [] : [field.fields]))];
}

const KEYS: readonly FieldKind[] = ['SINGLE_LINE_TEXT', 'NUMBER', 'LINK', 'RECORD_NUMBER', 'CALC'];
/** What is copied where the kinds differ; what stands in no list is copied into its like. */
const COPIES: Partial<Record<FieldKind, readonly FieldKind[]>> = {
  RECORD_NUMBER: ['SINGLE_LINE_TEXT', 'NUMBER'],
  CALC: ['NUMBER'],
  CREATED_TIME: ['DATETIME'],
  UPDATED_TIME: ['DATETIME'],
  CREATOR: ['USER_SELECT'],
  MODIFIER: ['USER_SELECT'],
};
const NOT_COPIED: readonly FieldKind[] = [
  'FILE',
  'SUBTABLE',
  'REFERENCE_TABLE',
  'GROUP',
  'STATUS',
  'STATUS_ASSIGNEE',
  'CATEGORY',
];

function copiesInto(from: FieldKind, to: FieldKind): boolean {
  return !NOT_COPIED.includes(from) && (COPIES[from] ?? [from]).includes(to);
}

function demandRightLookup(
  { code, lookup }: FieldProperty,
  siblings: AppDefinition['fields'],
  appOf: (id: string) => AppDefinition | null,
): void {
  if (lookup === undefined) return;
  const source = appOf(lookup.relatedApp.app);
  if (source === null) throw failures.noSuchApp(lookup.relatedApp.app);
  const path = `properties[${code}].lookup`;
  if (!FIELD_CODE.test(lookup.relatedKeyField)) throw invalid({ [`${path}.relatedKeyField`]: [BAD_CODE] });
  const key = source.fields[lookup.relatedKeyField];
  if (key === undefined || !KEYS.includes(key.type)) throw invalid({ [`${path}.relatedKeyField`]: [BAD_MAPPING] });
  const filled = Object.values(siblings).flatMap((each) => each.lookup?.fieldMappings.map((mapping) => mapping.field) ?? []);
  for (const mapping of lookup.fieldMappings) {
    const target = siblings[mapping.field];
    const copied = source.fields[mapping.relatedField];
    if (target === undefined) throw failures.noSuchFormField(mapping.field);
    if (filled.filter((each) => each === mapping.field).length > 1) throw invalid({ [`${path}.fieldMappings`]: [FILLED_TWICE] });
    const fits = copied !== undefined && target.lookup === undefined && copiesInto(copied.type, target.type);
    if (!fits || mapping.field === code) throw invalid({ [`${path}.fieldMappings`]: [BAD_MAPPING] });
  }
}

const IN_FORMULAS: readonly FieldKind[] = [
  ...(['NUMBER', 'CALC', 'SINGLE_LINE_TEXT', 'DATE', 'TIME', 'DATETIME', 'DROP_DOWN', 'RADIO_BUTTON'] as const),
];
/** Only CONTAINS can read them. */
const SEVERAL_CHOICES: readonly FieldKind[] = ['CHECK_BOX', 'MULTI_SELECT'];

function demandRightFormula(field: FieldProperty, app: AppDefinition, above: readonly string[] = []): void {
  if (above.includes(field.code)) {
    throw invalidFormula(field.label, {
      ja: 'フィールドの参照が循環しています。',
      en: 'The fields refer to each other in a circle.',
      zh: '字段的引用形成了循环。',
    });
  }
  const own = findField(app, field.code)?.table ?? null;
  for (const { code, within } of fieldsIn(parseFormula(field.expression ?? '', field.label))) {
    const found = findField(app, code);
    if (found === null) {
      throw invalidFormula(field.label, {
        ja: `計算式に含まれるフィールドコード（${code}）が存在しません。`,
        en: `The field code (${code}) in the formula does not exist.`,
        zh: `计算公式中的字段代码（${code}）不存在。`,
      });
    }
    const isReadable = found.table === null || takesLists(within) || found.table === own;
    const { type } = found.property;
    const isKnown = IN_FORMULAS.includes(type) || (within === 'CONTAINS' && SEVERAL_CHOICES.includes(type));
    if (!isKnown || !isReadable) {
      throw invalidFormula(field.label, {
        ja: `計算式で利用できないフィールドタイプのフィールド（${code}）が含まれています。`,
        en: `The formula contains a field (${code}) of a type that cannot be used.`,
        zh: `计算公式中包含不能使用的字段类型（${code}）。`,
      });
    }
    if (isCalculated(found.property)) demandRightFormula(found.property, app, [...above, field.code]);
  }
}

/** Which fields a query may ask how: field types of the same operators are one family. Pure. */
import { type AppDefinition, type FieldKind, findField } from './app-definition.ts';
import { processFailures } from './process-failures.ts';
import { queryFailures } from './query-failures.ts';
import type { Condition, Operator } from './query-parser.ts';

export type Family = 'text' | 'longText' | 'richText' | 'number' | 'id' | 'choice' | 'person' | 'moment';

export type Comparison = Extract<Condition, { kind: 'compare' }>;

const OPERATORS: Readonly<Record<Family, readonly Operator[]>> = {
  text: ['=', '!=', 'in', 'not in', 'like', 'not like'],
  longText: ['like', 'not like', 'is empty', 'is not empty'],
  richText: ['like', 'not like'],
  number: ['=', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  id: ['=', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  choice: ['in', 'not in'],
  person: ['in', 'not in'],
  moment: ['=', '!=', '<', '>', '<=', '>='],
};

const FAMILIES: Partial<Record<FieldKind, Family>> = {
  SINGLE_LINE_TEXT: 'text',
  LINK: 'text',
  MULTI_LINE_TEXT: 'longText',
  RICH_TEXT: 'richText',
  FILE: 'longText',
  NUMBER: 'number',
  CALC: 'number',
  RECORD_NUMBER: 'id',
  DROP_DOWN: 'choice',
  RADIO_BUTTON: 'choice',
  CHECK_BOX: 'choice',
  MULTI_SELECT: 'choice',
  STATUS: 'choice',
  CATEGORY: 'choice',
  USER_SELECT: 'person',
  ORGANIZATION_SELECT: 'person',
  GROUP_SELECT: 'person',
  CREATOR: 'person',
  MODIFIER: 'person',
  STATUS_ASSIGNEE: 'person',
  DATE: 'moment',
  TIME: 'moment',
  DATETIME: 'moment',
  CREATED_TIME: 'moment',
  UPDATED_TIME: 'moment',
};

export interface QueriedField {
  readonly code: string;
  readonly kind: FieldKind;
  readonly family: Family;
  readonly table: string | null;
  /** The choices of a choice field; null where any value may be asked for. */
  readonly options: readonly string[] | null;
}

/** @throws KintoneFailure GAIA_IQ11 for a field that is not there or cannot be asked for, GAIA_ST02 without process management. */
export function queriedField(app: AppDefinition, code: string): QueriedField {
  if (code === '$id') return { code, kind: 'RECORD_NUMBER', family: 'id', table: null, options: null };
  const found = findField(app, code);
  const family = found === null ? undefined : FAMILIES[found.property.type];
  if (found === null || family === undefined) throw queryFailures.noSuchField(code);
  const { type, options } = found.property;
  const isOfProcess = type === 'STATUS' || type === 'STATUS_ASSIGNEE';
  if (isOfProcess && app.process?.enable !== true) throw processFailures.processDisabled();
  if (type === 'STATUS') return { code, kind: type, family, table: null, options: Object.keys(app.process?.states ?? {}) };
  return { code, kind: type, family, table: found.table, options: options === undefined ? null : Object.keys(options) };
}

/** @throws KintoneFailure GAIA_IQ03, GAIA_IQ07 for an operator the field does not know. */
export function demandOperator(field: QueriedField, { operator }: Comparison): void {
  if (field.table !== null && (operator === '=' || operator === '!='))
    throw queryFailures.tableCellOperator(field.code, operator);
  if (!OPERATORS[field.family].includes(operator)) throw queryFailures.operatorNotAllowed(field.code, operator);
}

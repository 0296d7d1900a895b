/** Which fields the mapping of a CRM writes, and of what kind they would be best. Pure. */
import { isOutcomeInCallLog } from '../mappings/apply-mapping.ts';
import { findFact } from '../mappings/facts.ts';
import type { Mapping, Rule } from '../mappings/mapping-schema.ts';
import { analyseRule } from '../mappings/rule-analysis.ts';
import { linksOf } from '../mappings/vocabulary.ts';

export type WantedKind = 'text' | 'longText' | 'integer' | 'number' | 'date' | 'time' | 'dateTime' | 'choice' | 'user';

export interface WantedField {
  readonly name: string;
  readonly kind: WantedKind;
  /** For `choice`: every value the mapping writes. */
  readonly choices: readonly string[];
  readonly isKey: boolean;
  /** The facts it is made from; for whoever chooses the fields of a list. */
  readonly facts: readonly string[];
}

/** An object the mapping writes to: the fields of all its parts together. */
export interface WantedRecord {
  readonly object: string;
  readonly purpose: 'callLog' | 'outcome' | 'followUp' | 'leads';
  readonly fields: readonly WantedField[];
}

/** What fits one line in either CRM. */
const longestLine = 255;

export function wantedRecords(mapping: Mapping): readonly WantedRecord[] {
  const { callLog, outcome, followUp, leads } = mapping;
  const outcomeApart = isOutcomeInCallLog(mapping) ? undefined : outcome;
  const parts = [
    { purpose: 'callLog', part: callLog, object: callLog?.object },
    { purpose: 'outcome', part: isOutcomeInCallLog(mapping) ? outcome : undefined, object: callLog?.object },
    { purpose: 'outcome', part: outcomeApart, object: outcomeApart?.object ?? callLog?.object },
    { purpose: 'followUp', part: followUp, object: followUp?.object },
    { purpose: 'leads', part: leads, object: leads?.object },
  ] as const;
  const records = new Map<string, WantedRecord>();
  for (const { purpose, part, object } of parts) {
    if (part === undefined || object === undefined) continue;
    const before = records.get(object) ?? { object, purpose, fields: [] };
    const fields = [...before.fields, ...keyField(part.key), ...Object.entries(part.fields).map(wantedField(mapping))];
    records.set(object, { ...before, fields: eachOnce(fields) });
  }
  return [...records.values()];
}

function keyField(key: string | undefined): readonly WantedField[] {
  return key === undefined ? [] : [{ name: key, kind: 'text', choices: [], isKey: true, facts: ['call.id'] }];
}

function wantedField(mapping: Mapping) {
  const vocabulary = { links: linksOf(mapping), outcomes: [], locale: 'ja' } as const;
  return ([name, rule]: [string, Rule]): WantedField => {
    const { kinds, facts } = analyseRule(rule, [], vocabulary, []);
    const choices = choicesOf(rule);
    const plain = { name, choices: [], isKey: false, facts };
    if (choices.length > 0) return { ...plain, kind: 'choice', choices };
    if (rule.from === 'agent.user') return { ...plain, kind: 'user' };
    const [kind, another] = [...new Set(kinds)];
    const isPlain = another === undefined && kind !== undefined && kind !== 'text' && kind !== 'list' && kind !== 'boolean';
    if (isPlain) return { ...plain, kind };
    const hasList = facts.some((fact) => findFact(fact, vocabulary.links)?.type === 'list');
    const isLong = hasList || (rule.limit ?? 0) > longestLine || facts.includes('notes');
    return { ...plain, kind: isLong ? 'longText' : 'text' };
  };
}

function choicesOf({ map, default: fallback }: Rule): readonly string[] {
  const values = [...Object.values(map ?? {}), ...(map !== undefined && typeof fallback === 'string' ? [fallback] : [])];
  return values.every((value) => typeof value === 'string') ? [...new Set(values as string[])] : [];
}

function eachOnce(fields: readonly WantedField[]): readonly WantedField[] {
  return fields.filter(({ name }, index) => fields.findIndex((other) => other.name === name) === index);
}

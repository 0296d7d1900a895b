import type { FieldDescription, FieldOwner, FieldValue, ObjectDescription, RecordWrite } from '../../connectors/connector.ts';
import { cutText, storableText } from './cut-text.ts';
import type { Facts } from './facts-of-call.ts';
import type { Mapping, MappingRecord, Rule } from './mapping-schema.ts';
import { followUpKey } from './record-key.ts';
import { ruleValue } from './rule-value.ts';
import { TemplateFailed } from './template.ts';
import { isWhen, parseWhen } from './when.ts';

/** A call as the CRM gets it. `write` is null when the mapping says that this call is not written. */
export interface Rendering {
  readonly write: RecordWrite | null;
  /** What had to be left out or cut, for the log: field names, no values. */
  readonly warnings: readonly {
    readonly field: string;
    readonly reason: 'unknownField' | 'notWritable' | 'cut' | 'templateFailed';
  }[];
}

/** Calls a part is for when it does not say: no internal calls in the log, no outcome or follow-up before there is one. */
export const defaultWhen = { callLog: "direction != 'internal'", outcome: 'outcome or notes', followUp: 'followUp' } as const;

const nothing: Rendering = { write: null, warnings: [] };
const manyLines = new Set<FieldDescription['type']>(['text', 'other']);
const limitedTypes = new Set<FieldDescription['type']>(['string', 'text', 'phone', 'email', 'url']);

/** Is what the operator chose written into the call log, as one record? */
export function isOutcomeInCallLog({ callLog, outcome }: Mapping): boolean {
  if (callLog === undefined || outcome === undefined) return false;
  return (outcome.object ?? callLog.object) === callLog.object && (outcome.key ?? callLog.key) === callLog.key;
}

function fitted(value: FieldValue, rule: Rule, field: FieldDescription | null): FieldValue {
  const isText = field !== null && limitedTypes.has(field.type);
  if (value === null || (typeof value !== 'string' && !isText)) return value;
  const text = storableText(Array.isArray(value) ? value.join(', ') : String(value));
  const hasLines = field === null || manyLines.has(field.type);
  const most = isText && field.length !== null ? field.length : Number.POSITIVE_INFINITY;
  return cutText(hasLines ? text : text.replace(/\s*\n\s*/gu, ' ').trim(), Math.min(rule.limit ?? most, most));
}

function isCut(before: FieldValue, after: FieldValue): boolean {
  return typeof before === 'string' && typeof after === 'string' && after.endsWith('…') && !before.endsWith('…');
}

/**
 * A field that can be set on create only is never written again, whatever the rule says. The state of a follow-up is theirs only
 * while it is what it first was: whoever takes it back, or sets it anew after that, means it.
 */
function ownerOf(rule: Rule, field: FieldDescription | null, { values }: Facts): FieldOwner {
  if (field !== null && !field.updateable) return 'theirs';
  const isTakenBack = values['followUp.state'] === 'cancelled' || values['followUp.reopened'] === true;
  if (rule.from === 'followUp.state' && isTakenBack) return 'ours';
  return rule.owner ?? 'ours';
}

class RecordDraft {
  readonly fields: Record<string, FieldValue> = {};
  readonly owners: Record<string, FieldOwner> = {};
  readonly warnings: Rendering['warnings'][number][] = [];
  readonly #description: ObjectDescription | null;

  constructor(description: ObjectDescription | null) {
    this.#description = description;
  }

  add(name: string, rule: Rule, facts: Facts): void {
    const value = this.#value(name, rule, facts);
    if (value === undefined) return;
    const field = this.#description?.fields.find((candidate) => candidate.name === name) ?? null;
    if (this.#description !== null && !field?.createable) {
      this.#warn(name, field === null ? 'unknownField' : 'notWritable');
      return;
    }
    const written = fitted(value, rule, field);
    if (isCut(value, written)) this.#warn(name, 'cut');
    const owner = ownerOf(rule, field, facts);
    // Emptying is our word alone: a field that others own too is never emptied.
    if (written === null && owner !== 'ours') return;
    this.fields[name] = written;
    if (owner !== 'ours') this.owners[name] = owner;
  }

  /** A template that fails for one call costs that field, not the call. */
  #value(name: string, rule: Rule, facts: Facts): FieldValue | undefined {
    try {
      return ruleValue(rule, facts);
    } catch (error) {
      if (!(error instanceof TemplateFailed)) throw error;
      this.#warn(name, 'templateFailed');
      return rule.default;
    }
  }

  #warn(field: string, reason: Rendering['warnings'][number]['reason']): void {
    this.warnings.push({ field, reason });
  }
}

function isFor(condition: string, facts: Facts): boolean {
  return isWhen(parseWhen(condition), facts.values);
}

function keyOf(part: Pick<MappingRecord, 'key'>, value: string): RecordWrite['key'] {
  return part.key === undefined ? null : { field: part.key, value };
}

function callIdOf({ values }: Facts): string {
  return String(values['call.id']);
}

/**
 * The record a call leaves in the CRM, with the outcome in it when both go into the same record. Text is cut to the rule's limit
 * and the field's length; fields our user cannot see or write are left out with a warning. Without a description nothing is known
 * of lengths and rights.
 */
export function renderCallLog(mapping: Mapping, facts: Facts, description: ObjectDescription | null): Rendering {
  const { callLog, outcome } = mapping;
  if (callLog === undefined || !isFor(callLog.when ?? defaultWhen.callLog, facts)) return nothing;
  const draft = new RecordDraft(description);
  for (const [name, rule] of Object.entries(callLog.fields)) draft.add(name, rule, facts);
  if (outcome !== undefined && isOutcomeInCallLog(mapping) && isFor(outcome.when ?? defaultWhen.outcome, facts)) {
    for (const [name, rule] of Object.entries(outcome.fields)) draft.add(name, rule, facts);
  }
  const { fields, owners, warnings } = draft;
  return { write: { object: callLog.object, key: keyOf(callLog, callIdOf(facts)), fields, owners }, warnings };
}

/** The record an outcome leaves where the mapping keeps it apart from the call log; no write when it is in the call log. */
export function renderOutcome(mapping: Mapping, facts: Facts, description: ObjectDescription | null): Rendering {
  const { outcome } = mapping;
  const object = outcome?.object ?? mapping.callLog?.object;
  if (outcome === undefined || object === undefined || isOutcomeInCallLog(mapping)) return nothing;
  if (!isFor(outcome.when ?? defaultWhen.outcome, facts)) return nothing;
  const draft = new RecordDraft(description);
  for (const [name, rule] of Object.entries(outcome.fields)) draft.add(name, rule, facts);
  const { fields, owners, warnings } = draft;
  return { write: { object, key: keyOf(outcome, callIdOf(facts)), fields, owners }, warnings };
}

/** The record of something to do later; also of one that was taken back, which a CRM may hold already. */
export function renderFollowUp(mapping: Mapping, facts: Facts, description: ObjectDescription | null): Rendering {
  const { followUp } = mapping;
  if (followUp === undefined || !isFor(followUp.when ?? defaultWhen.followUp, facts)) return nothing;
  const draft = new RecordDraft(description);
  for (const [name, rule] of Object.entries(followUp.fields)) draft.add(name, rule, facts);
  const { fields, owners, warnings } = draft;
  const key = keyOf(followUp, followUpKey(mapping, callIdOf(facts)));
  return { write: { object: followUp.object, key, fields, owners }, warnings };
}

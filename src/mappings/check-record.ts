import type { FieldDescription, ObjectDescription } from '../../connectors/connector.ts';
import { defaultWhen, isOutcomeInCallLog } from './apply-mapping.ts';
import { checkField } from './check-field.ts';
import { checkReference } from './check-reference.ts';
import { canStillBe, checkWhen } from './check-when.ts';
import { type CheckAgainst, type Descriptions, unknownField, unknownObject } from './descriptions.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { Mapping, MappingRecord } from './mapping-schema.ts';
import { lengthBeyondCallId } from './record-key.ts';
import { analyseRule } from './rule-analysis.ts';
import { linksOf, type Vocabulary } from './vocabulary.ts';
import { parseWhen, type When } from './when.ts';

/** Our ids are `<pbx>-<Uniqueid>`; this leaves room for names of PBXs and systems. */
const keyLength = 40;

function checkKey(key: string, most: number, steps: readonly PathStep[], description: ObjectDescription): MappingProblem[] {
  const field = description.fields.find(({ name }) => name === key);
  if (field === undefined) return [unknownField(key, steps, description)];
  if (!field.usableAsKey) {
    const candidates = description.fields
      .filter(({ usableAsKey, createable }) => usableAsKey && createable)
      .map(({ name }) => name);
    const instead = candidates.length === 0 ? '' : ` Fields that can be one: ${candidates.join(', ')}.`;
    const insteadJa = candidates.length === 0 ? '' : ` key にできる項目: ${candidates.join(', ')}`;
    return [
      problem('keyNotUnique', steps, {
        field: key,
        remedy: `Make it unique in the CRM (Salesforce: External ID; kintone: prohibit duplicate values).${instead}`,
        remedyJa: `CRM で一意にしてください (Salesforce: 外部 ID、kintone: 値の重複を禁止する)。${insteadJa}`,
      }),
    ];
  }
  if (!field.createable) return [problem('notWritable', steps, { field: key })];
  const isShort = field.length !== null && field.length < most;
  return isShort ? [problem('keyTooShort', steps, { field: key, length: String(field.length), limit: String(most) })] : [];
}

function unfilled(part: MappingRecord, steps: readonly PathStep[], fields: readonly FieldDescription[]): MappingProblem[] {
  return fields
    .filter(({ name, required, createable }) => required && createable && name !== part.key && !Object.hasOwn(part.fields, name))
    .map(({ name }) => problem('requiredUnfilled', [...steps, 'fields', name], { field: name }));
}

class RecordCheck {
  readonly problems: MappingProblem[] = [];
  readonly #mapping: Mapping;
  readonly #vocabulary: Vocabulary;
  readonly #descriptions: Descriptions;

  constructor(mapping: Mapping, { outcomes, locale, descriptions }: CheckAgainst) {
    this.#mapping = mapping;
    this.#vocabulary = { links: linksOf(mapping), outcomes, locale };
    this.#descriptions = descriptions;
  }

  part(name: 'callLog' | 'outcome' | 'followUp', part: MappingRecord): void {
    const description = this.#descriptions.get(part.object);
    const when = parseWhen(part.when ?? defaultWhen[name]);
    if (part.when !== undefined) this.problems.push(...checkWhen(when, [name, 'when'], this.#vocabulary.links));
    if (description === null) {
      const steps = [name, 'object'];
      this.problems.push(
        name === 'followUp'
          ? problem('noFollowUpObject', steps, { name: part.object })
          : unknownObject(part.object, steps, this.#descriptions),
      );
    }
    if (part.key === undefined && !part.mayRepeat) this.problems.push(problem('keyMissing', [name]));
    const most = keyLength + (name === 'followUp' ? lengthBeyondCallId(this.#mapping) : 0);
    if (part.key !== undefined && description) this.problems.push(...checkKey(part.key, most, [name, 'key'], description));
    this.fields(name, part, [when], description ?? null);
    if (description) this.problems.push(...unfilled(part, [name], description.fields));
  }

  /** The outcome inside the call log: its own fields, no field twice; what is required is the call log's business. */
  outcomeInCallLog(callLog: MappingRecord, outcome: NonNullable<Mapping['outcome']>): void {
    const part = { ...outcome, object: callLog.object, key: callLog.key };
    const when = parseWhen(outcome.when ?? defaultWhen.outcome);
    if (outcome.when !== undefined) this.problems.push(...checkWhen(when, ['outcome', 'when'], this.#vocabulary.links));
    for (const name of Object.keys(outcome.fields).filter((field) => Object.hasOwn(callLog.fields, field))) {
      this.problems.push(problem('duplicate', ['outcome', 'fields', name], { name, other: `callLog.fields.${name}` }));
    }
    this.fields(
      'outcome',
      part,
      [parseWhen(callLog.when ?? defaultWhen.callLog), when],
      this.#descriptions.get(callLog.object) ?? null,
    );
  }

  fields(
    name: string,
    part: Pick<MappingRecord, 'key' | 'fields'>,
    conditions: readonly When[],
    description: ObjectDescription | null,
  ): void {
    for (const [fieldName, rule] of Object.entries(part.fields)) {
      const steps = [name, 'fields', fieldName];
      const analysis = analyseRule(rule, steps, this.#vocabulary, conditions);
      this.problems.push(...analysis.problems);
      if (fieldName === part.key) this.problems.push(problem('keyWithRule', steps, { field: fieldName }));
      const field = description?.fields.find((candidate) => candidate.name === fieldName);
      if (description !== null && field === undefined) this.problems.push(unknownField(fieldName, steps, description));
      if (field === undefined) continue;
      this.problems.push(...checkField(rule, steps, field, analysis));
      const all = this.#mapping.callers;
      const whens = rule.when === undefined ? conditions : [...conditions, parseWhen(rule.when)];
      const callers = all.filter(({ object }) => whens.every((when) => canStillBe(when, 'match.object', object)));
      this.problems.push(
        ...checkReference({ field, steps, facts: analysis.facts, callers, all, descriptions: this.#descriptions }),
      );
    }
  }
}

/** Everything wrong with the records a mapping writes: words, fields, keys, what is required. */
export function checkRecords(mapping: Mapping, against: CheckAgainst): readonly MappingProblem[] {
  const { callLog, outcome, followUp } = mapping;
  const check = new RecordCheck(mapping, against);
  const isOneRecord = isOutcomeInCallLog(mapping);
  if (callLog !== undefined) check.part('callLog', callLog);
  if (callLog !== undefined && outcome !== undefined && isOneRecord) check.outcomeInCallLog(callLog, outcome);
  if (outcome !== undefined && !isOneRecord) {
    const object = outcome.object ?? callLog?.object;
    if (object === undefined) check.problems.push(problem('missing', ['outcome', 'object'], { name: 'object' }));
    else check.part('outcome', { ...outcome, object });
  }
  if (followUp !== undefined) check.part('followUp', followUp);
  return check.problems;
}

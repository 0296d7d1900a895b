/** How few records have to be looked at to answer a condition: ids from an index, or a span of ids. Never fewer than answer it. */
import type { AppRecords } from './app-records.ts';
import { type Comparison, type QueriedField, queriedField } from './field-families.ts';
import type { SortKey, Span } from './ordered-ids.ts';
import { literals, type QueryWorld } from './query-evaluation.ts';
import type { Condition } from './query-parser.ts';
import { periodOf } from './query-periods.ts';
import { equalityKeys } from './query-values.ts';

/** Ids that an index knows of: at most `estimate`. */
export interface Source {
  readonly estimate: number;
  /** Each once, in rising order. */
  ids(): readonly number[];
}

/** Null: every record has to be looked at. For conditions that were compiled before, so that they are known to be right. */
export function sourceOf(records: AppRecords, condition: Condition | null, world: QueryWorld): Source | null {
  if (condition === null) return null;
  if (condition.kind === 'compare') return comparisonSource(records, condition, world);
  const sides = condition.sides.map((side) => sourceOf(records, side, world));
  const known = sides.filter((side) => side !== null);
  if (condition.kind === 'or') return known.length === sides.length ? unionOf(known) : null;
  return known.reduce<Source | null>((best, each) => (best === null || each.estimate < best.estimate ? each : best), null);
}

function comparisonSource(records: AppRecords, comparison: Comparison, world: QueryWorld): Source | null {
  const field = queriedField(records.app, comparison.field);
  if (comparison.operator === '=' || comparison.operator === 'in') {
    if (field.family === 'id') return null;
    if (field.family !== 'moment') return equalitySource(records, field, comparison, world);
  }
  const span = field.table === null ? momentSpan(field, comparison, world) : null;
  if (span === null) return null;
  const ordered = records.inOrder(field);
  return {
    estimate: ordered.count(span),
    ids: () => risingIds([...ordered.walk(span, { keysFall: false, idsFall: false })]),
  };
}

function equalitySource(records: AppRecords, field: QueriedField, comparison: Comparison, world: QueryWorld): Source {
  const wanted = literals(field, comparison, world).map((literal) => [literal]);
  const index = records.byValue(field);
  const found = [...new Set(equalityKeys(field, wanted))].map((key) => index.idsOf(key));
  return { estimate: found.reduce((sum, ids) => sum + ids.length, 0), ids: () => merged(found) };
}

function unionOf(sources: readonly Source[]): Source {
  const estimate = sources.reduce((sum, source) => sum + source.estimate, 0);
  return { estimate, ids: () => merged(sources.map((source) => source.ids())) };
}

function merged(lists: readonly (readonly number[])[]): readonly number[] {
  const [first, ...rest] = lists;
  return first !== undefined && rest.length === 0 ? first : risingIds([...new Set(lists.flat())]);
}

function risingIds(ids: number[]): readonly number[] {
  return ids.sort((left, right) => left - right);
}

/** The span of time that a comparison of a date or a time leaves; null where it leaves more than one span. */
function momentSpan(field: QueriedField, { operator, operands }: Comparison, world: QueryWorld): Span | null {
  const [operand] = operands;
  if (field.family !== 'moment' || operator === '!=' || operand === undefined) return null;
  if (operand.kind === 'literal' && operand.value === '') return null;
  const period = periodOf(operand, field.kind, world.now);
  const from = operator === '>' ? period.last : operator === '>=' || operator === '=' ? period.from : null;
  const last = operator === '<' ? period.from : operator === '<=' || operator === '=' ? period.last : null;
  return { from, last };
}

/** The part of a field's order that a condition leaves: all of it where it says nothing of the field. */
export function orderSpan(condition: Condition | null, field: QueriedField, world: QueryWorld): Span {
  const all: Span = { from: null, last: null };
  if (condition === null || condition.kind === 'or') return all;
  if (condition.kind === 'compare') return (condition.field === field.code && momentSpan(field, condition, world)) || all;
  return condition.sides
    .map((side) => orderSpan(side, field, world))
    .reduce((one, other) => ({ from: greater(one.from, other.from), last: lesser(one.last, other.last) }), all);
}

function greater(one: SortKey | null, other: SortKey | null): SortKey | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

function lesser(one: SortKey | null, other: SortKey | null): SortKey | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** The ids that conditions on `$id` and the record number leave: both ends inclusive. */
export interface IdSpan {
  readonly first: number;
  readonly last: number;
}

export function idSpan(records: AppRecords, condition: Condition | null): IdSpan {
  const all = { first: 1, last: records.lastId() };
  if (condition === null) return all;
  if (condition.kind !== 'compare') {
    if (condition.kind === 'or') return all;
    const spans = condition.sides.map((side) => idSpan(records, side));
    return { first: Math.max(...spans.map(({ first }) => first)), last: Math.min(...spans.map(({ last }) => last)) };
  }
  const [operand] = condition.operands;
  const isId = queriedField(records.app, condition.field).family === 'id';
  // An app code before the number is left to the test of each record.
  if (!isId || operand?.kind !== 'literal' || !/^\d{1,15}$/.test(operand.value)) return all;
  return cut(all, condition.operator, Number(operand.value));
}

function cut(all: IdSpan, operator: Comparison['operator'], id: number): IdSpan {
  switch (operator) {
    case '>':
      return { ...all, first: id + 1 };
    case '>=':
      return { ...all, first: id };
    case '<':
      return { ...all, last: id - 1 };
    case '<=':
      return { ...all, last: id };
    case '=':
      return { first: id, last: id };
    default:
      return all;
  }
}

import { ApiError } from './api-error.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { attributes } from './record-json.ts';
import type { RecordStore, Row } from './record-store.ts';

/** What an admin calls a duplicate: a record with the same values in all of these fields, none of them empty. */
export interface DuplicateRule {
  readonly name: string;
  readonly object: string;
  readonly fields: readonly string[];
  /** Whether a client may save all the same, with `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  readonly allowSave: boolean;
}

const MOST_MATCHES = 10;

/** @throws ApiError DUPLICATES_DETECTED with what it matches */
export function refuseDuplicates(
  rules: readonly DuplicateRule[],
  object: ObjectDefinition,
  record: { readonly row: Row; readonly id: string | null; readonly allowSave: boolean },
  store: RecordStore,
): void {
  for (const rule of rules) {
    if (rule.object !== object.name || (rule.allowSave && record.allowSave)) continue;
    const matches = matchesOf(rule, object, record.row, store)
      .filter((row) => row.Id !== record.id)
      .slice(0, MOST_MATCHES);
    if (matches.length > 0) throw detected(rule, object, matches);
  }
}

function matchesOf(rule: DuplicateRule, object: ObjectDefinition, row: Row, store: RecordStore): readonly Row[] {
  const key = (each: Row) => rule.fields.map((name) => String(each[name] ?? '').toLowerCase());
  const wanted = key(row);
  if (wanted.includes('')) return [];
  const isSame = (each: Row) => each.IsDeleted !== true && key(each).every((value, index) => value === wanted[index]);
  return [...store.all(object)].filter(isSame);
}

function detected(rule: DuplicateRule, object: ObjectDefinition, matches: readonly Row[]): ApiError {
  const duplicateResult = {
    allowSave: rule.allowSave,
    duplicateRule: rule.name,
    duplicateRuleEntityType: object.name,
    errorMessage: 'Use one of these records?',
    matchResults: [
      {
        entityType: object.name,
        errors: [],
        matchEngine: 'ExactMatchEngine',
        matchRecords: matches.map((row) => ({
          additionalInformation: [],
          fieldDiffs: [],
          matchConfidence: 100,
          record: { attributes: attributes(object, row.Id ?? null, '/services/data'), Id: row.Id },
        })),
        rule: `${rule.name}_Match`,
        size: matches.length,
        success: true,
      },
    ],
  };
  return new ApiError(400, 'DUPLICATES_DETECTED', 'Use one of these records?', [], { duplicateResult });
}

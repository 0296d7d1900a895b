/** The field on a customer's page that shows the customer's calls. Pure. */
import type { FormField } from './kintone-form.ts';
import type { FormState, OwnField } from './setup-plan.ts';

export interface WantedRelation {
  /** The app with the records to show. */
  readonly app: string;
  /** The field there that holds the customer's record number. */
  readonly linkField: string;
  /** What is shown of each record, in this order. */
  readonly shown: readonly string[];
  /** Newest first by this field; null: as kintone likes. */
  readonly newestBy: string | null;
  readonly code: string;
}

const rowsShown = '5';

/** The field to add, or the one that shows that app's records already. Null when the form has no record number to compare. */
export function relatedRecords(form: FormState, relation: WantedRelation): OwnField | null {
  const fields = [...form.fields.values()];
  const there = fields.find((field) => relatedAppOf(field) === relation.app);
  if (there !== undefined) return { code: there.code, property: null };
  const recordNumber = fields.find(({ type }) => type === 'RECORD_NUMBER');
  if (recordNumber === undefined) return null;
  const { code, app, linkField, shown, newestBy } = relation;
  const referenceTable = {
    relatedApp: { app },
    condition: { field: recordNumber.code, relatedField: linkField },
    displayFields: [...shown],
    ...(newestBy === null ? {} : { sort: `${newestBy} desc` }),
    size: rowsShown,
  };
  return { code, property: { type: 'REFERENCE_TABLE', code, label: code, referenceTable } };
}

function relatedAppOf(field: FormField): string | null {
  const table: unknown = field.referenceTable;
  if (typeof table !== 'object' || table === null || !('relatedApp' in table)) return null;
  const { relatedApp } = table;
  return typeof relatedApp === 'object' && relatedApp !== null && 'app' in relatedApp ? String(relatedApp.app) : null;
}

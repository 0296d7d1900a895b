/** The list in which people find what is still to be done. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import type { WantedRecord } from './wanted-records.ts';

export interface OpenView {
  readonly columns: readonly string[];
  /** Only records that say so here. */
  readonly open: { readonly field: string; readonly value: string };
  /** The next due first. */
  readonly dueBy: string;
}

/** Null unless the mapping writes when a follow-up is due and, in words of its own, that it is open. */
export function openViewOf({ followUp }: Mapping, record: WantedRecord): OpenView | null {
  if (followUp === undefined || record.purpose !== 'followUp') return null;
  const only = (fact: string) => record.fields.find(({ facts }) => facts.length === 1 && facts[0] === fact);
  const [state, due] = [only('followUp.state'), only('followUp.dueAt')];
  const value = state && followUp.fields[state.name]?.map?.open;
  if (state === undefined || due === undefined || typeof value !== 'string') return null;
  const columns = record.fields.filter(({ isKey }) => !isKey).map(({ name }) => name);
  return { columns, open: { field: state.name, value }, dueBy: due.name };
}

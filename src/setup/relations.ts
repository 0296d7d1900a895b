/** Which records of calls and promises belong on a customer's page, and what is shown of them there. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { isOwnId } from '../mappings/present-caller.ts';
import type { WantedField, WantedRecord } from './wanted-records.ts';

export interface Relation {
  /** Where the customers are. */
  readonly callers: string;
  /** Where the calls, or what was promised in them, are. */
  readonly records: string;
  readonly purpose: 'callLog' | 'followUp';
  /** The field of a record that holds the customer's own id. */
  readonly linkField: string;
  readonly shown: readonly string[];
  /** The field with the time of the call, or when it is due; null when none is written. */
  readonly newestBy: string | null;
}

/** What somebody wants to know of an earlier call, or of a promise, the most telling first. */
const telling = {
  callLog: ['startedAt', 'direction', 'result', 'outcome.label', 'agent.user', 'talkSeconds', 'notes'],
  followUp: ['followUp.dueAt', 'followUp.state', 'outcome.label', 'agent.user', 'followUp.note'],
} as const;

export function relationsOf(mapping: Mapping, wanted: readonly WantedRecord[]): readonly Relation[] {
  return [...relationsTo('callLog', mapping, wanted), ...relationsTo('followUp', mapping, wanted)];
}

/** None for what shares its object with another part: it is shown with that. */
function relationsTo(purpose: Relation['purpose'], mapping: Mapping, wanted: readonly WantedRecord[]): readonly Relation[] {
  const record = wanted.find(({ object, purpose: first }) => object === mapping[purpose]?.object && first === purpose);
  if (record === undefined) return [];
  const only = (fact: string) => record.fields.find(({ facts }) => facts.length === 1 && facts[0] === fact);
  const shown = telling[purpose].flatMap((fact) => only(fact)?.name ?? []);
  const newestBy = only(telling[purpose][0]);
  return mapping.callers.flatMap(({ object, link }) => {
    const links = Object.entries(link).filter(([, field]) => isOwnId(field));
    const linkField = links
      .map(([name]): WantedField | undefined => only(`match.link.${name}`))
      .find((field) => field !== undefined);
    if (linkField === undefined) return [];
    return [
      { callers: object, records: record.object, purpose, linkField: linkField.name, shown, newestBy: newestBy?.name ?? null },
    ];
  });
}

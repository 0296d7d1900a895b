/** Which records of calls belong on a customer's page, and what is shown of them there. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { isOwnId } from '../mappings/present-caller.ts';
import type { WantedField, WantedRecord } from './wanted-records.ts';

export interface Relation {
  /** Where the customers are. */
  readonly callers: string;
  /** Where the calls are. */
  readonly records: string;
  /** The field of a call that holds the customer's own id. */
  readonly linkField: string;
  readonly shown: readonly string[];
  /** The field with the time of the call; null when none is written. */
  readonly newestBy: string | null;
}

/** What somebody wants to know of an earlier call, the most telling first. */
const telling = ['startedAt', 'direction', 'result', 'outcome.label', 'agent.user', 'talkSeconds', 'notes'];

export function relationsOf({ callers, callLog }: Mapping, wanted: readonly WantedRecord[]): readonly Relation[] {
  const record = wanted.find(({ object }) => object === callLog?.object);
  if (record === undefined) return [];
  const only = (fact: string) => record.fields.find(({ facts }) => facts.length === 1 && facts[0] === fact);
  const shown = telling.flatMap((fact) => only(fact)?.name ?? []);
  const newestBy = only('startedAt');
  return callers.flatMap(({ object, link }) => {
    const links = Object.entries(link).filter(([, field]) => isOwnId(field));
    const linkField = links
      .map(([name]): WantedField | undefined => only(`match.link.${name}`))
      .find((field) => field !== undefined);
    if (linkField === undefined) return [];
    return [{ callers: object, records: record.object, linkField: linkField.name, shown, newestBy: newestBy?.name ?? null }];
  });
}

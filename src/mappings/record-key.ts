/** The key of a record is the call's id, except where two records of one call would then have the same. Pure. */
import type { Mapping } from './mapping-schema.ts';

/** Uniqueids end in a digit: no call is called so. */
const suffix = '-followUp';

/** The key of a call's follow-up: of its own where the call log (or the outcome) lives in the same object under the same field. */
export function followUpKey(mapping: Mapping, callId: string): string {
  return isBesideAnother(mapping) ? `${callId}${suffix}` : callId;
}

/** Characters that the key of a follow-up needs beyond those of a call's id. */
export function lengthBeyondCallId(mapping: Mapping): number {
  return isBesideAnother(mapping) ? suffix.length : 0;
}

function isBesideAnother({ callLog, outcome, followUp }: Mapping): boolean {
  const others = [callLog, outcome && { object: outcome.object ?? callLog?.object, key: outcome.key ?? callLog?.key }];
  return others.some((other) => other?.object === followUp?.object && other?.key === followUp?.key);
}

import type { CallRecord } from './call.ts';

/** Whose a call is: the last who spoke with the customer, since that is who chooses the outcome; else who dialled. Pure. */
export function agentOfCall({ spokeWith, answeredBy, placedBy }: CallRecord): string | null {
  return spokeWith.at(-1) ?? answeredBy ?? placedBy;
}

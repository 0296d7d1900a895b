/** One line of the routing rules, and whether it fits a call. Pure. */
import type { MatchedRecord } from '../callers/caller-match.ts';

export interface RoutingRule {
  /** All of it must be true; nothing in it fits every call. */
  readonly when: {
    /** Numbers the customer dialled. */
    readonly did?: readonly string[] | undefined;
    readonly caller?: readonly ('known' | 'ambiguous' | 'unknown' | 'withheld')[] | undefined;
    /** An agent owns the customer, or nobody we know does. */
    readonly owner?: boolean | undefined;
    /** By the label of a line of the card: what may stand there. */
    readonly card?: Readonly<Record<string, readonly string[]>> | undefined;
  };
  readonly queue: string | null;
  /** A name the dialplan knows, usually of a sound. */
  readonly greeting: string | null;
}

export interface RuledCall {
  readonly did: string | null;
  readonly callerKind: 'known' | 'ambiguous' | 'unknown' | 'withheld' | null;
  readonly hasOwner: boolean;
  readonly records: readonly Pick<MatchedRecord, 'card'>[];
}

export function fitsRule({ when }: RoutingRule, { did, callerKind, hasOwner, records }: RuledCall): boolean {
  if (when.did !== undefined && (did === null || !when.did.includes(did))) return false;
  if (when.caller !== undefined && (callerKind === null || !when.caller.includes(callerKind))) return false;
  if (when.owner !== undefined && when.owner !== hasOwner) return false;
  const lines = records.flatMap(({ card }) => card);
  return Object.entries(when.card ?? {}).every(([label, values]) =>
    lines.some((line) => line.label === label && values.includes(line.value)),
  );
}

/** What the dialplan is told about an inbound call: who spoke with the caller, whose customer it is, and where it should go. Pure. */
import type { CallerMatch, MatchedRecord } from '../callers/caller-match.ts';
import type { CallRecord } from '../calls/call.ts';
import { fitsRule, type RoutingRule } from './routing-rule.ts';

export type CallerKind = CallerMatch['kind'];

/** Whatever could not be learned in time. */
export type RoutingSource = 'caller' | 'earlierCalls' | 'blocked';

export interface RoutingFacts {
  /** E.164, or as the PBX gave it; null when the dialplan did not say. */
  readonly did: string | null;
  /** Null when it was not found out in time. */
  readonly match: CallerMatch | null;
  /** Ended calls with this number, newest first. */
  readonly earlierCalls: readonly Pick<CallRecord, 'startedAt' | 'spokeWith'>[];
  /** Earlier conversations before this instant count no more; milliseconds since 1970. */
  readonly rememberSince: number;
  readonly block: { readonly reason: string } | null;
  readonly agents: readonly RoutingAgent[];
  readonly rules: readonly RoutingRule[];
  readonly missing: readonly RoutingSource[];
}

export interface RoutingAgent {
  readonly extension: string;
  /** Their user by connector. */
  readonly users: Readonly<Record<string, string>>;
}

export interface RoutingAnswer {
  /** Null when it was not found out in time: then nobody may say that the caller is unknown. */
  readonly callerKind: CallerKind | null;
  /** Of a known caller. */
  readonly customerName: string | null;
  /** Who spoke last with this number, when (ISO 8601 UTC); only agents there still are. */
  readonly lastAgent: { readonly extension: string; readonly at: string } | null;
  /** Extension of the agent who owns the customer in the CRM. */
  readonly ownerAgent: string | null;
  readonly blocked: { readonly reason: string } | null;
  /** By the first rule that fits. */
  readonly queue: string | null;
  readonly greeting: string | null;
  /** What could not be learned in time and is left out. */
  readonly missing: readonly RoutingSource[];
}

export function decideRoute(facts: RoutingFacts): RoutingAnswer {
  const { match, did, agents, block, missing } = facts;
  const callerKind = kindOf(match);
  const meant = match === null ? [] : meantRecords(match);
  const ownerAgent = ownerOf(match, meant, agents);
  const rule = facts.rules.find((one) => fitsRule(one, { did, callerKind, hasOwner: ownerAgent !== null, records: meant }));
  return {
    callerKind,
    customerName: callerKind === 'known' ? (meant[0]?.name ?? null) : null,
    lastAgent: lastAgentOf(facts),
    ownerAgent,
    blocked: block === null ? null : { reason: block.reason },
    queue: rule?.queue ?? null,
    greeting: rule?.greeting ?? null,
    missing,
  };
}

/** Nobody is unknown as long as a CRM that may know them could not be asked. */
function kindOf(match: CallerMatch | null): CallerKind | null {
  if (match === null || (match.kind === 'unknown' && match.unasked.length > 0)) return null;
  return match.kind;
}

/** The records this caller belongs to, in the order in which they are shown; of an ambiguous caller none can be left out. */
function meantRecords({ kind, records, chosen }: CallerMatch): readonly MatchedRecord[] {
  if (kind !== 'known') return records;
  return records.filter((record) => chosen[record.connector] === record);
}

/** When several records are possible, only the owner of them all is the caller's. */
function ownerOf(match: CallerMatch | null, meant: readonly MatchedRecord[], agents: readonly RoutingAgent[]): string | null {
  const owners = meant.map((record) => ownerOfRecord(record, agents));
  if (match?.kind !== 'ambiguous') return owners.find((owner) => owner !== null) ?? null;
  return new Set(owners).size === 1 ? (owners[0] ?? null) : null;
}

function ownerOfRecord({ connector, owners = [] }: MatchedRecord, agents: readonly RoutingAgent[]): string | null {
  for (const owner of owners) {
    const agent = agents.find(({ users }) => isSameUser(users[connector], owner));
    if (agent !== undefined) return agent.extension;
  }
  return null;
}

/** A Salesforce id is told with 18 characters and often copied from the browser with its first 15, which are the id itself. */
function isSameUser(configured: string | undefined, owner: string): boolean {
  if (configured === undefined) return false;
  return configured === owner || (configured.length === 15 && owner.length === 18 && owner.startsWith(configured));
}

function lastAgentOf({ earlierCalls, rememberSince, agents }: RoutingFacts): RoutingAnswer['lastAgent'] {
  for (const { startedAt, spokeWith } of earlierCalls) {
    if (Date.parse(startedAt) < rememberSince) return null;
    const extension = spokeWith.findLast((one) => agents.some((agent) => agent.extension === one));
    if (extension !== undefined) return { extension, at: startedAt };
  }
  return null;
}

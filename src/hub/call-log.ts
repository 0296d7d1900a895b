/** What a CRM is to hold about a call, as ledger, mapping and directory are now. */
import type { MatchedRecord } from '../callers/caller-match.ts';
import type { DirectoryStore } from '../callers/directory-store.ts';
import type { CallRecord } from '../calls/call.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import { isOutcomeInCallLog, renderCallLog, renderFollowUp, renderOutcome } from '../mappings/apply-mapping.ts';
import { type AgentFacts, factsOf } from '../mappings/facts-of-call.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import type { Outcome } from '../mappings/outcomes.ts';
import { matchOfRecord } from '../mappings/recorded-call.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';
import type { Log } from '../observability/log.ts';
import type { Purpose } from '../write-back/owed-record.ts';
import { FactsUnavailable, type Render } from '../write-back/render.ts';
import type { Crms } from './crms.ts';

export interface CallLogDeps {
  readonly crms: Crms;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly directory: Pick<DirectoryStore, 'record'>;
  readonly agents: readonly AgentFacts[];
  readonly outcomes: () => readonly Outcome[];
  readonly style: WritingStyle;
  readonly log: Log;
}

const ASKING_MS = 10_000;

/**
 * Every CRM gets a log of every call with a customer, and what was promised to be done later, whether or not it still is; without a
 * good mapping it stays owed and says so.
 */
export function owedForCall(crms: Pick<Crms, 'connectors' | 'mappingOf'>, call: CallRecord): readonly Purpose[] {
  if (call.direction === 'internal') return [];
  return crms.connectors.flatMap(({ name }) => {
    const mapping = crms.mappingOf(name);
    const isApart = mapping?.outcome !== undefined && !isOutcomeInCallLog(mapping);
    const hasFollowUp = call.followUp !== null && (mapping === null || mapping.followUp !== undefined);
    return ['callLog', ...(isApart ? ['outcome'] : []), ...(hasFollowUp ? ['followUp'] : [])].map((purpose) => ({
      connector: name,
      purpose,
    }));
  });
}

export function createCallLogRender(deps: CallLogDeps): Render {
  const { crms, ledger, directory, agents, outcomes, style, log } = deps;

  async function matchOf(mapping: Mapping, call: CallRecord): Promise<MatchedRecord | null> {
    const ref = call.matches.find(({ connector }) => connector === mapping.connector);
    if (ref === undefined) return null;
    const record = await nowOrLater(directory.record(ref));
    return record === null ? matchOfRecord(mapping, call) : crms.present(mapping.connector, record);
  }

  return async ({ connector, purpose, wasSent }, callId) => {
    const call = await nowOrLater(ledger.find(callId));
    if (call === null) return null;
    const mapping = crms.mappingOf(connector);
    if (mapping === null) {
      const message = `There is no mapping in force for ${connector}: see "toritsugi mappings check", correct the file, then retry.`;
      return { problem: { code: 'mapping', message } };
    }
    // Promised and taken back before any CRM heard of it.
    if (purpose === 'followUp' && call.followUp?.state === 'cancelled' && !wasSent) return null;
    const { object, render } = partOf(mapping, purpose);
    if (
      purpose === 'followUp' &&
      object !== undefined &&
      (await crms.isMissing(connector, object, AbortSignal.timeout(ASKING_MS)))
    ) {
      return { wait: { code: 'missing', message: noPlaceForFollowUps(connector, object) } };
    }
    const match = await matchOf(mapping, call);
    const matchKind = match !== null ? 'known' : call.customer?.withheld ? 'withheld' : 'unknown';
    const facts = factsOf({ connector, record: call, match, matchKind, agents, outcomes: outcomes(), style });
    const description = object === undefined ? null : crms.description(connector, object);
    const { write, warnings } = render(mapping, facts, description);
    const failed = warnings.filter(({ reason }) => reason !== 'cut');
    if (failed.length > 0) log('warn', 'a call log leaves fields out', { connector, callId, fields: failed });
    return write;
  };
}

function partOf(mapping: Mapping, purpose: string) {
  const { callLog, outcome, followUp } = mapping;
  switch (purpose) {
    case 'outcome':
      return { object: outcome?.object ?? callLog?.object, render: renderOutcome };
    case 'followUp':
      return { object: followUp?.object, render: renderFollowUp };
    default:
      return { object: callLog?.object, render: renderCallLog };
  }
}

/** A site that has just been upgraded has no place for follow-ups yet: they wait for it, and call logs do not. */
function noPlaceForFollowUps(connector: string, object: string): string {
  const remedy =
    connector === 'kintone'
      ? 'Run "toritsugi setup kintone", set KINTONE_APPS and KINTONE_API_TOKENS as it says, and restart.'
      : `Give our user access to it, or name another object under followUp in ${connector}.yaml.`;
  return `${connector} has no "${object}", or our user may not see it: follow-ups wait, calls are logged. ${remedy}`;
}

/** A database that does not answer just now is no mistake of the mapping. */
async function nowOrLater<Facts>(reading: Promise<Facts>): Promise<Facts> {
  try {
    return await reading;
  } catch (cause) {
    throw new FactsUnavailable('The ledger could not be read; it is tried again.', { cause });
  }
}

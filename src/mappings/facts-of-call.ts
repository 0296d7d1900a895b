import type { CallerMatch, MatchedRecord } from '../callers/caller-match.ts';
import { agentOfCall } from '../calls/agent-of-call.ts';
import type { CallRecord, Transfer } from '../calls/call.ts';
import type { FactValue } from './facts.ts';
import type { Outcome } from './outcomes.ts';
import type { WritingStyle } from './writing-style.ts';

/** What is known about an extension. */
export interface AgentFacts {
  readonly extension: string;
  readonly name: string | null;
  /** The agent's user by connector, for example `{ salesforce: '005…' }`. */
  readonly users: Readonly<Record<string, string>>;
}

/** Everything a mapping can speak of, by fact name; a fact that is not known is absent. */
export interface Facts {
  readonly values: Readonly<Record<string, FactValue>>;
  readonly style: WritingStyle;
}

export interface CallFactsInput {
  readonly connector: string;
  readonly record: CallRecord;
  /** The record of this connector the call belongs to. */
  readonly match: MatchedRecord | null;
  readonly matchKind: CallerMatch['kind'] | null;
  readonly agents: readonly AgentFacts[];
  /** The configured outcomes: a label is taken from here in the language of the CRM; [] takes the call's own. */
  readonly outcomes: readonly Outcome[];
  readonly style: WritingStyle;
}

const transferText = ({ from, to }: Transfer): string => `${from ?? '?'} → ${to ?? '?'}`;

function customerFacts({ customer }: CallRecord): Record<string, FactValue> {
  return {
    customer: customer !== null,
    'customer.number': customer?.number ?? null,
    'customer.raw': customer?.raw ?? null,
    'customer.name': customer?.name ?? null,
    'customer.withheld': customer?.withheld ?? null,
  };
}

function courseFacts(record: CallRecord): Record<string, FactValue> {
  return {
    'call.id': record.id,
    pbx: record.pbx,
    linkedIds: record.linkedIds,
    direction: record.direction,
    did: record.did,
    placedBy: record.placedBy,
    queue: record.queue,
    queues: record.queues,
    startedAt: record.startedAt,
    answeredAt: record.answeredAt,
    endedAt: record.endedAt,
    rang: record.rang,
    answered: record.answered,
    answeredBy: record.answeredBy,
    missed: record.direction === 'inbound' && !record.answered,
    spokeWith: record.spokeWith,
    result: record.result,
    hangupCause: record.hangupCause,
    hangupBy: record.hangupBy,
    waitSeconds: record.waitSeconds,
    talkSeconds: record.talkSeconds,
    holdSeconds: record.holdSeconds,
    talkByAgent: Object.entries(record.talkByAgent).map(([extension, seconds]) => `${extension}: ${Math.round(seconds)}`),
    transferred: record.transfers.length > 0,
    transfers: record.transfers.map(transferText),
    recordings: record.recordings,
    filledIn: record.filledIn,
    leadId: record.leadId,
  };
}

/** The agent a log names. */
function agentFacts({ record, agents, connector }: CallFactsInput): Record<string, FactValue> {
  const extension = agentOfCall(record);
  const agent = agents.find((candidate) => candidate.extension === extension);
  return {
    agent: extension !== null,
    'agent.extension': extension,
    'agent.name': agent?.name ?? null,
    'agent.user': agent?.users[connector] ?? null,
  };
}

function matchFacts({ match, matchKind }: CallFactsInput): Record<string, FactValue> {
  const links = Object.entries(match?.link ?? {}).map(([name, id]) => [`match.link.${name}`, id]);
  return {
    matchKind,
    match: match !== null,
    'match.object': match?.object ?? null,
    'match.id': match?.id ?? null,
    'match.name': match?.name ?? null,
    'match.url': match?.url ?? null,
    'match.card': match?.card.map(({ label, value }) => `${label}: ${value}`) ?? null,
    ...Object.fromEntries(links),
  };
}

function outcomeFacts({ record, outcomes, style }: CallFactsInput): Record<string, FactValue> {
  const configured = outcomes.find(({ code }) => code === record.outcome?.code);
  return {
    outcome: record.outcome !== null,
    'outcome.code': record.outcome?.code ?? null,
    'outcome.label': configured?.label[style.locale] ?? record.outcome?.label ?? null,
    notes: record.notes,
  };
}

function followUpFacts({ followUp }: CallRecord): Record<string, FactValue> {
  return {
    followUp: followUp !== null,
    'followUp.dueAt': followUp?.dueAt ?? null,
    'followUp.note': followUp?.note ?? null,
    'followUp.state': followUp?.state ?? null,
    'followUp.reopened': followUp?.reopened ?? null,
  };
}

/** True for what a mapping treats as nothing: not known, an empty text, an empty list. */
export function isEmpty(value: FactValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return (typeof value === 'string' || Array.isArray(value)) && value.length === 0;
}

/** What a mapping can say about this call, for one connector. */
export function factsOf(input: CallFactsInput): Facts {
  const all = {
    ...courseFacts(input.record),
    ...customerFacts(input.record),
    ...agentFacts(input),
    ...matchFacts(input),
    ...outcomeFacts(input),
    ...followUpFacts(input.record),
  };
  return { values: Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value))), style: input.style };
}

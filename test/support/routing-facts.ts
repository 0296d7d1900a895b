/** Builders for routing: what is known of a caller, with full defaults. */
import type { CallerMatch, MatchedRecord } from '../../src/callers/caller-match.ts';
import type { RoutingAnswer, RoutingFacts } from '../../src/routing/decide-route.ts';
import type { RoutingRule } from '../../src/routing/routing-rule.ts';

export function record(given: Partial<MatchedRecord> = {}): MatchedRecord {
  return { connector: 'salesforce', object: 'Contact', id: '003AA', name: '山田 太郎', url: '', card: [], link: {}, ...given };
}

export function known(...records: readonly MatchedRecord[]): CallerMatch {
  const chosen = Object.fromEntries(records.map((one) => [one.connector, one]));
  return { kind: 'known', records, chosen, unasked: [] };
}

export function ambiguous(...records: readonly MatchedRecord[]): CallerMatch {
  return { kind: 'ambiguous', records, chosen: {}, unasked: [] };
}

export const nobody: CallerMatch = { kind: 'unknown', records: [], chosen: {}, unasked: [] };

export function rule(given: Partial<RoutingRule>): RoutingRule {
  return { when: {}, queue: null, greeting: null, ...given };
}

export const routingAgents = [
  { extension: '1001', users: { salesforce: '005AA0000000001AAA', kintone: 'sato' } },
  { extension: '1002', users: { salesforce: '005AA0000000002' } },
  { extension: '1003', users: {} },
];

export function routingFacts(given: Partial<RoutingFacts> = {}): RoutingFacts {
  return {
    did: '+81398765432',
    match: nobody,
    earlierCalls: [],
    rememberSince: Date.parse('2026-11-01T00:00:00Z'),
    block: null,
    agents: routingAgents,
    rules: [],
    missing: [],
    ...given,
  };
}

export function routingAnswer(given: Partial<RoutingAnswer> = {}): RoutingAnswer {
  return {
    callerKind: 'unknown',
    customerName: null,
    lastAgent: null,
    ownerAgent: null,
    blocked: null,
    queue: null,
    greeting: null,
    missing: [],
    ...given,
  };
}

/** Builders for the desk's tests: calls, matches and outcomes as an office would have them. */
import type { CallerMatch, MatchedRecord } from '../../src/callers/caller-match.ts';
import type { CallId, CallRecord, LiveCall } from '../../src/calls/call.ts';
import type { DeskAgent, OutcomeChoice } from '../../src/desk/desk-ports.ts';

export const START = '2026-11-23T01:00:00.000Z';

export function callId(text: string): CallId {
  return text as CallId;
}

export function callRecord(overrides: Partial<CallRecord> = {}): CallRecord {
  return {
    id: callId('main-1763838000.12'),
    pbx: 'main',
    linkedIds: ['1763838000.12'],
    direction: 'inbound',
    customer: { raw: '09012345678', number: '+819012345678', name: null, withheld: false },
    did: '+81398765432',
    placedBy: null,
    queue: 'sales',
    queues: ['sales'],
    startedAt: START,
    answeredAt: null,
    endedAt: null,
    rang: [],
    answered: false,
    answeredBy: null,
    spokeWith: [],
    result: null,
    hangupCause: null,
    hangupBy: null,
    waitSeconds: 0,
    talkSeconds: 0,
    holdSeconds: 0,
    talkByAgent: {},
    transfers: [],
    recordings: [],
    filledIn: false,
    leadId: null,
    outcome: null,
    notes: null,
    followUp: null,
    matches: [],
    ...overrides,
  };
}

export function ringingCall(extensions: readonly string[], overrides: Partial<CallRecord> = {}): LiveCall {
  return { record: callRecord({ rang: extensions, ...overrides }), phase: 'ringing', ringing: extensions, talking: [] };
}

export function answeredCall(call: LiveCall, extension: string): LiveCall {
  const { record } = call;
  const spokeWith = [...new Set([...record.spokeWith, extension])];
  return {
    record: {
      ...record,
      rang: [...new Set([...record.rang, extension])],
      answered: true,
      answeredBy: record.answeredBy ?? extension,
      answeredAt: record.answeredAt ?? '2026-11-23T01:00:05.000Z',
      spokeWith,
    },
    phase: 'talking',
    ringing: [],
    talking: [extension],
  };
}

export function heldCall(call: LiveCall): LiveCall {
  return { ...call, phase: 'held' };
}

/** `from` sends the customer to `to`, whose phone rings now. */
export function transferredCall(call: LiveCall, from: string, to: string): LiveCall {
  const transfer = { kind: 'blind', from, to, answered: false, at: '2026-11-23T01:01:00.000Z' } as const;
  const { record } = call;
  return {
    record: { ...record, rang: [...new Set([...record.rang, to])], transfers: [...record.transfers, transfer] },
    phase: 'ringing',
    ringing: [to],
    talking: [],
  };
}

export function endedCall(call: LiveCall): LiveCall {
  const { record } = call;
  return {
    record: {
      ...record,
      endedAt: '2026-11-23T01:03:00.000Z',
      result: record.answered ? 'answered' : 'abandoned',
      hangupBy: 'customer',
      talkSeconds: record.answered ? 95 : 0,
    },
    phase: 'ended',
    ringing: [],
    talking: [],
  };
}

export function matchedRecord(overrides: Partial<MatchedRecord> = {}): MatchedRecord {
  return {
    connector: 'salesforce',
    object: 'Contact',
    id: '003000000000001AAA',
    name: '山田 太郎',
    url: 'https://example.invalid/lightning/r/Contact/003000000000001AAA/view',
    card: [
      { label: '会社', value: '株式会社山田製作所' },
      { label: '部署', labels: { ja: '部署', en: 'Department' }, value: '購買部' },
      { label: '最終注文日', value: '2026-10-30' },
    ],
    link: { who: '003000000000001AAA', what: null },
    ...overrides,
  };
}

const YAMADA_KINTONE = matchedRecord({
  connector: 'kintone',
  object: '12',
  id: '41',
  url: 'https://example.invalid/k/12/show#record=41',
  card: [
    { label: '会社名', value: '株式会社山田製作所' },
    { label: '担当営業', value: '井上 恵' },
  ],
});

export function knownMatch(...records: readonly MatchedRecord[]): CallerMatch {
  const all = records.length > 0 ? records : [matchedRecord(), YAMADA_KINTONE];
  return {
    kind: 'known',
    records: all,
    chosen: Object.fromEntries(all.map((record) => [record.connector, record])),
    unasked: [],
  };
}

const TAKAHASHI = [
  matchedRecord({ id: '003A', name: '高橋 一郎', card: [{ label: '会社', value: '高橋家' }] }),
  matchedRecord({ id: '003B', name: '高橋 花子', card: [{ label: '会社', value: '高橋家' }] }),
] as const;

export function ambiguousMatch(records: readonly MatchedRecord[] = TAKAHASHI): CallerMatch {
  return { kind: 'ambiguous', records, chosen: {}, unasked: [] };
}

export const UNKNOWN: CallerMatch = { kind: 'unknown', records: [], chosen: {}, unasked: [] };

export const OUTCOMES: readonly OutcomeChoice[] = [
  { code: 'won', label: { ja: '成約', en: 'Won' }, shortcut: '1', directions: ['inbound', 'outbound'], needsRecall: false },
  {
    code: 'recall',
    label: { ja: '再コール', en: 'Call again' },
    shortcut: '2',
    directions: ['inbound', 'outbound'],
    needsRecall: true,
  },
  {
    code: 'inquiry',
    label: { ja: '問い合わせ対応済み', en: 'Inquiry answered' },
    shortcut: '3',
    directions: ['inbound'],
    needsRecall: false,
  },
  {
    code: 'lost-price',
    label: { ja: '失注: 価格', en: 'Lost: price' },
    shortcut: '4',
    directions: ['inbound', 'outbound'],
    needsRecall: false,
  },
  { code: 'absent', label: { ja: '不在', en: 'Not there' }, shortcut: '5', directions: ['outbound'], needsRecall: false },
  { code: 'complaint', label: { ja: 'クレーム', en: 'Complaint' }, shortcut: '6', directions: ['inbound'], needsRecall: false },
  { code: 'other', label: { ja: 'その他', en: 'Other' }, shortcut: '9', directions: ['inbound', 'outbound'], needsRecall: false },
];

export const AGENTS: readonly DeskAgent[] = [
  { extension: '1001', name: '佐藤 葵' },
  { extension: '1002', name: '鈴木 蓮' },
  { extension: '1003', name: '田中 結衣' },
  { extension: '1004', name: '伊藤 湊' },
];

import { z } from 'zod';
import type { CallId, CallRecord } from '../calls/call.ts';

const direction = z.enum(['inbound', 'outbound', 'internal']);
const result = z.enum(['answered', 'abandoned', 'noAnswer', 'busy', 'failed', 'rejected', 'voicemail']);
const line = z.string().max(1000);
const seconds = z.number().min(0);
const lines = z.array(line).max(100);

const customer = z.strictObject({
  raw: line.nullable().default(null),
  number: line.nullable().default(null),
  name: line.nullable().default(null),
  withheld: z.boolean().default(false),
});

const transfer = z.strictObject({
  kind: z.enum(['blind', 'attended', 'park']),
  from: line.nullable().default(null),
  to: line.nullable().default(null),
  answered: z.boolean().default(true),
  at: z.iso.datetime().default('2026-01-05T01:00:30.000Z'),
});

const outcome = z.strictObject({ code: line, label: line.default('') });

const followUp = z.strictObject({
  dueAt: z.iso.datetime().default('2026-01-06T01:00:00.000Z'),
  note: z.string().max(1000).nullable().default(null),
  state: z.enum(['open', 'cancelled']).default('open'),
  reopened: z.boolean().default(false),
});

/** Any part of a call record, as a mapping's own tests give it. */
export const callExampleShape = z.strictObject({
  id: line.optional(),
  pbx: line.optional(),
  linkedIds: lines.optional(),
  direction: direction.optional(),
  customer: customer.nullable().optional(),
  did: line.nullable().optional(),
  placedBy: line.nullable().optional(),
  queue: line.nullable().optional(),
  queues: lines.optional(),
  startedAt: z.iso.datetime().optional(),
  answeredAt: z.iso.datetime().nullable().optional(),
  endedAt: z.iso.datetime().nullable().optional(),
  rang: lines.optional(),
  answered: z.boolean().optional(),
  answeredBy: line.nullable().optional(),
  spokeWith: lines.optional(),
  result: result.nullable().optional(),
  hangupCause: z.number().int().nullable().optional(),
  hangupBy: z.enum(['customer', 'agent', 'pbx']).nullable().optional(),
  waitSeconds: seconds.optional(),
  talkSeconds: seconds.optional(),
  holdSeconds: seconds.optional(),
  talkByAgent: z.record(line, seconds).optional(),
  transfers: z.array(transfer).max(100).optional(),
  recordings: lines.optional(),
  filledIn: z.boolean().optional(),
  leadId: line.nullable().optional(),
  outcome: outcome.nullable().optional(),
  notes: z.string().max(100_000).nullable().optional(),
  followUp: followUp.nullable().optional(),
  matches: z
    .array(z.strictObject({ connector: line, object: line, id: line, name: line }))
    .max(100)
    .optional(),
});

export type CallExample = z.output<typeof callExampleShape>;

const answeredInbound: CallRecord = {
  id: 'main-1767574800.1' as CallId,
  pbx: 'main',
  linkedIds: ['1767574800.1'],
  direction: 'inbound',
  customer: { raw: '09012345678', number: '+819012345678', name: null, withheld: false },
  did: '0398765432',
  placedBy: null,
  queue: 'sales',
  queues: ['sales'],
  startedAt: '2026-01-05T01:00:00.000Z',
  answeredAt: '2026-01-05T01:00:10.000Z',
  endedAt: '2026-01-05T01:01:10.000Z',
  rang: ['1001'],
  answered: true,
  answeredBy: '1001',
  spokeWith: ['1001'],
  result: 'answered',
  hangupCause: 16,
  hangupBy: 'customer',
  waitSeconds: 10,
  talkSeconds: 60,
  holdSeconds: 0,
  talkByAgent: { '1001': 60 },
  transfers: [],
  recordings: [],
  filledIn: false,
  leadId: null,
  outcome: null,
  notes: null,
  followUp: null,
  matches: [],
};

/** A whole call record: what the example does not say is that of an answered inbound call of one minute. */
export function callFromExample(example: CallExample): CallRecord {
  const said = Object.fromEntries(Object.entries(example).filter(([, value]) => value !== undefined));
  return { ...answeredInbound, ...said } as CallRecord;
}

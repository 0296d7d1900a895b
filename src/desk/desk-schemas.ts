/** The shapes of the desk's and the ledger's API; they validate requests and make the OpenAPI document. */
import { z } from 'zod';
import type { CallId } from '../calls/call.ts';
import { NOTES_LIMIT } from './draft.ts';
import { FOLLOW_UP_NOTE_LIMIT } from './follow-up.ts';

/** Ids are made of the PBX's name and Asterisk's Uniqueid: `main-1763838000.12`. */
const callIdText = z.string().regex(/^[A-Za-z0-9._-]{1,160}$/, 'is no call id');
const connectorName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'is no connector');
const extension = z.string().min(1).max(32);
const direction = z.enum(['inbound', 'outbound', 'internal']);
const instant = z.iso.datetime();
/** Where a page ended, as the list gave it out. */
const pageMark = z.string().regex(/^\d{1,15}~.{1,200}$/, 'is no mark of a page');
const pageLimit = z.coerce.number().int().min(1).max(200).default(50);

export const callParams = z.object({ id: callIdText });
export const numberParams = z.object({ number: z.string().min(1).max(64) });
export const owedParams = z.object({ id: callIdText, connector: connectorName });

export const draftBody = z.object({
  notes: z.string().max(NOTES_LIMIT),
  revision: z.number().int().min(0),
});

export const outcomeBody = z.object({
  outcome: z.string().min(1).max(64).nullable(),
  notes: z.string().max(NOTES_LIMIT).optional(),
});

export const followUpBody = z.object({
  dueAt: z.iso.datetime({ offset: true }),
  note: z.string().max(FOLLOW_UP_NOTE_LIMIT).default(''),
});

export const matchBody = z.object({
  connector: connectorName,
  record: z.object({ object: z.string().min(1).max(120), id: z.string().min(1).max(120) }).nullable(),
});

/** The calls whose cards were put away. */
export const dismissAllAnswer = z.object({ dismissed: z.array(z.string()) });

export const draftAnswer = z
  .object({
    outcome: z.string().nullable(),
    notes: z.string(),
    followUp: z.object({ dueAt: instant, note: z.string() }).nullable(),
    revision: z.number().int(),
    finishedBy: z.string().nullable(),
    by: z.string().nullable(),
    at: instant,
  })
  .meta({ title: 'Draft' });

const bothLanguages = z.object({ ja: z.string(), en: z.string() });

const matchedRecord = z.object({
  connector: z.string(),
  object: z.string(),
  id: z.string(),
  name: z.string(),
  url: z.string(),
  card: z.array(z.object({ label: z.string(), labels: bothLanguages.optional(), value: z.string() })),
  link: z.record(z.string(), z.string().nullable()),
});

export const matchAnswer = z
  .object({
    kind: z.enum(['known', 'ambiguous', 'unknown', 'withheld']),
    records: z.array(matchedRecord),
    chosen: z.record(z.string(), matchedRecord),
    unasked: z.array(z.string()),
  })
  .meta({ title: 'CallerMatch' });

const outcomeRef = z.object({ code: z.string(), label: z.string() });
const callResult = z.enum(['answered', 'abandoned', 'noAnswer', 'busy', 'failed', 'rejected', 'voicemail']).nullable();

/** Design, section 4.2. */
export const callAnswer = z
  .object({
    id: z.string(),
    pbx: z.string(),
    linkedIds: z.array(z.string()),
    direction,
    customer: z
      .object({ raw: z.string().nullable(), number: z.string().nullable(), name: z.string().nullable(), withheld: z.boolean() })
      .nullable(),
    did: z.string().nullable(),
    placedBy: z.string().nullable(),
    queue: z.string().nullable(),
    queues: z.array(z.string()),
    startedAt: instant,
    answeredAt: instant.nullable(),
    endedAt: instant.nullable(),
    rang: z.array(z.string()),
    answered: z.boolean(),
    answeredBy: z.string().nullable(),
    spokeWith: z.array(z.string()),
    result: callResult,
    hangupCause: z.number().nullable(),
    hangupBy: z.enum(['customer', 'agent', 'pbx']).nullable(),
    waitSeconds: z.number(),
    talkSeconds: z.number(),
    holdSeconds: z.number(),
    talkByAgent: z.record(z.string(), z.number()),
    transfers: z.array(
      z.object({
        kind: z.enum(['blind', 'attended', 'park']),
        from: z.string().nullable(),
        to: z.string().nullable(),
        answered: z.boolean(),
        at: instant,
      }),
    ),
    recordings: z.array(z.string()),
    filledIn: z.boolean(),
    leadId: z.string().nullable(),
    outcome: outcomeRef.nullable(),
    notes: z.string().nullable(),
    followUp: z
      .object({ dueAt: instant, note: z.string().nullable(), state: z.enum(['open', 'cancelled']), reopened: z.boolean() })
      .nullable(),
    matches: z.array(z.object({ connector: z.string(), object: z.string(), id: z.string(), name: z.string() })),
  })
  .meta({ title: 'Call' });

export const callsQuery = z.object({
  limit: pageLimit,
  before: pageMark.optional(),
  number: z.string().min(1).max(64).optional(),
  agent: extension.optional(),
});
export const callsAnswer = z.object({ calls: z.array(callAnswer), next: z.string().nullable() });

export const followUpsQuery = z.object({ limit: pageLimit, after: pageMark.optional(), agent: extension.optional() });

export const followUpsAnswer = z
  .object({
    followUps: z.array(
      z.object({
        call: callAnswer,
        agent: z.string().nullable().meta({ description: 'Whose it is: who spoke with the customer last, else who dialled.' }),
        display: z.string().nullable().meta({ description: "The customer's number as people write it; null when withheld." }),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ title: 'FollowUps' });

const earlierCall = z.object({
  callId: z.string(),
  at: instant,
  direction,
  agent: z.string().nullable(),
  result: callResult,
  talkSeconds: z.number(),
  outcome: outcomeRef.nullable(),
  notes: z.string().nullable(),
});

export const callerAnswer = z.object({
  number: z.string(),
  display: z.string(),
  match: matchAnswer,
  earlier: z.array(earlierCall),
});

export const outcomesAnswer = z.object({
  outcomes: z.array(
    z.object({
      code: z.string(),
      label: bothLanguages,
      shortcut: z.string().nullable(),
      directions: z.array(direction),
      needsRecall: z.boolean(),
    }),
  ),
});

export const connectorsAnswer = z.object({
  connectors: z.array(z.object({ name: z.string(), label: z.string(), takesFollowUps: z.boolean() })),
});

export const deskAnswer = z
  .object({
    epoch: z.string(),
    revision: z.number().int(),
    extension: z.string(),
    serverNow: instant,
    pops: z.array(z.looseObject({ callId: z.string(), stage: z.string(), direction })),
    recent: z.array(z.looseObject({ callId: z.string(), kind: z.string(), at: instant })),
  })
  .meta({ title: 'Desk', description: 'What one operator sees now; the socket carries the changes.' });

const ledgerPart = z.enum(['callLog', 'followUp']);
const ledgerState = z.enum(['logged', 'waiting', 'needsPerson', 'refused', 'notNeeded']);

export const owedQuery = z.object({
  limit: pageLimit,
  before: z.string().max(200).optional(),
  state: ledgerState.optional(),
  connector: connectorName.optional(),
});

export const owedAnswer = z
  .object({
    summary: z.object({
      owed: z.number().int().meta({ description: 'Calls a CRM should have and has not: must be 0.' }),
      connectors: z.array(
        z.object({ connector: z.string(), label: z.string(), counts: z.record(ledgerState, z.number().int()) }),
      ),
    }),
    rows: z.array(
      z.object({
        call: callAnswer,
        display: z.string().nullable().meta({ description: "The customer's number as people write it; null when withheld." }),
        entries: z.array(
          z.object({
            connector: z.string(),
            part: ledgerPart,
            state: ledgerState,
            reason: z.object({ code: z.string(), detail: z.string().nullable() }).nullable(),
            attempts: z.number().int(),
            nextTryAt: instant.nullable(),
            recordUrl: z.string().nullable(),
          }),
        ),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ title: 'Ledger' });

/** Null: the call with its outcome and its follow-up. */
export const owedPartBody = z.object({ part: ledgerPart.nullable().default(null) });

export const retryAllBody = z.object({ connector: connectorName.nullable().default(null) });
export const retryAllAnswer = z.object({ retried: z.number().int() });

/** The one place where a text from outside becomes a call id. */
export function toCallId(text: string): CallId {
  return text as CallId;
}

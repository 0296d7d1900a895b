/** The shapes of the commands' API; they validate requests and make the OpenAPI document. */
import { z } from 'zod';

const key = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, '8 to 64 letters, digits, hyphens or underscores')
  .meta({ description: 'Idempotency key; the header Idempotency-Key does the same. One is made when there is none.' });

export const keySchema = key;

const dialled = z.string().min(1).max(64).meta({ description: 'A telephone number as people write it, or an extension.' });

export const callBody = z.object({
  to: dialled,
  list: z.string().min(1).max(100).optional().meta({ description: 'The lead list; it may show a number of its own.' }),
  key: key.optional(),
});

export const keyBody = z.object({ key: key.optional() });

export const transferBody = z.object({
  kind: z.enum(['blind', 'attended']).meta({ description: 'attended: the customer is held while the colleague is asked.' }),
  to: dialled,
  key: key.optional(),
});

export const spyBody = z.object({
  mode: z.enum(['listen', 'whisper', 'barge']),
  extension: z
    .string()
    .regex(/^\d{1,10}$/)
    .optional()
    .meta({ description: 'Which agent, when several speak.' }),
  key: key.optional(),
});

export const commandParams = z.object({ key });

const stage = z.enum(['agentRinging', 'farEndCalled', 'farEndRinging']);

export const waitQuery = z.object({
  stage: z
    .union([stage, z.literal('none')])
    .optional()
    .meta({ description: 'Answer as soon as it is no longer at this stage.' }),
  wait: z.coerce.number().min(0).max(20).default(0).meta({ description: 'Seconds to wait for the end.' }),
});

export const commandAnswer = z
  .object({
    key: z.string(),
    kind: z.string(),
    callId: z.string().nullable().meta({ description: 'The call it is about; of a call placed, known before it exists.' }),
    state: z.enum(['working', 'done', 'unknown']).meta({
      description: 'working: ask again. unknown: it may have happened; look at the calls before asking for it anew.',
    }),
    stage: stage.nullable(),
    result: z.string().nullable().meta({ description: 'What people did: answered, agentNoAnswer, customerBusy, held …' }),
    slot: z.string().nullable().meta({ description: 'Where the parked call waits.' }),
  })
  .meta({ title: 'Command' });

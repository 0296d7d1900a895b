/** Commands to the PBX over HTTP: click-to-call, and everything that is done with a call that goes on. */
import type { z } from 'zod';
import { notFound, Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Session } from '../http/session-cookie.ts';
import type { CommandAnswer, CommandRefusal, CommandRequest } from './command.ts';
import type { CommandClerk } from './command-clerk.ts';
import * as schemas from './command-schemas.ts';
import { callParams, toCallId } from './desk-schemas.ts';

export interface CommandRouteOptions {
  readonly clerk: Pick<CommandClerk, 'give' | 'look'>;
  /** Makes the key of a request that brings none; fits `[A-Za-z0-9_-]{8,64}`. */
  readonly newId: () => string;
}

interface Asked {
  readonly session: Session | null;
  readonly response: { readonly req: { get(header: string): string | undefined } };
  readonly body: { readonly key?: string | undefined };
}

export function commandRoutes({ clerk, newId }: CommandRouteOptions): Route[] {
  async function give(asked: Asked, request: CommandRequest): Promise<unknown> {
    return told(await clerk.give(keyOf(asked) ?? newId(), operatorOf(asked.session), request));
  }

  /** With a call of which nothing more need be said. */
  const simple = (path: string, summary: string, kind: 'hangUp' | 'hold' | 'resume' | 'park' | 'retrieve' | 'completeTransfer') =>
    defineRoute({
      method: 'post',
      path: `/calls/:id/${path}`,
      summary,
      tag: 'commands',
      params: callParams,
      body: schemas.keyBody,
      answer: schemas.commandAnswer,
      handle: async ({ params, ...asked }) => give(asked, { kind, callId: toCallId(params.id) }),
    });

  return [
    defineRoute({
      method: 'post',
      path: '/calls',
      summary: 'Place a call: first my phone rings, then the other end is dialled. The same key never dials twice',
      tag: 'commands',
      body: schemas.callBody,
      answer: schemas.commandAnswer,
      handle: async (asked) => give(asked, { kind: 'call', to: asked.body.to, list: asked.body.list ?? null }),
    }),
    simple('hang-up', 'Hang up', 'hangUp'),
    simple('hold', 'Music for the customer; my phone stays off the hook', 'hold'),
    simple('resume', 'Back to the customer, from a hold or from a consultation', 'resume'),
    simple('park', 'Park the customer; answers the slot', 'park'),
    simple('retrieve', 'Ring my phone and give me the parked customer', 'retrieve'),
    defineRoute({
      method: 'post',
      path: '/calls/:id/transfer',
      summary: 'Hand the customer over: at once (blind), or after asking the colleague (attended)',
      tag: 'commands',
      params: callParams,
      body: schemas.transferBody,
      answer: schemas.commandAnswer,
      handle: async ({ params, ...asked }) => give(asked, transferOf(params.id, asked.body)),
    }),
    simple('transfer/complete', 'The colleague takes the customer', 'completeTransfer'),
    simple('transfer/cancel', 'Back to the customer without the colleague', 'resume'),
    defineRoute({
      method: 'post',
      path: '/calls/:id/spy',
      summary: 'For supervisors: listen to an agent, whisper to them, or join the conversation',
      tag: 'commands',
      params: callParams,
      body: schemas.spyBody,
      answer: schemas.commandAnswer,
      handle: async ({ params, ...asked }) => {
        const { mode, extension = null } = asked.body;
        return give(asked, { kind: 'spy', callId: toCallId(params.id), mode, extension });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/commands/:key',
      summary: 'What became of a command; waits for its end if asked to',
      tag: 'commands',
      params: schemas.commandParams,
      query: schemas.waitQuery,
      answer: schemas.commandAnswer,
      handle: async ({ params, query, session }) => {
        const answer = await clerk.look(params.key, operatorOf(session), {
          waitMs: query.wait * 1_000,
          ...(query.stage !== undefined && { knownStage: query.stage === 'none' ? null : query.stage }),
        });
        if (answer === null) throw notFound(`There is no command ${params.key}.`);
        return told(answer);
      },
    }),
  ];
}

function told(answer: CommandAnswer): Omit<CommandAnswer, 'reason' | 'detail'> {
  if (answer.state === 'refused') throw problemOf(answer);
  const { reason: _, detail: __, ...rest } = answer;
  return rest;
}

function transferOf(id: string, { kind, to }: z.output<typeof schemas.transferBody>): CommandRequest {
  return { kind: kind === 'blind' ? 'blindTransfer' : 'consult', callId: toCallId(id), to };
}

function operatorOf(session: Session | null): string {
  if (session?.extension) return session.extension;
  throw new Problem(403, 'no-extension', 'This needs a telephone: sign in with an extension.');
}

/** Null when the request brings none. */
function keyOf({ response, body }: Asked): string | null {
  const header = response.req.get('Idempotency-Key');
  if (header === undefined) return body.key ?? null;
  if (!schemas.keySchema.safeParse(header).success) {
    throw new Problem(400, 'invalid', 'The Idempotency-Key is not valid: 8 to 64 letters, digits, hyphens or underscores.');
  }
  if (body.key !== undefined && body.key !== header) {
    throw new Problem(400, 'invalid', 'The Idempotency-Key of the header is not the key of the body.');
  }
  return header;
}

const refusals: Readonly<Record<CommandRefusal, readonly [status: number, words: string]>> = {
  notAllowed: [403, 'This is not your call; only a supervisor may act on it.'],
  unreadable: [400, 'This is no telephone number.'],
  unknownExtension: [400, 'There is no such extension to dial.'],
  emergency: [400, 'Emergency numbers are not dialled from here: use the telephone.'],
  premium: [400, 'Premium-rate numbers are not dialled.'],
  international: [400, 'Numbers of other countries are not dialled.'],
  ownExtension: [400, 'This is your own extension.'],
  notAnExtension: [400, 'Only a colleague can be asked: give an extension.'],
  gone: [409, 'The call is over.'],
  notTalking: [409, 'Nobody is connected.'],
  notHeld: [409, 'The customer is not on hold.'],
  notParked: [409, 'The call is not parked.'],
  noColleague: [409, 'No colleague is on the line.'],
  keyReused: [409, 'This key was used for another command.'],
  repeated: [409, 'The same was asked a moment ago; nothing was dialled again.'],
  alreadyDialling: [409, 'Your phone is being rung for another command.'],
  pbxAway: [503, 'The PBX is not connected; nothing was sent.'],
  noDialplan: [503, 'The PBX lacks the dialplan of this command: include toritsugi-commands.conf.'],
  lackingRights: [503, 'The hub lacks the right to do this on the PBX.'],
  notPossible: [503, 'This PBX is connected in a way that does not allow it.'],
  pbxRefused: [503, 'The PBX did not do it.'],
};

/** Codes as in a path: `notAllowed` → `command-not-allowed`. */
function problemOf({ reason, detail, key, callId }: CommandAnswer): Problem {
  const because = reason ?? 'pbxRefused';
  const [status, words] = refusals[because];
  const code = because.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new Problem(status, `command-${code}`, detail ?? words, { reason: because, key, callId });
}

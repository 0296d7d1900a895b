/** What an operator does at the desk, over HTTP; the socket only tells. */
import type { z } from 'zod';
import type { CallId, CallRecord } from '../calls/call.ts';
import { notFound, Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Session } from '../http/session-cookie.ts';
import type { Desk, DeskAnswer } from './desk.ts';
import type { CallBookPorts, DeskPorts, Language } from './desk-ports.ts';
import * as schemas from './desk-schemas.ts';
import type { Draft } from './draft.ts';
import { type DueAtProblem, promisedIn } from './follow-up.ts';

export type DeskRoutePorts = Pick<DeskPorts, 'outcomes' | 'connectors' | 'saveOutcome'> & Pick<CallBookPorts, 'findCall'>;

type OutcomeBody = z.output<typeof schemas.outcomeBody>;

export interface DeskRouteOptions {
  readonly recordLanguage: Language;
  readonly now: () => number;
}

export function deskRoutes(desk: Desk, ports: DeskRoutePorts, { recordLanguage, now }: DeskRouteOptions): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/desk',
      summary: 'Everything this operator sees now',
      tag: 'desk',
      answer: schemas.deskAnswer,
      handle: async ({ session }) => desk.view(operatorOf(session)),
    }),
    defineRoute({
      method: 'get',
      path: '/outcomes',
      summary: 'The outcomes to choose from',
      tag: 'desk',
      answer: schemas.outcomesAnswer,
      handle: async () => ({ outcomes: ports.outcomes() }),
    }),
    defineRoute({
      method: 'get',
      path: '/connectors',
      summary: 'The connected CRMs, as their users call them',
      tag: 'desk',
      answer: schemas.connectorsAnswer,
      handle: async () => ({ connectors: ports.connectors() }),
    }),
    defineRoute({
      method: 'put',
      path: '/calls/:id/draft',
      summary: 'Write notes; 409 with the other text when somebody wrote meanwhile',
      tag: 'desk',
      params: schemas.callParams,
      body: schemas.draftBody,
      answer: schemas.draftAnswer,
      handle: async ({ params, body, session }) =>
        acceptAnswer(await desk.writeNotes(schemas.toCallId(params.id), operatorOf(session), body)),
    }),
    defineRoute({
      method: 'put',
      path: '/calls/:id/outcome',
      summary: 'Say how the call went, during it, after it or long after it; null takes it back',
      tag: 'desk',
      params: schemas.callParams,
      body: schemas.outcomeBody,
      answer: schemas.draftAnswer,
      handle: async ({ params, body, session }) => choose(schemas.toCallId(params.id), body, operatorOf(session)),
    }),
    ...settlingRoutes(desk),
    defineRoute({
      method: 'put',
      path: '/calls/:id/match',
      summary: 'Choose the record this call belongs to in one CRM; null: none of them',
      tag: 'desk',
      params: schemas.callParams,
      body: schemas.matchBody,
      answer: schemas.matchAnswer,
      handle: async ({ params, body, session }) => {
        const callId = schemas.toCallId(params.id);
        const call = await ports.findCall(callId);
        if (!call) throw notFound(`There is no call ${params.id}.`);
        return desk.chooseRecord(call.id, body, operatorOf(session));
      },
    }),
  ];

  async function choose(callId: CallId, body: OutcomeBody, by: string): Promise<unknown> {
    if (body.notes !== undefined) await overwriteNotes(desk, callId, by, body.notes);
    const answer = await desk.chooseOutcome(callId, by, body.outcome);
    if (answer.kind !== 'unknownCall') return acceptAnswer(answer);
    const call = await ports.findCall(callId);
    if (!call) throw notFound(`There is no call ${callId}.`);
    // The desk may know it by the id of the call it became part of, and must not take back what it has not heard of.
    return call.id === callId ? outcomeOfPastCall(call, body, by) : choose(call.id, body, by);
  }

  /** The desk has forgotten the call; the ledger never does. */
  async function outcomeOfPastCall(call: CallRecord, body: OutcomeBody, by: string): Promise<unknown> {
    const choice = ports.outcomes().find(({ code }) => code === body.outcome);
    if (body.outcome !== null && !choice) throw unknownOutcome();
    const notes = body.notes ?? call.notes;
    await ports.saveOutcome(call.id, choice ? { code: choice.code, label: choice.label[recordLanguage] } : null, notes, by);
    return {
      outcome: body.outcome,
      notes: notes ?? '',
      followUp: promisedIn(call),
      revision: 0,
      finishedBy: null,
      by,
      at: new Date(now()).toISOString(),
    };
  }
}

function settlingRoutes(desk: Desk): Route[] {
  const settle = (path: string, summary: string, act: 'finish' | 'dismiss' | 'reopen') =>
    defineRoute({
      method: 'post',
      path,
      summary,
      tag: 'desk',
      params: schemas.callParams,
      answer: schemas.draftAnswer,
      handle: async ({ params, session }) => acceptAnswer(await desk[act](schemas.toCallId(params.id), operatorOf(session))),
    });
  return [
    settle('/calls/:id/done', 'The paperwork is complete: put the card away', 'finish'),
    settle('/calls/:id/dismiss', 'Put my card away without an outcome', 'dismiss'),
    settle('/calls/:id/reopen', 'Take "done" or "dismiss" back', 'reopen'),
    defineRoute({
      method: 'post',
      path: '/desk/dismiss-all',
      summary: 'Put all my after-call cards away without an outcome; `reopen` takes each back',
      tag: 'desk',
      answer: schemas.dismissAllAnswer,
      handle: async ({ session }) => {
        const by = operatorOf(session);
        const dismissed = desk.pileOf(by);
        for (const callId of dismissed) acceptAnswer(await desk.dismiss(callId, by));
        return { dismissed: [...dismissed] };
      },
    }),
  ];
}

/** A machine that sets outcome and notes in one request has not looked before; it means what it says. */
async function overwriteNotes(desk: Desk, callId: ReturnType<typeof schemas.toCallId>, by: string, notes: string): Promise<void> {
  const answer = await desk.writeNotes(callId, by, { notes, revision: -1 });
  if (answer.kind === 'conflict') await desk.writeNotes(callId, by, { notes, revision: answer.draft.revision });
}

export function operatorOf(session: Session | null): string {
  if (session?.extension) return session.extension;
  throw new Problem(403, 'no-extension', 'This needs an operator: sign in with an extension.');
}

export function acceptAnswer(answer: DeskAnswer): Omit<Draft, 'closed'> {
  switch (answer.kind) {
    case 'ok': {
      const { closed: _, ...draft } = answer.draft;
      return draft;
    }
    case 'conflict': {
      const { closed: _, ...draft } = answer.draft;
      throw new Problem(409, 'notes-conflict', 'Somebody else has changed these notes meanwhile.', { draft });
    }
    case 'unknownCall':
      throw notFound('The desk does not have this call.');
    case 'unknownOutcome':
      throw unknownOutcome();
    case 'badDueAt':
      throw badDueAt(answer.problem);
  }
}

function unknownOutcome(): Problem {
  return new Problem(400, 'unknown-outcome', 'This outcome is not configured: see GET /api/v1/outcomes.');
}

export function badDueAt(problem: DueAtProblem): Problem {
  return problem === 'past'
    ? new Problem(400, 'follow-up-in-the-past', 'This time is in the past: choose one that is still ahead.')
    : new Problem(400, 'follow-up-too-far', 'This time is more than two years ahead: choose an earlier one.');
}

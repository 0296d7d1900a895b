/** What was promised to customers, and when it is due. */
import { agentOfCall } from '../calls/agent-of-call.ts';
import type { CallId, CallRecord } from '../calls/call.ts';
import { notFound } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Desk } from './desk.ts';
import type { CallBookPorts, DeskPorts } from './desk-ports.ts';
import { acceptAnswer, badDueAt, operatorOf } from './desk-routes.ts';
import * as schemas from './desk-schemas.ts';
import type { Draft } from './draft.ts';
import { dueAtProblem, type FollowUpPlan, promisedIn } from './follow-up.ts';

export type FollowUpPorts = Pick<DeskPorts, 'saveFollowUp' | 'nationalNumber'> &
  Pick<CallBookPorts, 'findCall' | 'listFollowUps'>;

export function followUpRoutes(desk: Desk, ports: FollowUpPorts, now: () => number): Route[] {
  return [
    defineRoute({
      method: 'put',
      path: '/calls/:id/follow-up',
      summary: 'Promise to come back to the customer, during the call, after it or long after it; again changes time or note',
      tag: 'follow-ups',
      params: schemas.callParams,
      body: schemas.followUpBody,
      answer: schemas.draftAnswer,
      handle: async ({ params, body, session }) => {
        const followUp = { dueAt: new Date(body.dueAt).toISOString(), note: body.note };
        return promise(schemas.toCallId(params.id), followUp, operatorOf(session));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/calls/:id/follow-up',
      summary: 'Take the follow-up back; a CRM that has it holds it as cancelled from then on',
      tag: 'follow-ups',
      params: schemas.callParams,
      answer: schemas.draftAnswer,
      handle: async ({ params, session }) => promise(schemas.toCallId(params.id), null, operatorOf(session)),
    }),
    defineRoute({
      method: 'get',
      path: '/follow-ups',
      summary: 'Open follow-ups, the next due first',
      tag: 'follow-ups',
      query: schemas.followUpsQuery,
      answer: schemas.followUpsAnswer,
      handle: async ({ query: { limit, after = null, agent = null } }) => {
        const { calls, next } = await ports.listFollowUps({ limit, after, agent });
        return { followUps: calls.map((call) => ({ call, agent: agentOfCall(call), display: displayOf(call) })), next };
      },
    }),
  ];

  async function promise(callId: CallId, followUp: FollowUpPlan | null, by: string): Promise<unknown> {
    const answer = await desk.promiseFollowUp(callId, by, followUp);
    if (answer.kind !== 'unknownCall') return acceptAnswer(answer);
    const call = await ports.findCall(callId);
    if (!call) throw notFound(`There is no call ${callId}.`);
    // The desk may know it by the id of the call it became part of, and must not take back what it has not heard of.
    return call.id === callId ? promiseInPastCall(call, followUp, by) : promise(call.id, followUp, by);
  }

  /** The desk has forgotten the call; the ledger never does. */
  async function promiseInPastCall(call: CallRecord, followUp: FollowUpPlan | null, by: string): Promise<Omit<Draft, 'closed'>> {
    const problem = followUp && dueAtProblem(followUp.dueAt, promisedIn(call), now());
    if (problem !== null) throw badDueAt(problem);
    await ports.saveFollowUp(call.id, followUp, by);
    const { outcome, notes } = call;
    const at = new Date(now()).toISOString();
    return { outcome: outcome?.code ?? null, notes: notes ?? '', followUp, revision: 0, finishedBy: null, by, at };
  }

  function displayOf({ customer }: CallRecord): string | null {
    if (customer === null || customer.withheld) return null;
    return customer.number === null ? customer.raw : ports.nationalNumber(customer.number);
  }
}

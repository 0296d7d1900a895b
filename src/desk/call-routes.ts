/** Reading calls and callers back. */
import { notFound, Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { CallBookPorts, DeskPorts } from './desk-ports.ts';
import * as schemas from './desk-schemas.ts';

export type CallRoutePorts = CallBookPorts & Pick<DeskPorts, 'lookUpCaller' | 'earlierCalls' | 'nationalNumber'>;

export function callRoutes(ports: CallRoutePorts): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/calls',
      summary: 'Calls, newest first',
      tag: 'calls',
      query: schemas.callsQuery,
      answer: schemas.callsAnswer,
      handle: async ({ query }) =>
        ports.listCalls({
          limit: query.limit,
          before: query.before ?? null,
          number: query.number === undefined ? null : readNumber(query.number),
          agent: query.agent ?? null,
        }),
    }),
    defineRoute({
      method: 'get',
      path: '/calls/:id',
      summary: 'One call, by its id or by an id it had before it turned out to be part of another',
      tag: 'calls',
      params: schemas.callParams,
      answer: schemas.callAnswer,
      handle: async ({ params }) => {
        const call = await ports.findCall(schemas.toCallId(params.id));
        if (!call) throw notFound(`There is no call ${params.id}.`);
        return call;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/callers/:number',
      summary: 'Who a number belongs to, however it is written, and their earlier calls',
      tag: 'callers',
      params: schemas.numberParams,
      answer: schemas.callerAnswer,
      handle: async ({ params }) => {
        const number = readNumber(params.number);
        const [match, earlier] = await Promise.all([ports.lookUpCaller(number), ports.earlierCalls(number, 50)]);
        return { number, display: ports.nationalNumber(number), match, earlier };
      },
    }),
  ];

  function readNumber(text: string): string {
    const number = ports.readNumber(text);
    if (number === null) throw new Problem(400, 'no-number', 'This is no telephone number.');
    return number;
  }
}

/** The look-up for dialplans that prefer HTTP: `CURL()`, or any other PBX. */
import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Routing } from './routing.ts';
import { routingFields, routingTexts } from './routing-variables.ts';
import { createTokenCheck } from './secret-token.ts';

export interface RoutingRouteDeps {
  readonly routing: Routing;
  /** Null: there is no such address. */
  readonly token: string | null;
}

const query = z.object({
  number: z.string().max(1_000).default('').describe('the caller’s number as the PBX has it; empty when withheld'),
  did: z.string().max(1_000).optional().describe('the number the customer dialled'),
  format: z
    .enum(['json', 'plain', 'hash'])
    .default('json')
    .describe('plain: a line `field=value` for each field; hash: `field=value&…`, encoded, for CURLOPT(hashcompat)=yes'),
  field: z.enum(routingFields).optional().describe('only the value of this field, as text'),
});

const answer = z
  .object({
    callerKind: z.enum(['known', 'ambiguous', 'unknown', 'withheld']).nullable().describe('null: it was not found out in time'),
    customerName: z.string().nullable(),
    lastAgent: z.object({ extension: z.string(), at: z.iso.datetime() }).nullable().describe('who spoke last with this number'),
    ownerAgent: z.string().nullable().describe('extension of the agent who owns the customer'),
    blocked: z.object({ reason: z.string() }).nullable(),
    queue: z.string().nullable(),
    greeting: z.string().nullable(),
    missing: z.array(z.enum(['caller', 'earlierCalls', 'blocked'])).describe('what could not be learned in time'),
  })
  .meta({ title: 'RoutingAnswer' });

export function routingRoutes({ routing, token }: RoutingRouteDeps): Route[] {
  if (token === null) return [];
  const isToken = createTokenCheck(token);
  return [
    defineRoute({
      method: 'get',
      path: '/routing',
      summary:
        'What the dialplan should know about a caller, within the time limit. Needs the token of the setting ROUTING_TOKEN: as `Authorization: Bearer`, or as the password of basic authentication.',
      tag: 'routing',
      access: 'open',
      query,
      answer,
      handle: async ({ query: { number, did = null, format, field }, response }) => {
        if (!isToken(givenToken(response.req.headers.authorization))) {
          response.set('WWW-Authenticate', 'Bearer');
          throw new Problem(401, 'wrong-token', 'Send the token of the setting ROUTING_TOKEN as `Authorization: Bearer …`.');
        }
        const found = await routing.ask({ number, did });
        if (field === undefined && format === 'json') return found;
        const texts = routingTexts(found);
        const pairs = routingFields.map((name) => [name, texts[name]] as const);
        if (field !== undefined) response.type('text/plain').send(texts[field]);
        else if (format === 'hash')
          response.type('text/plain').send(pairs.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&'));
        else response.type('text/plain').send(pairs.map(([name, text]) => `${name}=${text}\n`).join(''));
        return undefined;
      },
    }),
  ];
}

/** Older versions of CURL() can send no header of their own, but a user and a password (`CURLOPT(userpwd)`). */
function givenToken(authorization = ''): string {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S{1,2000})$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

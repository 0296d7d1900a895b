/** The block list over HTTP. */
import { z } from 'zod';
import type { ReadOptions } from '../callers/phone-number.ts';
import { notFound, Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { type BlockedPattern, NoPattern, readPattern } from './blocked-pattern.ts';
import type { BlockedNumber, BlockedNumbers } from './blocked-store.ts';

export interface BlockedRouteDeps {
  readonly blocked: BlockedNumbers;
  readonly numbers: ReadOptions;
  readonly now: () => number;
}

const blockedNumber = z
  .object({
    pattern: z.string().describe('E.164, or its beginning and a *'),
    reason: z.string(),
    by: z.string(),
    at: z.iso.datetime(),
    until: z.iso.datetime().nullable().describe('null: until it is removed'),
  })
  .meta({ title: 'BlockedNumber' });

const text = z.string().trim().min(1);

export function blockedRoutes({ blocked, numbers, now }: BlockedRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/blocked-numbers',
      summary: 'Whose calls are not put through',
      tag: 'routing',
      query: z.object({
        limit: z.coerce.number().int().min(1).max(500).default(100),
        after: z.string().max(20).optional().describe('the `next` of the page before'),
      }),
      answer: z.object({ blockedNumbers: z.array(blockedNumber), next: z.string().nullable() }),
      handle: async ({ query: { limit, after = null } }) => {
        const { entries, next } = await blocked.list({ limit, after });
        return { blockedNumbers: entries.map(shown), next };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/blocked-numbers',
      summary: 'Block a number, or all that begin alike; replaces what was said of it before',
      tag: 'routing',
      body: z.object({
        number: text.max(100).describe('a number in any spelling, or its beginning and a *: 0120*'),
        reason: text.max(200),
        until: z.iso.datetime({ offset: true }).nullable().default(null),
      }),
      answer: blockedNumber,
      handle: async ({ body, session }) => {
        const until = body.until === null ? null : Date.parse(body.until);
        if (until !== null && until <= now()) throw new Problem(400, 'invalid', '`until` is over already; give a later time.');
        const by = session?.extension ?? 'admin';
        return shown(await blocked.add({ pattern: read(body.number), reason: body.reason, by, until }));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/blocked-numbers/:number',
      summary: 'Let these callers through again',
      tag: 'routing',
      params: z.object({ number: text.max(100) }),
      handle: async ({ params }) => {
        const pattern = read(params.number);
        if (!(await blocked.remove(pattern))) throw notFound(`${pattern} is not on the block list.`);
      },
    }),
  ];

  function read(number: string): BlockedPattern {
    try {
      return readPattern(number, numbers);
    } catch (error) {
      if (error instanceof NoPattern) throw new Problem(400, 'invalid', error.message);
      throw error;
    }
  }
}

function shown({ at, until, ...entry }: BlockedNumber) {
  return { ...entry, at: new Date(at).toISOString(), until: until === null ? null : new Date(until).toISOString() };
}

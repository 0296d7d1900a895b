/** The shape of one described request, and of the paths into its answer. */
import { z } from 'zod';
import { placeholdersIn } from './fill-request.ts';

/** Steps that would reach what JSON does not hold. */
const FORBIDDEN = new Set(['', '__proto__', 'prototype', 'constructor']);

export const path = z
  .union([z.string().min(1).max(200), z.array(z.string().min(1).max(100)).min(1).max(10)])
  .transform((given) => (typeof given === 'string' ? given.split('.') : given))
  .refine((steps) => steps.length <= 10 && steps.every((step) => !FORBIDDEN.has(step)), { message: 'path' })
  .describe('Where it stands in the answer: names joined by dots, a number in a list, * for every entry');

export const name = z.string().min(1).max(200);
const scalar = z.union([z.string().max(4000), z.number(), z.boolean()]);

/** How deep a body may be nested; more is no request that a person wrote. */
const MOST_DEPTH = 8;

const body = z.unknown().refine((given) => depthOf(given) <= MOST_DEPTH, { message: 'depth' });

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

export const requestShape = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).optional(),
  path: z
    .string()
    .max(1000)
    .regex(/^\/[^?#\s]*$/u, { message: 'address' })
    .describe('Below baseUrl; begins with a slash, holds no ?'),
  query: z.record(name, scalar).default({}),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/u), z.string().max(1000)).default({}),
  body: body.optional().describe('JSON; a text that is one {placeholder} becomes its value'),
});

export type RequestShape = z.output<typeof requestShape>;

/** Names in braces anywhere in a request. */
export function placeholdersOf(request: RequestShape): ReadonlySet<string> {
  return placeholdersIn([request.path, request.query, request.headers, request.body]);
}

const status = z.number().int().min(200).max(599);

export const nobody = z.array(status).max(10).default([]).describe('Statuses that mean: there is no such record');

/** How one comes to the next page. */
export const next = z
  .strictObject({
    cursor: path.optional().describe('Where the next cursor stands; sent as {cursor}'),
    page: z.number().int().min(0).max(1).optional().describe('Number of the first page; sent as {page}'),
    offset: z.number().int().min(0).max(1).optional().describe('Number of the first record; sent as {offset}'),
    after: path.optional().describe('Where the value stands in the last record; sent as {after}'),
    link: z
      .union([z.literal('header'), path])
      .optional()
      .describe('header: the Link header; or where the address stands'),
  })
  .refine((given) => Object.keys(given).length === 1, { message: 'one' });

export type NextShape = z.output<typeof next>;

/** A route as data: the same zod schemas validate the request and describe it in the OpenAPI document. */
import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { Problem } from './problem.ts';
import type { Session } from './session-cookie.ts';

type Method = 'get' | 'put' | 'post' | 'delete';

interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** For `open` routes null when nobody is signed in. */
  readonly session: Session | null;
  /** To set cookies and the like; the body is what the handler returns. */
  readonly response: Response;
}

export interface Route {
  readonly method: Method;
  /** Under `/api/v1`, as Express writes it: `/calls/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: 'open' | 'signedIn';
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType | null;
  /** Null: 204 and no body. */
  readonly answer: z.ZodType | null;
  readonly handle: (input: RouteInput<never, never, never>) => Promise<unknown>;
}

interface RouteDefinition<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access?: 'open' | 'signedIn';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer?: z.ZodType;
  readonly handle: (input: RouteInput<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>;
}

const NOTHING = z.object({});

export function defineRoute<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  definition: RouteDefinition<Params, Query, Body>,
): Route {
  return {
    access: 'signedIn',
    ...definition,
    params: definition.params ?? NOTHING,
    query: definition.query ?? NOTHING,
    body: definition.body ?? null,
    answer: definition.answer ?? null,
  };
}

/** `sessionOf` reads who is signed in from the request. */
export function mountRoutes(routes: readonly Route[], sessionOf: (cookieHeader: string | undefined) => Session | null): Router {
  const router = Router({ caseSensitive: true });
  for (const route of routes) router[route.method](route.path, handlerOf(route, sessionOf));
  return router;
}

function handlerOf(route: Route, sessionOf: (cookieHeader: string | undefined) => Session | null): RequestHandler {
  return async (request, response) => {
    const session = sessionOf(request.headers.cookie);
    if (route.access === 'signedIn' && !session) {
      throw new Problem(401, 'not-signed-in', 'Sign in first: POST /api/v1/session.');
    }
    const input = {
      params: read(route.params, request.params, 'path'),
      query: read(route.query, request.query, 'query'),
      body: route.body === null ? undefined : read(route.body, request.body ?? {}, 'body'),
      session,
      response,
    } as RouteInput<never, never, never>;
    response.set('Cache-Control', 'no-store');
    const answer = await route.handle(input);
    // What is no JSON the handler has sent itself.
    if (response.headersSent) return;
    if (route.answer === null) response.status(204).end();
    else response.json(answer);
  };
}

/** Every problem at once, each with its place and what is wrong. */
function read(schema: z.ZodType, value: unknown, place: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, 50).map((issue) => ({
    in: place,
    path: issue.path.join('.'),
    message: issue.message,
  }));
  throw new Problem(
    400,
    'invalid',
    `The ${place} is not valid: ${errors.map((each) => `${each.path || place}: ${each.message}`).join('; ')}`,
    {
      errors,
    },
  );
}

/** Signing in by choosing an extension; who am I; signing out. */
import type { CookieOptions } from 'express';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { defineRoute, type Route } from './route.ts';
import { SESSION_COOKIE, type SessionCookies } from './session-cookie.ts';

export interface SessionRouteDeps {
  readonly cookies: SessionCookies;
  readonly agents: () => readonly { readonly extension: string; readonly name: string }[];
  /** True behind TLS. */
  readonly secure: boolean;
}

const whoAmI = z
  .object({ extension: z.string().nullable(), name: z.string().nullable(), signedInAt: z.iso.datetime() })
  .meta({ title: 'Session' });

export function sessionRoutes({ cookies, agents, secure }: SessionRouteDeps): Route[] {
  const cookieOptions: CookieOptions = { httpOnly: true, sameSite: 'strict', secure, path: '/' };
  const nameOf = (extension: string | null) => agents().find((agent) => agent.extension === extension)?.name ?? null;

  return [
    defineRoute({
      method: 'get',
      path: '/session',
      summary: 'Who am I',
      tag: 'session',
      answer: whoAmI,
      handle: async ({ session }) => ({
        extension: session?.extension ?? null,
        name: nameOf(session?.extension ?? null),
        signedInAt: new Date(session?.signedInAt ?? 0).toISOString(),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/session',
      summary: 'Sign in by choosing an extension; null for somebody who takes no calls',
      tag: 'session',
      access: 'open',
      body: z.object({ extension: z.string().min(1).max(32).nullable() }),
      answer: whoAmI,
      handle: async ({ body, response }) => {
        const { extension } = body;
        if (extension !== null && !agents().some((agent) => agent.extension === extension)) {
          throw new Problem(403, 'unknown-extension', `Extension ${extension} is not one of the agents of this hub.`);
        }
        const { session, value } = cookies.issue(extension);
        response.cookie(SESSION_COOKIE, value, { ...cookieOptions, maxAge: cookies.maxAgeMs });
        return { extension, name: nameOf(extension), signedInAt: new Date(session.signedInAt).toISOString() };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/session',
      summary: 'Sign out',
      tag: 'session',
      access: 'open',
      handle: async ({ response }) => {
        response.clearCookie(SESSION_COOKIE, cookieOptions);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/agents',
      summary: 'The agents who may sign in',
      tag: 'session',
      access: 'open',
      answer: z.object({ agents: z.array(z.object({ extension: z.string(), name: z.string() })) }),
      handle: async () => ({ agents: agents() }),
    }),
  ];
}

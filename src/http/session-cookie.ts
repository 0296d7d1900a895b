/** Who is signed in, carried in a signed cookie: it survives a restart of the hub and needs no table. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export interface Session {
  /** Null: somebody who looks after the hub and takes no calls. */
  readonly extension: string | null;
  /** Milliseconds since 1970. */
  readonly signedInAt: number;
  readonly nonce: string;
}

export interface SessionSettings {
  /** At least 32 characters; changing it signs everybody out. */
  readonly secret: string;
  readonly maxAgeMs: number;
  readonly now: () => number;
  /** Unguessable, at least 128 bits. */
  readonly newId: () => string;
}

export interface SessionCookies {
  issue(extension: string | null): { readonly session: Session; readonly value: string };
  /** Null when there is none, it is forged or it is too old. */
  read(cookieHeader: string | undefined): Session | null;
  readonly maxAgeMs: number;
}

export const SESSION_COOKIE = 'toritsugi_session';

const sessionSchema = z.object({ extension: z.string().max(32).nullable(), signedInAt: z.number(), nonce: z.string().max(128) });

export function createSessionCookies({ secret, maxAgeMs, now, newId }: SessionSettings): SessionCookies {
  if (secret.length < 32) throw new Error('The session secret needs at least 32 characters.');
  const sign = (payload: string) => createHmac('sha256', secret).update(payload).digest('base64url');

  function isSigned(payload: string, signature: string): boolean {
    const expected = Buffer.from(sign(payload));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  return {
    maxAgeMs,
    issue(extension) {
      const session = { extension, signedInAt: now(), nonce: newId() };
      const payload = Buffer.from(JSON.stringify(session)).toString('base64url');
      return { session, value: `${payload}.${sign(payload)}` };
    },
    read(cookieHeader) {
      const [payload, signature] = cookieValue(cookieHeader)?.split('.') ?? [];
      if (payload === undefined || signature === undefined || !isSigned(payload, signature)) return null;
      const session = sessionSchema.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
      if (!session.success) return null;
      const age = now() - session.data.signedInAt;
      return age <= maxAgeMs ? session.data : null;
    },
  };
}

function cookieValue(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 8_192) return undefined;
  const prefix = `${SESSION_COOKIE}=`;
  return header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

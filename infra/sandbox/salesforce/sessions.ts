import { randomBytes } from 'node:crypto';

export interface Sessions {
  /** A fresh access token for the user. */
  open(userId: string): string;
  /** Whose token it is, and the inactivity starts anew; null when it is unknown, revoked or has expired. */
  userOf(token: string): string | null;
  revoke(token: string): boolean;
  revokeAll(): void;
}

const MOST_SESSIONS = 10_000;

/** Tokens die after `lifetimeMs` without use, as an org's session settings say. */
export function createSessions(organizationId: string, lifetimeMs: number, now: () => number): Sessions {
  const sessions = new Map<string, { readonly userId: string; usedAt: number }>();
  return {
    open: (userId) => {
      const token = `${organizationId.slice(0, 15)}!AQ${randomBytes(60).toString('base64url').replaceAll('-', '.')}`;
      sessions.set(token, { userId, usedAt: now() });
      const [oldest] = sessions.keys();
      if (sessions.size > MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      return token;
    },
    userOf: (token) => {
      const session = sessions.get(token);
      if (session === undefined) return null;
      if (now() - session.usedAt > lifetimeMs) {
        sessions.delete(token);
        return null;
      }
      session.usedAt = now();
      return session.userId;
    },
    revoke: (token) => sessions.delete(token),
    revokeAll: () => sessions.clear(),
  };
}

import { timingSafeEqual } from 'node:crypto';

/** A user of ari.conf. */
export interface AriUser {
  readonly name: string;
  readonly password: string;
  /** May only GET. */
  readonly readOnly?: boolean;
}

/** The user behind an `Authorization` header, or, only without one, behind `api_key=user:password`; null when nobody. */
export function findUser(users: readonly AriUser[], authorization: string | undefined, apiKey: string | null): AriUser | null {
  const given = authorization === undefined ? apiKey : basicCredentials(authorization);
  if (given === null) return null;
  const colon = given.indexOf(':');
  const [name, password] = colon === -1 ? [given, ''] : [given.slice(0, colon), given.slice(colon + 1)];
  return users.find((user) => user.name === name && isSame(user.password, password)) ?? null;
}

function basicCredentials(authorization: string): string | null {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorization) ?? [];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

function isSame(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

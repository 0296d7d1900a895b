/** Who may in: OAuth client credentials, a fixed token, an API key, or a user name with a password. */
import { failures } from './api-failure.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  readonly apiKey: string;
  readonly username: string;
  readonly password: string;
}

export interface Access {
  /** The answer of `/oauth/token`. @throws ApiFailure 400 or 401, in OAuth's own words */
  grant(form: URLSearchParams, authorization: string | undefined): object;
  /** @throws ApiFailure 401 */
  demand(header: (name: string) => string | undefined): void;
}

const LIFETIME_SECONDS = 3600;
const MOST_TOKENS = 1000;

export function openAccess(
  credentials: Credentials,
  world: { readonly now: () => number; readonly newId: () => string },
): Access {
  const tokens = new Map<string, number>();

  const isKnown = (token: string): boolean => {
    if (token === credentials.accessToken) return true;
    const until = tokens.get(token);
    return until !== undefined && world.now() < until;
  };
  return {
    grant: (form, authorization) => {
      if (form.get('grant_type') !== 'client_credentials') throw failures.malformed('unsupported_grant_type');
      const given = basicOf(authorization) ?? [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
      if (given[0] !== credentials.clientId || given[1] !== credentials.clientSecret)
        throw failures.unauthorized('invalid_client');
      if (tokens.size >= MOST_TOKENS) tokens.clear();
      const token = `sandbox-${world.newId()}`;
      tokens.set(token, world.now() + LIFETIME_SECONDS * 1000);
      return { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS };
    },
    demand: (header) => {
      const authorization = header('authorization');
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      const basic = basicOf(authorization);
      const key = header('x-api-key');
      const fits =
        (token !== undefined && isKnown(token)) ||
        (basic !== null && basic[0] === credentials.username && basic[1] === credentials.password) ||
        key === credentials.apiKey;
      if (!fits) throw failures.unauthorized();
    },
  };
}

function basicOf(authorization: string | undefined): readonly [string, string] | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? null : [text.slice(0, at), text.slice(at + 1)];
}

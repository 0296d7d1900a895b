/** What every request carries to be let in; an OAuth token is fetched when needed and shared by everybody who waits for it. */
import { z } from 'zod';
import { RateLimited, Unauthorized, Unreachable } from '../connector.ts';
import type { GuardedTransport, OutgoingRequest } from './guarded-transport.ts';
import type { HttpConfig } from './http-settings.ts';
import { parseJson } from './parse-json.ts';
import type { CredentialSetting, SignInShape } from './service-shape.ts';

export interface SignIn {
  /** @throws ConnectorError when no token is given out */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Called when these headers were refused. True: other ones may be tried. */
  renew(refused: Readonly<Record<string, string>>): boolean;
  /** Called when the renewed ones were refused, too: for a while no others are asked for. */
  giveUp(): void;
  /** What must stand in no message. */
  secrets(): readonly string[];
}

export interface SignInWorld {
  readonly config: HttpConfig;
  readonly transport: GuardedTransport;
  readonly now: () => number;
  /** Aborted when the connector is closed. */
  readonly closing: AbortSignal;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 256 * 1024;
/** A token is taken for expired so long before it is: requests under way shall still arrive in time. */
const MARGIN_MS = 30_000;
/** A fresh token that was refused will be refused again: no other is asked for within this time. */
const REFUSED_PAUSE_MS = 30_000;
const DEFAULT_LIFETIME_S = 300;

type OAuth = NonNullable<SignInShape['oauth2']>;

const tokenBody = z.object({
  access_token: z
    .string()
    .min(1)
    .max(10_000)
    .regex(/^[\x21-\x7e]+$/u),
  expires_in: z.coerce.number().positive().optional(),
});

export function openSignIn(world: SignInWorld): SignIn {
  const { credentials, service } = world.config;
  const of = (setting: CredentialSetting): string => credentials[setting] ?? '';
  const { bearer, header, basic, oauth2 } = service.signIn;
  const secrets = () => Object.values(credentials);
  if (oauth2 !== undefined) return openTokens(oauth2, of, world);
  const fixed = (headers: Readonly<Record<string, string>>): SignIn => ({
    headers: async () => headers,
    renew: () => false,
    giveUp: () => undefined,
    secrets,
  });
  if (bearer !== undefined) return fixed({ authorization: `Bearer ${of(bearer.token)}` });
  if (header !== undefined) return fixed({ [header.name.toLowerCase()]: of(header.value) });
  if (basic !== undefined) return fixed({ authorization: basicHeader(of(basic.username), of(basic.password)) });
  return fixed({});
}

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function openTokens(oauth: OAuth, of: (setting: CredentialSetting) => string, world: SignInWorld): SignIn {
  let token: Token | null = null;
  let coming: Promise<Token> | null = null;
  let refusedAt = Number.NEGATIVE_INFINITY;

  const fetchToken = async (): Promise<Token> => {
    const fresh = await requestToken(tokenRequest(oauth, of, world.config.baseUrl), world);
    token = fresh;
    return fresh;
  };
  /** It belongs to no single caller: whoever gives up leaves the others waiting for it. */
  const shared = (): Promise<Token> => {
    coming ??= fetchToken().finally(() => {
      coming = null;
    });
    return coming;
  };
  return {
    headers: async (signal) => {
      signal.throwIfAborted();
      const current = token !== null && world.now() < token.until ? token : await orGivenUp(shared(), signal);
      return { authorization: `Bearer ${current.text}` };
    },
    renew: (refused) => {
      const isCurrent = token !== null && refused.authorization === `Bearer ${token.text}`;
      if (!isCurrent) return true;
      if (world.now() - refusedAt < REFUSED_PAUSE_MS) return false;
      token = null;
      return true;
    },
    giveUp: () => {
      refusedAt = world.now();
    },
    secrets: () => [...Object.values(world.config.credentials), ...(token === null ? [] : [token.text])],
  };
}

function tokenRequest(oauth: OAuth, of: (setting: CredentialSetting) => string, baseUrl: string): OutgoingRequest {
  const [id, secret] = [of(oauth.clientId), of(oauth.clientSecret)];
  const inBody = oauth.send === 'body' ? { client_id: id, client_secret: secret } : {};
  const scope = oauth.scope === undefined ? {} : { scope: oauth.scope };
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...inBody, ...scope, ...oauth.form });
  const authorization = basicHeader(encodeURIComponent(id), encodeURIComponent(secret));
  return {
    method: 'POST',
    url: new URL(oauth.tokenUrl, baseUrl),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(oauth.send === 'header' ? { authorization } : {}),
    },
    body: form.toString(),
  };
}

async function requestToken(request: OutgoingRequest, { transport, now, closing, config }: SignInWorld): Promise<Token> {
  const about = `Signing in to ${config.service.name} failed`;
  const asked = now();
  const answer = await transport
    .send(request, { signal: closing, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
    .catch((error: unknown) => {
      throw new Unreachable(`${about}: ${error instanceof Error ? error.message : 'nobody answered'}.`, { cause: error });
    });
  if (answer.status === 429) throw new RateLimited(`${about}: it asks us to wait.`, REFUSED_PAUSE_MS);
  if (answer.status >= 400 && answer.status < 500) {
    const remedy = config.names.inText('Check HTTP_CLIENT_ID, HTTP_CLIENT_SECRET and service.signIn.');
    throw new Unauthorized(`${about} (HTTP ${answer.status}). ${remedy}`);
  }
  const body = answer.status === 200 || answer.status === 201 ? tokenBody.safeParse(parseJson(answer.text)) : null;
  if (body?.success !== true) {
    throw new Unreachable(`${about}: the answer (HTTP ${answer.status}) holds no access_token. Is tokenUrl right?`);
  }
  const lifetimeMs = (body.data.expires_in ?? DEFAULT_LIFETIME_S) * 1000;
  return { text: body.data.access_token, until: asked + Math.max(lifetimeMs - MARGIN_MS, lifetimeMs / 2) };
}

async function orGivenUp<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

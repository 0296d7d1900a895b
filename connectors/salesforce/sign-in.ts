import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import jsforce from 'jsforce';
import { z } from 'zod';
import { Unreachable } from '../connector.ts';
import { type GuardedTransport, guardedTransport, type TransportLimits } from './guarded-transport.ts';
import { translateSignInFailure } from './salesforce-errors.ts';

/** How the External Client App lets us in. */
export type Credentials =
  | { readonly flow: 'jwt'; readonly clientId: string; readonly username: string; readonly privateKey: KeyObject }
  | { readonly flow: 'clientCredentials'; readonly clientId: string; readonly clientSecret: string };

export interface SignedIn {
  readonly accessToken: string;
  readonly instanceUrl: string;
}

const ASSERTION_LIFETIME_S = 180;

const tokenBody = z.object({ access_token: z.string().min(1), instance_url: z.url() });

/** Fetches an access token. @throws Unauthorized, RateLimited, Unreachable */
export async function signIn(
  loginUrl: string,
  credentials: Credentials,
  world: { now: () => number; limits: TransportLimits },
): Promise<SignedIn> {
  const transport = guardedTransport(world.limits);
  const oauth2 = new jsforce.OAuth2({ loginUrl });
  Object.assign(oauth2, { _transport: transport });
  const form = await tokenForm(loginUrl, credentials, world.now());
  let body: unknown;
  try {
    body = await oauth2.requestToken(form);
  } catch (error) {
    throw translateSignInFailure({ ...describeFailure(error, transport), ...oauthCode(error) }, { cause: error });
  }
  const token = tokenBody.safeParse(body);
  if (!token.success) {
    throw new Unreachable(
      'Signing in to Salesforce failed: the answer holds no token. Is SALESFORCE_LOGIN_URL the address of your org?',
    );
  }
  return { accessToken: token.data.access_token, instanceUrl: token.data.instance_url.replace(/\/+$/, '') };
}

async function tokenForm(
  loginUrl: string,
  credentials: Credentials,
  now: number,
): Promise<Record<string, string> & { grant_type: string }> {
  if (credentials.flow === 'clientCredentials') {
    return { grant_type: 'client_credentials', client_id: credentials.clientId, client_secret: credentials.clientSecret };
  }
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(credentials.clientId)
    .setSubject(credentials.username)
    .setAudience(jwtAudience(loginUrl))
    .setExpirationTime(Math.floor(now / 1000) + ASSERTION_LIFETIME_S)
    .sign(credentials.privateKey);
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
}

/** Whom the assertion is for: the vendor's login host, also when it is sent to a My Domain; any other host stands for itself. */
export function jwtAudience(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl);
  if (!/(^|\.)salesforce\.com$/.test(hostname)) return origin;
  return hostname === 'test.salesforce.com' || /\.sandbox\.my\.salesforce\.com$/.test(hostname)
    ? 'https://test.salesforce.com'
    : 'https://login.salesforce.com';
}

function describeFailure(error: unknown, { seen }: GuardedTransport) {
  const message = error instanceof Error ? error.message : String(error);
  const errorCode = error instanceof Error ? error.name : 'ERROR';
  const html = (seen.headers['content-type'] ?? '').includes('html');
  return {
    status: seen.status,
    errors: seen.status === null || html ? [] : [{ errorCode, message, fields: [] }],
    retryAfter: seen.headers['retry-after'] ?? null,
  };
}

function oauthCode(error: unknown): { oauthError: string | null } {
  return { oauthError: error instanceof Error ? error.name : null };
}

import type { KeyObject } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { compactVerify } from 'jose';
import type { Faults } from './faults.ts';
import { identity, introspection } from './identity.ts';
import type { RecordStore, Row } from './record-store.ts';
import { findObject } from './schema.ts';
import type { Sessions } from './sessions.ts';

/** The External Client App of the sandbox org. */
export interface ClientApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly publicKey: KeyObject;
  /** The user as which client credentials run. */
  readonly runAs: string;
}

export interface OAuthWorld {
  readonly app: ClientApp;
  readonly store: RecordStore;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly organizationId: string;
  readonly now: () => number;
}

const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com'];

class OAuthError extends Error {
  readonly error: string;
  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

/** Token, revocation and user info. Failures have OAuth's own shape, never the array of the REST resources. */
export function oauthRoutes(world: OAuthWorld): Router {
  const router = Router();
  router.use(express.urlencoded({ extended: false, limit: '100kb' }));

  router.post('/services/oauth2/token', async (request, response) => {
    try {
      const form = toForm(request);
      const username = await grant(form, world, origin(request));
      const user = findUser(world.store, username);
      if (user === undefined) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
      if (world.faults.strikeSignIn()) {
        throw new OAuthError('invalid_app_access', 'user is not admin approved to access this app');
      }
      if (user.IsActive !== true) throw new OAuthError('invalid_grant', 'user is inactive');
      response.json(tokenBody(form, String(user.Id), world, origin(request)));
    } catch (error) {
      answerFailure(response, error);
    }
  });

  router.all('/services/oauth2/revoke', (request, response) => {
    const token = toForm(request).get('token') ?? new URL(request.url, 'http://localhost').searchParams.get('token');
    if (world.sessions.revoke(token ?? '')) response.status(200).end();
    else answerFailure(response, new OAuthError('unsupported_token_type', 'this token type is not supported'));
  });

  router.post('/services/oauth2/introspect', (request, response) => {
    try {
      const form = toForm(request);
      checkClient(form, world.app);
      response.json(introspectToken(form.get('token') ?? '', world, origin(request)));
    } catch (error) {
      answerFailure(response, error);
    }
  });

  router.get(['/services/oauth2/userinfo', '/id/:organization/:user'], (request, response) => {
    const user = userOfToken((request.headers.authorization ?? '').replace(/^(Bearer|OAuth) /, ''), world);
    if (user === undefined) return void response.status(403).type('text').send('Bad_OAuth_Token');
    response.json(identity(user, world.organizationId, origin(request)));
  });
  router.use(answerBrokenForm);
  return router;
}

/** A form that is too large or breaks off; everything else is somebody else's failure. */
const answerBrokenForm: ErrorRequestHandler = (error: unknown, request: Request, response: Response, next) => {
  if (!request.path.startsWith('/services/oauth2/')) return next(error);
  answerFailure(response, new OAuthError('invalid_request', 'the request could not be read'));
};

function userOfToken(token: string, { sessions, store }: OAuthWorld): Row | undefined {
  const userId = sessions.userOf(token);
  return userId === null ? undefined : store.get(userId);
}

function introspectToken(token: string, world: OAuthWorld, self: string): object {
  const user = userOfToken(token, world);
  if (user === undefined) return { active: false };
  const sub = `${self}/id/${world.organizationId}/${user.Id}`;
  return introspection({ username: user.Username ?? null, sub, clientId: world.app.clientId }, world.now());
}

function checkClient(form: URLSearchParams, app: ClientApp): void {
  if (form.get('client_id') !== app.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (form.get('client_secret') !== app.clientSecret) throw new OAuthError('invalid_client', 'invalid client credentials');
}

/** Client id and secret may also come in the header. */
function toForm(request: Request): URLSearchParams {
  const body: unknown = request.body;
  const form = new URLSearchParams(typeof body === 'object' && body !== null ? (body as Record<string, string>) : {});
  const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined || form.has('client_id')) return form;
  const [clientId = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  form.set('client_id', decoded(clientId));
  form.set('client_secret', decoded(secret));
  return form;
}

/** What is no escape stays as it is, and fits no client. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function origin(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}

function findUser(store: RecordStore, username: string): Row | undefined {
  const users = findObject('User');
  if (users === undefined) return undefined;
  for (const row of store.all(users)) if (String(row.Username).toLowerCase() === username.toLowerCase()) return row;
  return undefined;
}

/** Checks the grant and answers with the username it stands for. */
async function grant(form: URLSearchParams, world: OAuthWorld, self: string): Promise<string> {
  switch (form.get('grant_type')) {
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return checkAssertion(form.get('assertion') ?? '', world, self);
    case 'client_credentials':
      checkClient(form, world.app);
      return world.app.runAs;
    default:
      throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  }
}

async function checkAssertion(assertion: string, world: OAuthWorld, self: string): Promise<string> {
  const claims = readClaims(assertion);
  if (claims.iss !== world.app.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  try {
    await compactVerify(assertion, world.app.publicKey, { algorithms: ['RS256'] });
  } catch {
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
  const audience = String(claims.aud).replace(/\/+$/, '').toLowerCase();
  if (![...LOGIN_HOSTS, self.toLowerCase()].includes(audience)) throw new OAuthError('invalid_grant', 'audience is invalid');
  // A far future is accepted: the vendor's own command line sends milliseconds here.
  if (typeof claims.exp !== 'number' || claims.exp * 1000 <= world.now()) {
    throw new OAuthError('invalid_grant', 'expired assertion');
  }
  return String(claims.sub);
}

function readClaims(assertion: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null) return claims as Record<string, unknown>;
  } catch {
    // The same refusal as for claims that are no object.
  }
  throw new OAuthError('invalid_grant', 'invalid assertion');
}

function tokenBody(form: URLSearchParams, userId: string, world: OAuthWorld, self: string): object {
  const body = {
    access_token: world.sessions.open(userId),
    scope: 'api id',
    instance_url: self,
    id: `${self}/id/${world.organizationId}/${userId}`,
    token_type: 'Bearer',
  };
  if (form.get('grant_type') !== 'client_credentials') return body;
  return { ...body, issued_at: String(world.now()), signature: Buffer.from(userId).toString('base64') };
}

function answerFailure(response: Response, error: unknown): void {
  if (!(error instanceof OAuthError)) throw error;
  response.status(400).json({ error: error.error, error_description: error.message });
}

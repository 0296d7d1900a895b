import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { absentRoutes } from './absent-routes.ts';
import type { Org } from './api-call.ts';
import { apiRoutes } from './api-routes.ts';
import { createBulkJobs } from './bulk/bulk-job.ts';
import { jobStatusRoute } from './bulk/job-status-route.ts';
import type { DuplicateRule } from './duplicate-rules.ts';
import { createFaults, type Fault } from './faults.ts';
import { type FieldAccess, visibleSchema } from './field-access.ts';
import { plantContacts } from './generated-contacts.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { atOnce, type Pace } from './pace.ts';
import { pageRoutes } from './page-routes.ts';
import { defaultSeed } from './people.ts';
import { createQueryCursors } from './query-cursors.ts';
import { createRecordStore, type RecordStore } from './record-store.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { findObject } from './schema.ts';
import { plantSeed, type SeedRecord } from './seed.ts';
import { createSessions } from './sessions.ts';
import { soapRoutes } from './soap/soap-routes.ts';
import { createTimeZone } from './soql/local-days.ts';
import { createUsage } from './usage.ts';

export interface SandboxSalesforceOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly now?: () => number;
  /** The demo's customers unless given. Users and the organization are there in any case. */
  readonly seed?: readonly SeedRecord[];
  /** So many further contacts, the same ones every time. */
  readonly contacts?: number;
  readonly faults?: readonly Fault[];
  /** Made afresh unless given: making one takes a while. */
  readonly privateKeyPem?: string;
  /** Inactivity after which a token dies. */
  readonly sessionLifetimeMs?: number;
  readonly dailyCalls?: number;
  /** The most rows in a page of a query, below the service's 2000: it may answer with fewer. */
  readonly pageRows?: number;
  /** The most rows in one part of a bulk query's results, below 50,000. */
  readonly bulkPageRows?: number;
  /** It answers at once unless given. */
  readonly pace?: Pace;
  /** How what a bulk job does is put off until the present request is answered; at the next opportunity unless given. */
  readonly later?: (work: () => void) => void;
  /** How long a fresh record cannot be found by search: the real index lags. */
  readonly searchLagMs?: number;
  /** What the API user's profile keeps from him. */
  readonly fieldAccess?: FieldAccess;
  /** None unless given. */
  readonly duplicateRules?: readonly DuplicateRule[];
}

export interface SandboxSalesforce {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly privateKeyPem: string;
  readonly username: string;
  /** A token that works already. */
  readonly accessToken: string;
  readonly store: RecordStore;
  /** The user the hub works as. */
  readonly userId: string;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Changes what the API user may see and write from now on. @throws Error that names the field there is not */
  restrictFields(access: FieldAccess): void;
  /** Every token stops working at once. */
  revokeTokens(): void;
  requestCount(): number;
  requests(): readonly LoggedRequest[];
  close(): Promise<void>;
}

const USERNAME = 'toritsugi@example.com';
/** Of the address, and of the address together with the headers. */
const LONGEST_ADDRESS = 16_384;
/** Node would break off at sixteen kilobytes itself, without telling the two apart. */
const MAX_HEADER_BYTES = 128 * 1024;

/** A Salesforce org in memory, as strict as the real one. Everything it holds is gone when it closes. */
export async function startSandboxSalesforce(options: SandboxSalesforceOptions = {}): Promise<SandboxSalesforce> {
  const now = options.now ?? Date.now;
  const store = createRecordStore(now);
  const { userId, organizationId } = plantOrg(store, options.seed ?? defaultSeed);
  plantContacts(store, options.contacts ?? 0, userId, now());
  const sessions = createSessions(organizationId, options.sessionLifetimeMs ?? 7_200_000, now);
  const faults = createFaults(options.faults ?? []);
  const usage = createUsage(options.dailyCalls ?? 15_000, now);
  const log = createRequestLog();
  const privateKeyPem = options.privateKeyPem ?? makePrivateKey();
  const publicKey: KeyObject = createPublicKey(privateKeyPem);
  const app = {
    clientId: '3MVG9.sandbox.toritsugi',
    clientSecret: randomBytes(32).toString('hex').toUpperCase(),
    publicKey,
    runAs: USERNAME,
  };
  const searchLagMs = options.searchLagMs ?? 0;
  let visible = { schema: visibleSchema(options.fieldAccess ?? {}), since: now() };
  const restrictFields = (access: FieldAccess): void => {
    visible = { schema: visibleSchema(access), since: now() };
  };
  const org: Org = {
    store,
    organizationId,
    faults,
    now,
    get schema() {
      return visible.schema;
    },
    get describedAt() {
      return visible.since;
    },
    timeZone: createTimeZone(String(store.get(organizationId)?.TimeZoneSidKey ?? 'Asia/Tokyo')),
    cursors: createQueryCursors(now),
    jobs: createBulkJobs(),
    later: options.later ?? setImmediate,
    usage: usage.now,
    duplicateRules: options.duplicateRules ?? [],
    pageRows: options.pageRows ?? 2000,
    bulkPageRows: options.bulkPageRows ?? 50_000,
    pace: options.pace ?? atOnce,
    isIndexed: (row) =>
      searchLagMs === 0 || Date.parse(String(row.LastModifiedDate).replace('+0000', 'Z')) + searchLagMs <= now(),
  };

  const http = express();
  http.disable('x-powered-by');
  http.disable('etag');
  http.use((request, response, next) => {
    // The vendor's own command line sends `//services/data…`; the service collapses the slashes.
    const [path = '', ...query] = request.url.split('?');
    request.url = [path.replace(/\/{2,}/g, '/'), ...query].join('?');
    response.set('Date', new Date(now()).toUTCString());
    const tooLong = lengthRefusal(request);
    if (tooLong !== null) return void response.status(tooLong).end();
    if (request.path.startsWith('/services/')) log.add({ method: request.method, path: request.path });
    next();
  });
  http.use(oauthRoutes({ app, store, sessions, faults, organizationId, now }));
  http.use(apiRoutes({ org, sessions, usage }));
  http.use(soapRoutes(org, sessions));
  http.use(jobStatusRoute(org, sessions));
  http.use(absentRoutes());
  http.use('/_sandbox', sandboxRoutes({ faults, log, restrictFields }));
  http.use(pageRoutes(store));

  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, http);
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${(server.address() as AddressInfo).port}`,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    privateKeyPem,
    username: USERNAME,
    accessToken: sessions.open(userId),
    store,
    userId,
    addFault: faults.add,
    clearFaults: faults.clear,
    restrictFields,
    revokeTokens: sessions.revokeAll,
    requestCount: log.count,
    requests: log.entries,
    close: () => closeServer(server, faults.close),
  };
}

function plantOrg(store: RecordStore, seed: readonly SeedRecord[]): { userId: string; organizationId: string } {
  const isOfficial = (record: SeedRecord) => record.object === 'Organization' || record.object === 'User';
  const has = (object: string) => seed.some((record) => record.object === object);
  const official = defaultSeed.filter((record) => isOfficial(record) && !has(record.object));
  const first = (object: string): string => {
    const definition = findObject(object);
    for (const row of definition === undefined ? [] : store.all(definition)) {
      if (object !== 'User' || row.Username === USERNAME) return String(row.Id);
    }
    throw new Error(`The seed must hold ${object === 'User' ? `the user ${USERNAME}` : `an ${object}`}`);
  };
  plantSeed(store, [...official, ...seed.filter(isOfficial)], '');
  const userId = first('User');
  plantSeed(
    store,
    seed.filter((record) => !isOfficial(record)),
    userId,
  );
  return { userId, organizationId: first('Organization') };
}

function makePrivateKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function lengthRefusal({ url, rawHeaders }: IncomingMessage): 414 | 431 | null {
  const address = Buffer.byteLength(url ?? '');
  if (address > LONGEST_ADDRESS) return 414;
  const headers = rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return address + headers > LONGEST_ADDRESS ? 431 : null;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

async function closeServer(server: Server, release: () => void): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  release();
  server.closeAllConnections();
  await closed;
}

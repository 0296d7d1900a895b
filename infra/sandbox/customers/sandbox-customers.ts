/** Starts and stops a plain customer service of our own: for developing against, for tests, for the guide's example. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Credentials, openAccess } from './access.ts';
import { type Fault, type Faults, openFaults } from './faults.ts';
import { httpApp } from './http-app.ts';
import { objectDefinitions } from './object-definitions.ts';
import { openRecords, type RecordStore } from './record-store.ts';
import { openRequestLog, type RequestLog } from './request-log.ts';
import { DEFAULT_SEED, plantSeed, type Seed } from './seed.ts';
import { openUsage } from './usage.ts';

export interface SandboxCustomersOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly seed?: Seed;
  readonly faults?: readonly Fault[];
  /** Requests it takes a day, which begins at midnight UTC; 100,000 unless told. */
  readonly dailyRequests?: number;
}

export interface SandboxCustomers extends Credentials {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** For tests that look behind the service's face. @throws Error when there is no such object */
  store(object: string): RecordStore;
  close(): Promise<void>;
}

/** Known to everybody on purpose: the sandbox guards nothing, and a developer's settings survive its restart. */
const CREDENTIALS: Credentials = {
  clientId: 'toritsugi',
  clientSecret: 'sandbox-client-secret',
  accessToken: 'sandbox-access-token',
  apiKey: 'sandbox-api-key',
  username: 'toritsugi',
  password: 'sandbox-password',
};
const HOST = '127.0.0.1';

/** @throws Error when the port is taken or a seed record is refused */
export async function startSandboxCustomers(options: SandboxCustomersOptions): Promise<SandboxCustomers> {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? (() => randomBytes(15).toString('base64url'));
  const stores = new Map(objectDefinitions.map((object) => [object.name, openRecords(object, now)]));
  plantSeed(stores, options.seed ?? DEFAULT_SEED);
  const faults = openFaults(options.faults ?? []);
  const requests = openRequestLog();
  const state = { stores, refusedFields: () => faults.refusedFields() };
  const usage = openUsage(options.dailyRequests ?? 100_000, now);
  const app = httpApp({ state, access: openAccess(CREDENTIALS, { now, newId }), faults, usage, log: requests, now });
  const server = await listen(createServer(app), options.port);
  const { port } = server.address() as AddressInfo;
  return {
    ...CREDENTIALS,
    url: `http://${HOST}:${port}`,
    port,
    faults,
    requests,
    store: (object) => {
      const found = stores.get(object);
      if (found === undefined) throw new Error(`The sandbox has no ${object}.`);
      return found;
    },
    close: () => closed(server),
  };
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`The customer sandbox cannot listen on port ${port}: choose another with --port.`, { cause }));
    });
    server.listen(port, HOST, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

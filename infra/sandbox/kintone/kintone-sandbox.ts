/** Starts and stops a kintone of our own: for the demo, for developing against, for tests. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account, ApiToken, Right } from './access.ts';
import type { AppDefinition } from './app-definition.ts';
import { deleteByHand } from './by-hand.ts';
import { openConcurrencyGate } from './concurrency-gate.ts';
import { CUSTOMERS_APP, DEFAULT_APPS } from './default-apps.ts';
import { DEFAULT_SEED, type SeedRecord } from './default-seed.ts';
import { type Fault, type Faults, openFaults } from './faults.ts';
import { httpApp } from './http-app.ts';
import { plantCustomers } from './many-customers.ts';
import { openRequestLog, type RequestLog } from './request-log.ts';
import { ACCOUNT, PEOPLE } from './sandbox-people.ts';
import { openState, type SandboxState } from './sandbox-state.ts';
import { plantSeed } from './seed.ts';
import { openWebhooks, type Webhook, type Webhooks } from './webhooks.ts';

export interface SandboxKintoneOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly apps?: readonly AppDefinition[];
  readonly records?: readonly SeedRecord[];
  /** So many invented customers besides, in app 1. */
  readonly customers?: number;
  readonly faults?: readonly Fault[];
  /** Tokens besides the full one of each app. */
  readonly tokens?: readonly ApiToken[];
  /** How long `like` lags behind a change; 2 s unless told. */
  readonly indexLagMs?: number;
  /** How long settings take to be deployed; 1 s unless told. */
  readonly deployMs?: number;
  /** People besides the one everybody knows. */
  readonly accounts?: readonly Account[];
  readonly concurrencyLimit?: number;
  readonly latencyMs?: number;
  readonly webhooks?: readonly Webhook[];
}

export interface SandboxKintone {
  /** `http://localhost:PORT`: the vendor's client takes plain http from no other host name. */
  readonly url: string;
  readonly port: number;
  /** One for each app, with every right. */
  readonly apiTokens: readonly string[];
  readonly username: string;
  readonly password: string;
  readonly apps: readonly { readonly id: string; readonly name: string }[];
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly webhooks: Webhooks;
  /** As a person does it in the browser: the only deletion that is told by webhook. @throws KintoneFailure */
  deleteByHand(app: string, id: number): void;
  /** For tests that look behind the service's face. */
  readonly state: SandboxState;
  close(): Promise<void>;
}

const EVERYTHING: readonly Right[] = ['view', 'add', 'edit', 'delete', 'admin'];
/** Bytes: addresses that are too long are to be answered, not cut off. */
const LARGEST_HEAD = 256 * 1024;
const HOSTS = ['127.0.0.1', '::1'];

/** @throws Error when the port is taken or a seed record is refused */
export async function startSandboxKintone(options: SandboxKintoneOptions): Promise<SandboxKintone> {
  const apps = options.apps ?? DEFAULT_APPS;
  const now = options.now ?? Date.now;
  const ownTokens = apps.map((app) => ({ token: `sandbox-token-of-app-${app.id}`, app: app.id, rights: EVERYTHING }));
  const state = openState(apps, {
    people: PEOPLE,
    accounts: [ACCOUNT, ...(options.accounts ?? [])],
    tokens: [...ownTokens, ...(options.tokens ?? [])],
    now,
    newId: options.newId ?? (() => randomBytes(15).toString('base64url')),
    indexLagMs: options.indexLagMs ?? 2000,
    deployMs: options.deployMs ?? 1000,
  });
  const customers = state.apps.get(CUSTOMERS_APP.id);
  if (customers !== undefined && options.customers !== undefined) plantCustomers(customers, options.customers, now());
  plantSeed(state, options.records ?? (options.apps === undefined ? DEFAULT_SEED : []));
  const faults = openFaults(options.faults ?? []);
  const requests = openRequestLog(now);
  const { concurrencyLimit = 100, latencyMs = 0 } = options;
  const webhooks = openWebhooks({ now, newId: randomUUID, people: PEOPLE });
  for (const webhook of options.webhooks ?? []) webhooks.add(webhook);
  const gate = openConcurrencyGate(concurrencyLimit);
  const servers = await listen(httpApp({ state, faults, log: requests, webhooks, gate, latencyMs }), options.port);
  const port = portOf(servers[0]);
  return {
    url: `http://localhost:${port}`,
    port,
    apiTokens: ownTokens.map((token) => token.token),
    ...ACCOUNT,
    apps: apps.map(({ id, name }) => ({ id, name })),
    faults,
    requests,
    webhooks,
    deleteByHand: (app, id) => webhooks.tell([deleteByHand(state, app, id, ACCOUNT.username)], `http://localhost:${port}`),
    state,
    close: async () => {
      await closeAll(servers);
      await webhooks.settled();
    },
  };
}

type Handler = RequestListener;

/**
 * `localhost` is 127.0.0.1 on one machine and ::1 on another, so both are listened on, at one port. A machine without
 * IPv6 goes without; a port that is free on one and taken on the other is tried again when any port would do.
 */
async function listen(handler: Handler, port: number): Promise<readonly Server[]> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      for (const host of HOSTS) {
        const server = await listenOn(handler, host, portOf(servers[0]) || port);
        if (server !== null) servers.push(server);
      }
      if (servers.length > 0) return servers;
      throw new Error(`Neither ${HOSTS.join(' nor ')} can be listened on.`);
    } catch (error) {
      await closeAll(servers);
      if (port !== 0 || attempt === 10) {
        throw new Error(`The kintone sandbox cannot listen on port ${port}: choose another with --port.`, { cause: error });
      }
    }
  }
}

/** Null where the machine has no such address. */
function listenOn(handler: Handler, host: string, port: number): Promise<Server | null> {
  const server = createServer({ maxHeaderSize: LARGEST_HEAD }, handler);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(null);
      else reject(error);
    });
    server.listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server | undefined): number {
  const address = server?.address() as AddressInfo | null | undefined;
  return address?.port ?? 0;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  const closing = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  await Promise.all(closing);
}

/** What browsers and other programs find at the hub: every room's routes, the desk's sockets, health and figures. */

import type { DirectorySyncing } from '../callers/directory-job.ts';
import { directoryRoutes } from '../callers/directory-routes.ts';
import { directoryWebhookRoutes } from '../callers/directory-webhook-routes.ts';
import { callRoutes } from '../desk/call-routes.ts';
import type { CommandClerk } from '../desk/command-clerk.ts';
import { commandRoutes } from '../desk/command-routes.ts';
import type { Desk } from '../desk/desk.ts';
import type { CallBookPorts, DeskPorts } from '../desk/desk-ports.ts';
import { deskRoutes } from '../desk/desk-routes.ts';
import { serveDeskSockets } from '../desk/desk-socket.ts';
import { followUpRoutes } from '../desk/follow-up-routes.ts';
import { owedRoutes } from '../desk/owed-routes.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import type { Route } from '../http/route.ts';
import { createSessionCookies } from '../http/session-cookie.ts';
import { sessionRoutes } from '../http/session-routes.ts';
import type { Metrics } from '../observability/metrics.ts';
import { quotaRoutes } from '../quotas/quota-routes.ts';
import { createLedgerView } from '../write-back/ledger-view.ts';
import type { Crms } from './crms.ts';
import type { HubParts } from './hub-parts.ts';
import type { JoinedPbx } from './joined-pbx.ts';
import type { KeptCalls } from './kept-calls.ts';
import type { KnownCallers } from './known-callers.ts';
import { ledgerPorts } from './ledger-joints.ts';
import { createReadiness } from './readiness.ts';
import type { RoutingHelp } from './routing-help.ts';

export interface BrowserDeps {
  readonly crms: Crms;
  readonly kept: KeptCalls;
  readonly callers: KnownCallers;
  readonly pbxs: readonly JoinedPbx[];
  readonly desk: Desk;
  /** The desk's. */
  readonly ports: DeskPorts & CallBookPorts;
  readonly clerk: CommandClerk;
  readonly routingHelp: RoutingHelp;
  readonly syncing: DirectorySyncing;
  readonly metrics: Metrics;
}

const SESSION_MS = 14 * 24 * 3_600_000;

/** Not listening yet. */
export function serveBrowsers(parts: HubParts, deps: BrowserDeps): HttpServer {
  const { store, jobs, mappings, log, now, newId } = parts;
  const { publicOrigin, webFolder } = parts.http;
  const secure = publicOrigin?.startsWith('https:') ?? false;
  const cookies = createSessionCookies({ secret: parts.sessionSecret, maxAgeMs: SESSION_MS, now, newId });
  const http = createHttpServer({
    routes: [...sessionRoutes({ cookies, agents: deps.ports.agents, secure }), ...routesOfRooms(parts, deps)],
    cookies,
    version: parts.version,
    webFolder,
    allowedOrigins: publicOrigin === null ? [] : [publicOrigin],
    secure,
    trustProxy: publicOrigin === null ? false : 'loopback, uniquelocal',
    readiness: createReadiness({
      ...{ store, jobs, jobsAreOnRedis: parts.jobsAreOnRedis, mappings },
      ...{ crms: deps.crms, owedAdmin: deps.kept.owedAdmin, journal: deps.kept.journal },
      pbxStates: () => deps.pbxs.flatMap((pbx) => pbx.states()),
      stasisStates: deps.routingHelp.stasisStates,
    }),
    metrics: deps.metrics.registry,
    log,
  });
  serveDeskSockets(http.io, deps.desk);
  return http;
}

function routesOfRooms(parts: HubParts, deps: BrowserDeps): readonly Route[] {
  const { store, style, quotas, now, newId } = parts;
  const { crms, desk, ports, clerk, syncing, routingHelp } = deps;
  const { owedAdmin, drainSoon } = deps.kept;
  const { directory } = deps.callers;
  const { recordUrl } = crms;
  const view = createLedgerView({ store, connectors: crms.connectors.map(({ name }) => name), recordUrl });
  const { nationalNumber } = ports;
  return [
    ...deskRoutes(desk, ports, { recordLanguage: style.locale, now }),
    ...followUpRoutes(desk, ports, now),
    ...callRoutes(ports),
    ...commandRoutes({ clerk, newId }),
    ...owedRoutes(ledgerPorts({ store, crms, view, owedAdmin, drainSoon, nationalNumber, now })),
    ...directoryRoutes({ directory, recordUrl, now }),
    ...directoryWebhookRoutes({
      ...{ secret: parts.webhookSecret, connectors: crms.callerConnectors },
      ...{ directory, syncSoon: syncing.soon },
    }),
    ...quotaRoutes({ quotas, holds: owedAdmin.holds }),
    ...routingHelp.routes,
  ];
}

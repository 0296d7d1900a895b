/** The hub's front door: routes, socket, health and the web app behind one listener. Knows no room; the hub hands in their routes. */
import { createServer, type Server as NodeServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { Server as SocketServer } from 'socket.io';
import { type HealthDeps, healthRoutes } from './health-routes.ts';
import { openApiDocument } from './openapi.ts';
import { answerNotFound, answerProblems } from './problem.ts';
import { mountRoutes, type Route } from './route.ts';
import { isSameOrigin, requireSameOrigin } from './same-origin.ts';
import type { Session, SessionCookies } from './session-cookie.ts';
import { webApp } from './web-app.ts';

export interface HttpDeps extends HealthDeps {
  readonly routes: readonly Route[];
  readonly cookies: SessionCookies;
  readonly version: string;
  /** Folder of the built web app; null serves none. */
  readonly webFolder: string | null;
  readonly allowedOrigins: readonly string[];
  /** True behind TLS: adds HSTS. */
  readonly secure: boolean;
  /** Express's `trust proxy`. */
  readonly trustProxy: boolean | number | string;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** All a browser may ask over the socket; whatever changes something goes over HTTP. */
type ClientEvents = { 'desk:view': () => void };

/** Everything the hub ever sends to browsers. */
type ServerEvents = Record<string, (payload: unknown) => void>;

/** A connected socket always has a session. */
export type HubSocketServer = SocketServer<ClientEvents, ServerEvents, Record<string, never>, { session: Session }>;

export interface HttpServer {
  readonly app: Express;
  readonly io: HubSocketServer;
  /** Port 0 takes a free one. */
  listen(port: number, host: string): Promise<{ readonly port: number; readonly url: string }>;
  close(): Promise<void>;
}

export function createHttpServer(deps: HttpDeps): HttpServer {
  const app = createApp(deps);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000 }, app);
  const io = createSocketServer(server, deps);
  return { app, io, listen: (port, host) => listen(server, port, host), close: () => close(server, io) };
}

function createApp({
  routes,
  cookies,
  version,
  webFolder,
  allowedOrigins,
  secure,
  trustProxy,
  log,
  readiness,
  metrics,
}: HttpDeps): Express {
  const app = express();
  const document = openApiDocument(routes, version);
  app.disable('x-powered-by');
  app.set('trust proxy', trustProxy);
  app.use(securityHeaders(secure));
  app.use(healthRoutes({ readiness, metrics }));
  app.use('/api', requireSameOrigin(allowedOrigins), express.json({ limit: '256kb', strict: true }));
  app.get('/api/openapi.json', (_request, response) => {
    response.json(document);
  });
  app.use(
    '/api/v1',
    mountRoutes(routes, (cookieHeader) => cookies.read(cookieHeader)),
  );
  app.use('/api', answerNotFound);
  if (webFolder !== null) app.use(webApp(webFolder));
  app.use(answerNotFound);
  app.use(answerProblems((message, fields) => log('error', message, fields)));
  return app;
}

/** Inside an office the hub is often reached by plain http: nothing here may send browsers to https on its own. */
function securityHeaders(secure: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: true,
      directives: {
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'upgrade-insecure-requests': secure ? [] : null,
      },
    },
    strictTransportSecurity: secure,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  });
}

function createSocketServer(server: NodeServer, { cookies, allowedOrigins }: HttpDeps): HubSocketServer {
  const io: HubSocketServer = new SocketServer(server, {
    serveClient: false,
    // Browsers speak, they do not upload.
    maxHttpBufferSize: 16_384,
    // A dead line must be noticed while the phone still rings.
    pingInterval: 5_000,
    pingTimeout: 4_000,
    allowRequest: (request, answer) => answer(null, isSameOrigin(request.headers, allowedOrigins)),
  });
  io.use((socket, next) => {
    const session = cookies.read(socket.request.headers.cookie);
    if (session) socket.data.session = session;
    next(session ? undefined : new Error('notSignedIn'));
  });
  return io;
}

function listen(server: NodeServer, port: number, host: string): Promise<{ port: number; url: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      resolve({ port: address.port, url: `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${address.port}` });
    });
  });
}

async function close(server: NodeServer, io: HubSocketServer): Promise<void> {
  // socket.io closes the listener too; connections that are kept alive would hold it open.
  const closed = io.close();
  server.closeAllConnections();
  await closed;
}

import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describeResource, describeResources } from './ari-descriptions.ts';
import type { AriFaults } from './ari-events.ts';
import { type AriAnswer, type AriRequest, type AriRoute, type AriWorld, ok, refusal } from './ari-route.ts';
import { type AriUser, findUser } from './ari-user.ts';
import type { After } from './player.ts';

/** A request that came in. */
export interface ReceivedRequest {
  readonly method: string;
  /** Below `/ari`, without the query. */
  readonly path: string;
  /** Without `api_key`. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AriServerOptions {
  readonly users: readonly AriUser[];
  readonly routes: readonly AriRoute[];
  readonly world: AriWorld;
  readonly faults: AriFaults;
  readonly after: After;
  readonly onRequest: (request: ReceivedRequest) => void;
  /** A client that may listen has asked for the socket. */
  readonly onListen: (request: IncomingMessage, socket: Socket, head: Buffer, query: URLSearchParams) => void;
}

/** Asterisk takes no longer bodies, unless it is told to. */
const maxBodyBytes = 4_096;

/** ARI's HTTP side: who may ask, where a question goes, and how Asterisk words it when there is no answer. */
export function createAriServer(options: AriServerOptions): Server {
  const { faults, after } = options;
  const server = createServer((request, response) => {
    void answer(request, response).then((told) => whenDue(() => send(response, told)));
  });
  server.on('upgrade', upgrade);
  return server;

  function whenDue(run: () => void): void {
    if (faults.stalled) return;
    if (faults.ariDelayMs === 0) run();
    else after(faults.ariDelayMs, run);
  }

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (faults.stalled) return;
    const url = urlOf(request);
    if (url.pathname === '/ari/events' && request.method === 'GET') {
      const refused = authenticate(request, url) ?? missingApplication(url);
      if (refused === null) options.onListen(request, socket, head, url.searchParams);
      else sendTo(request, socket, refused);
    } else void answer(request, null).then((told) => sendTo(request, socket, told));
  }

  /** null: come in. */
  function authenticate(request: IncomingMessage, url: URL): AriAnswer | null {
    const user = faults.refuseLogins
      ? null
      : findUser(options.users, request.headers.authorization, url.searchParams.get('api_key'));
    if (user === null) return refusal(401, 'Unauthorized', 'Authentication required');
    const reads = request.method === 'GET' || request.method === 'OPTIONS';
    return user.readOnly === true && !reads ? refusal(403, 'Forbidden', 'Write access denied') : null;
  }

  async function answer(request: IncomingMessage, response: ServerResponse | null): Promise<AriAnswer> {
    const url = urlOf(request);
    if (url.pathname !== '/ari' && !url.pathname.startsWith('/ari/'))
      return page(404, 'Not Found', 'The requested URL was not found on this server.');
    const body = await readBody(request);
    const refused = authenticate(request, url);
    if (refused !== null) return refused;
    if (body === null) return refusal(413, 'Request Entity Too Large', 'Request body too large');
    if (body === 'unreadable') return refusal(400, 'Bad Request', 'Error parsing request body');
    const path = url.pathname.slice('/ari'.length);
    if (path.endsWith('/')) {
      return refusal(404, 'Not Found', `ARI URLs do not end with a slash. Try /ari${path.slice(0, -1)}`);
    }
    if (path.startsWith('/api-docs/')) return describe(request, path.slice('/api-docs/'.length));
    if (path === '/events') return page(426, 'Upgrade Required', '');
    const query = Object.fromEntries([...url.searchParams].filter(([name]) => name !== 'api_key'));
    options.onRequest({ method: request.method ?? '', path, query, body });
    return ask(request.method ?? '', path, query, body, (allowed) => response?.setHeader('Allow', allowed));
  }

  function ask(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    body: Readonly<Record<string, unknown>>,
    tellAllowed: (methods: string) => void,
  ): AriAnswer {
    const here = options.routes.flatMap((route) => {
      const parts = partsOf(route.path, path);
      return parts === null ? [] : [{ route, parts }];
    });
    if (here.length === 0) return refusal(404, 'Not Found', 'Resource not found');
    // A path that is spelt out goes before one with a place holder.
    const exact = here.filter(({ parts }) => parts.size === Math.min(...here.map((other) => other.parts.size)));
    const found = exact.find(({ route }) => route.method === method);
    if (found === undefined) {
      tellAllowed(['OPTIONS', ...exact.map(({ route }) => route.method)].join(','));
      return method === 'OPTIONS' ? { status: 204, reason: 'No Content' } : refusal(405, 'Method Not Allowed', 'Invalid method');
    }
    return found.route.handle(options.world, asRequest(method, path, found.parts, query, body));
  }

  function describe(request: IncomingMessage, file: string): AriAnswer {
    const base = `http://${request.headers.host ?? 'localhost'}/ari`;
    const described =
      file === 'resources.json'
        ? describeResources(base, options.routes)
        : describeResource(base, file.replace(/\.json$/, ''), options.routes);
    return described === null ? refusal(404, 'Not Found', 'Resource not found') : ok(described);
  }
}

function asRequest(
  method: string,
  path: string,
  parts: ReadonlyMap<string, string>,
  query: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
): AriRequest {
  return {
    ...{ method, path, body },
    part: (name) => parts.get(name) ?? '',
    parameter(name) {
      const value = body[name] ?? query[name];
      return value === undefined || value === null || value === '' ? null : String(value);
    },
  };
}

/** null: this path is not of that form. */
function partsOf(form: string, path: string): ReadonlyMap<string, string> | null {
  const [wanted, given] = [form.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const parts = new Map<string, string>();
  for (const [index, word] of wanted.entries()) {
    const text = decoded(given[index] ?? '');
    if (word.startsWith('{')) parts.set(word.slice(1, -1), text);
    else if (word !== text) return null;
  }
  return parts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://sandbox');
}

/** null: too long. */
async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | 'unreadable' | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= maxBodyBytes) chunks.push(chunk as Buffer);
  }
  if (length > maxBodyBytes) return null;
  const text = Buffer.concat(chunks).toString('utf8');
  const type = request.headers['content-type']?.split(';')[0] ?? '';
  if (text === '') return {};
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
  return type === 'application/json' ? parseObject(text) : {};
}

function parseObject(text: string): Readonly<Record<string, unknown>> | 'unreadable' {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function missingApplication(url: URL): AriAnswer | null {
  if ((url.searchParams.get('app') ?? '') !== '') return null;
  return page(400, 'Bad Request', 'HTTP request is missing param: [app]');
}

const pageMark = '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">';

/** What Asterisk's HTTP server itself has to say, it says in HTML. */
export function page(status: number, reason: string, words: string): AriAnswer {
  const head = `<html><head>\r\n<title>${status} ${reason}</title>\r\n</head><body>\r\n<h1>${reason}</h1>\r\n`;
  return {
    status,
    reason,
    body: `${pageMark}\r\n${head}<p>${words}</p>\r\n<hr />\r\n<address>Asterisk</address>\r\n</body></html>\r\n`,
  };
}

function send(response: ServerResponse, { status, reason, body }: AriAnswer): void {
  const isPage = typeof body === 'string' && body.startsWith(pageMark);
  const text = body === undefined ? '' : isPage ? body : JSON.stringify(body);
  response.setHeader('Server', 'Asterisk');
  response.setHeader('Cache-Control', 'no-cache, no-store');
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="Asterisk REST Interface"');
  if (text !== '') response.setHeader('Content-type', isPage ? 'text/html' : 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.writeHead(status, reason);
  response.end(text);
}

/** An answer to somebody who wanted a socket. */
export function sendTo(request: IncomingMessage, socket: Socket, told: AriAnswer): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.end());
  send(response, told);
}

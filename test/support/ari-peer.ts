import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { ariDescription } from './ari-descriptions.ts';

export interface AriPeerRequest {
  readonly method: string;
  /** Below `/ari`, as it was sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly authorization: string | undefined;
}

export interface AriPeerAnswer {
  readonly status: number;
  /** Text goes out as it is. */
  readonly body?: unknown;
}

/** `silence` never answers, `cut` ends the connection; null leaves the request to the peer. */
type Answering = (request: AriPeerRequest) => AriPeerAnswer | 'silence' | 'cut' | null;

export interface AriPeerOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly answer?: Answering;
  /** What becomes of an upgrade to `/ari/events`; by default who has the password gets in. */
  readonly onUpgrade?: (socket: Socket) => void;
  readonly readOnly?: boolean;
  /** Instead of that of `ariUser`. */
  readonly password?: string;
  readonly eventTypes?: readonly string[];
}

/** The HTTP and websocket server of a PBX that can be made to fail in every way. */
export interface AriPeer {
  readonly url: string;
  readonly requests: readonly AriPeerRequest[];
  /** Of the upgrades that were asked for. */
  readonly upgrades: readonly AriPeerRequest[];
  /** How many event sockets are open. */
  listeners(): number;
  /** Resolves when so many listen. */
  hasListeners(count: number): Promise<void>;
  /** To everybody who listens. */
  tell(event: unknown): void;
  tellText(text: string): void;
  /** One frame of text, cut on its way every so many bytes. */
  tellInPieces(text: string, bytes: number): Promise<void>;
  /** One text in frames of so many characters. */
  tellInFrames(text: string, characters: number): void;
  tellBinary(bytes: Uint8Array): void;
  /** Not websocket at all. */
  garbage(bytes: string): void;
  cut(): void;
  /** Neither answers nor reads, and does not hang up. */
  stall(on: boolean): void;
  /** Whether new connections are let in. */
  accept(on: boolean): Promise<void>;
  close(): Promise<void>;
}

export const ariUser = { username: 'hub', password: 'correct: horse&?' };

export async function startAriPeer(options: AriPeerOptions = {}): Promise<AriPeer> {
  const requests: AriPeerRequest[] = [];
  const upgrades: AriPeerRequest[] = [];
  const connections = new Set<Socket>();
  const sockets = new WebSocketServer({ noServer: true });
  const counted: { readonly count: number; readonly tell: () => void }[] = [];
  const held: (() => void)[] = [];
  let isStalled = false;
  let url = '';
  const credentials = `${ariUser.username}:${options.password ?? ariUser.password}`;
  const goodAuthorization = `Basic ${Buffer.from(credentials).toString('base64')}`;

  const server = options.tls === undefined ? http.createServer(serve) : https.createServer(options.tls, serve);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = readRequest(incoming, await bodyOf(incoming));
    requests.push(request);
    if (isStalled) held.push(() => answer(request, outgoing));
    else answer(request, outgoing);
  }

  function answer(request: AriPeerRequest, outgoing: ServerResponse): void {
    const given = options.answer?.(request) ?? defaultAnswer(request);
    if (given === 'cut') outgoing.destroy();
    if (given === 'cut' || given === 'silence') return;
    const { status, body } = given;
    const isJson = body !== undefined && typeof body !== 'string';
    outgoing.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    outgoing.end(isJson ? JSON.stringify(body) : (body as string | undefined));
  }

  function defaultAnswer({ method, path, authorization }: AriPeerRequest): AriPeerAnswer {
    if (authorization !== goodAuthorization) return { status: 401, body: { message: 'Authentication required' } };
    if (options.readOnly && method !== 'GET') return { status: 403, body: { message: 'Write access denied' } };
    const description = /^\/api-docs\/([\w-]+)\.json$/.exec(path)?.[1];
    if (description !== undefined) {
      const body = ariDescription(description, url, options.eventTypes ?? []);
      return body === null ? { status: 404, body: { message: 'Resource not found' } } : { status: 200, body };
    }
    return quietPbx(method, path);
  }

  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const request = readRequest(incoming, '');
    upgrades.push(request);
    if (options.onUpgrade !== undefined) {
      options.onUpgrade(socket);
      return;
    }
    const byKey = credentials === request.query.api_key;
    if (request.path !== '/events' || !(byKey || request.authorization === goodAuthorization)) {
      const status = request.path === '/events' ? '401 Unauthorized' : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(incoming, socket, head, (opened) => {
      opened.on('error', () => opened.terminate());
      opened.on('close', tellCount);
      tellCount();
    });
  });

  function tellCount(): void {
    for (const { count, tell } of counted) if (sockets.clients.size === count) tell();
  }

  function toAll(send: (connection: Socket) => void): void {
    for (const client of sockets.clients) send(rawSocketOf(client));
  }

  function tellText(text: string): void {
    for (const client of sockets.clients) client.send(text);
  }

  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;

  function cut(): void {
    for (const connection of connections) connection.destroy();
  }

  return {
    ...{ url, requests, upgrades, cut, tellText },
    listeners: () => sockets.clients.size,
    hasListeners: (count) =>
      sockets.clients.size === count ? Promise.resolve() : new Promise((tell) => void counted.push({ count, tell })),
    tell: (event) => tellText(JSON.stringify(event)),
    async tellInPieces(text, bytes) {
      const frame = textFrame(text);
      for (let start = 0; start < frame.length; start += bytes) {
        toAll((connection) => connection.write(frame.subarray(start, start + bytes)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    tellInFrames(text, characters) {
      for (let start = 0; start < text.length; start += characters) {
        const fin = start + characters >= text.length;
        for (const client of sockets.clients) client.send(text.slice(start, start + characters), { fin });
      }
    },
    tellBinary(bytes) {
      for (const client of sockets.clients) client.send(bytes);
    },
    garbage: (bytes) => toAll((connection) => connection.write(bytes)),
    stall(on) {
      isStalled = on;
      toAll((connection) => (on ? connection.pause() : connection.resume()));
      if (!on) for (const go of held.splice(0)) go();
    },
    async accept(on) {
      if (on) return listen(port);
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      cut();
      await closed;
    },
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

/** A PBX on which nothing happens. */
function quietPbx(method: string, path: string): AriPeerAnswer {
  switch (`${method} ${path}`) {
    case 'GET /asterisk/ping':
      return { status: 200, body: { asterisk_id: '00:16:3e:10:20:30', ping: 'pong', timestamp: '2026-11-24T09:00:10.000+0900' } };
    case 'GET /asterisk/info':
      return { status: 200, body: { status: { startup_time: '2026-11-24T08:00:00.000+0900' } } };
    case 'GET /applications':
    case 'GET /channels':
    case 'GET /bridges':
      return { status: 200, body: [] };
    default:
      return { status: 404, body: { message: path.startsWith('/channels/') ? 'Channel not found' : 'Resource not found' } };
  }
}

function readRequest(incoming: IncomingMessage, body: string): AriPeerRequest {
  const [path = '', query = ''] = (incoming.url ?? '').split('?');
  return {
    method: incoming.method ?? '',
    path: path.replace(/^\/ari/, ''),
    query: Object.fromEntries(new URLSearchParams(query)),
    body,
    authorization: incoming.headers.authorization,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** What is under a websocket, to do to it what websockets do not do. */
function rawSocketOf(client: object): Socket {
  return Reflect.get(client, '_socket') as Socket;
}

/** A server's frame: not masked. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const header = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (bytes.length >= 126) header.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

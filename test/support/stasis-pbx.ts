/** A PBX as the Stasis door sees it, over real sockets: an event socket, the few requests routing makes, and what became of each channel. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface StasisPbx {
  readonly url: string;
  /** Times an application was opened. */
  readonly opened: () => number;
  /** Puts a channel into `Stasis(app,arguments)`; tells whoever holds the application. */
  enter(id: string, given?: { readonly number?: string; readonly args?: readonly string[] }): void;
  /** The caller hangs up. */
  hangUp(id: string): void;
  readonly waiting: () => readonly string[];
  /** What a channel was given before it went on; null while it waits. */
  readonly sentOn: (id: string) => Readonly<Record<string, string>> | null;
  send(event: unknown): void;
  /** Cuts every connection; refuses new ones until `open`. */
  cut(): void;
  open(): void;
  /** The application is gone on Asterisk's side, and our socket does not know. */
  forgetApplication(): void;
  stop(): Promise<void>;
}

interface Channel {
  readonly number: string;
  readonly args: readonly string[];
  readonly variables: Record<string, string>;
}

export async function startStasisPbx(app: string): Promise<StasisPbx> {
  const channels = new Map<string, Channel>();
  const gone = new Map<string, Readonly<Record<string, string>>>();
  const sockets = new Set<Socket>();
  let holder: WebSocket | null = null;
  let isOpen = true;
  let opened = 0;

  const server = createServer((request, response) => void answer(request, response));
  const events = new WebSocketServer({ server, path: '/ari/events' });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (!isOpen) socket.destroy();
  });
  events.on('connection', (socket) => {
    holder = socket;
    opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: unknown = { message: 'said' }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(body));
    };
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    const url = new URL(request.url ?? '/', 'http://pbx');
    const [, , room, id = '', act] = url.pathname.split('/').map(decodeURIComponent);
    if (room === 'applications') return say(holder === null ? 404 : 200, { name: id });
    if (id === '')
      return say(
        200,
        [...channels].map(([one, channel]) => asJson(one, channel)),
      );
    const channel = channels.get(id);
    if (channel === undefined) return say(gone.has(id) ? 409 : 404);
    if (act === 'continue') {
      channels.delete(id);
      gone.set(id, channel.variables);
      return say(204);
    }
    const { variable, value } = JSON.parse(sent) as { variable: string; value: string };
    channel.variables[variable] = value;
    return say(204);
  }

  function asJson(id: string, { number, args }: Channel) {
    const dialplan = { context: 'in', exten: 's', priority: 2, app_name: 'Stasis', app_data: [app, ...args].join(',') };
    return { id, name: `PJSIP/trunk-${id}`, state: 'Ring', caller: { name: '', number }, dialplan };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    opened: () => opened,
    enter(id, { number = '09012345678', args = ['0398765432'] } = {}) {
      const channel = { number, args, variables: {} };
      channels.set(id, channel);
      holder?.send(JSON.stringify({ type: 'StasisStart', application: app, args, channel: asJson(id, channel) }));
    },
    hangUp: (id) => void channels.delete(id),
    waiting: () => [...channels.keys()],
    sentOn: (id) => gone.get(id) ?? null,
    send: (event) => holder?.send(typeof event === 'string' ? event : JSON.stringify(event)),
    cut() {
      isOpen = false;
      holder = null;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    forgetApplication() {
      holder = null;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      events.close();
      server.close();
      await once(server, 'close');
    },
  };
}

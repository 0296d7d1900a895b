import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AriApplications, AriListener } from './ari-applications.ts';
import { page, sendTo } from './ari-server.ts';
import type { After } from './player.ts';

export interface AriFaults {
  /** Half-open: nothing is read, answered or sent, and nobody hangs up. */
  readonly stalled: boolean;
  readonly refuseLogins: boolean;
  /** Every answer and every event is late by so many milliseconds. */
  readonly ariDelayMs: number;
}

export interface AriEventsOptions {
  readonly faults: AriFaults;
  readonly applications: AriApplications;
  readonly after: After;
  /** How long a write may wait for the reader: `websocket_write_timeout` of ari.conf. */
  readonly writeTimeoutMs: number;
  readonly onOpen: () => void;
}

/** The event sockets: what each application hears, as long as it reads. */
export interface AriEvents {
  listen(request: IncomingMessage, socket: Socket, head: Buffer, query: URLSearchParams): void;
  /** Sockets that are open. */
  count(): number;
  cut(): void;
  /** Text that is no event, to everyone. */
  write(text: string): void;
}

/** Asterisk's own limit. */
const maxNameLength = 256;

export function createAriEvents({ applications, after, faults, writeTimeoutMs, onOpen }: AriEventsOptions): AriEvents {
  const server = new WebSocketServer({
    ...{ noServer: true, autoPong: false },
    handleProtocols: (wanted) => (wanted.has('ari') ? 'ari' : false),
  });
  const sockets = new Set<WebSocket>();
  const watched = new WeakSet<WebSocket>();

  function listen(request: IncomingMessage, socket: Socket, head: Buffer, query: URLSearchParams): void {
    const names = (query.get('app') ?? '').split(',').map((name) => name.trim());
    if (names.some((name) => name === '' || name.length > maxNameLength)) {
      sendTo(request, socket, page(500, 'Internal Server Error', 'Stasis app registration failed'));
      return;
    }
    const subscribesAll = /^(?:yes|true|y|t|1|on)$/i.test(query.get('subscribeAll') ?? '');
    server.handleUpgrade(request, socket, head, (opened) => open(opened, names, subscribesAll));
  }

  function open(socket: WebSocket, names: readonly string[], subscribesAll: boolean): void {
    const listener: AriListener = { send: (event) => sendLater(socket, JSON.stringify(event)) };
    sockets.add(socket);
    socket.on('error', () => socket.terminate());
    socket.on('ping', (data) => {
      if (!faults.stalled) socket.pong(data);
    });
    socket.on('close', () => {
      sockets.delete(socket);
      applications.leave(listener);
    });
    for (const name of names) applications.register(name, subscribesAll, listener);
    onOpen();
  }

  function sendLater(socket: WebSocket, text: string): void {
    if (faults.ariDelayMs === 0) send(socket, text);
    else after(faults.ariDelayMs, () => send(socket, text));
  }

  /** A reader that does not keep up is cut off. */
  function send(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN || faults.stalled) return;
    let isWaiting = true;
    socket.send(text, () => {
      isWaiting = false;
    });
    if (socket.bufferedAmount === 0 || watched.has(socket)) return;
    watched.add(socket);
    after(writeTimeoutMs, () => {
      // A turn of the event loop for what the clock of a test has passed over.
      setImmediate(() => {
        watched.delete(socket);
        if (isWaiting) socket.terminate();
      });
    });
  }

  return {
    listen,
    count: () => sockets.size,
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    write: (text) => {
      for (const socket of sockets) send(socket, text);
    },
  };
}

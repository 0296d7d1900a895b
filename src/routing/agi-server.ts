/** The FastAGI door: Asterisk connects, is told the answer as channel variables, and goes on. Speaks to nobody but known neighbours. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { After } from '../telephony/after.ts';
import { isDone, knownValue, mayAsk, readAgiHeaders, setVariable } from './agi-text.ts';
import type { Routing } from './routing.ts';
import { routingVariables } from './routing-variables.ts';
import { createTokenCheck } from './secret-token.ts';

export interface AgiServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  readonly routing: Routing;
  /** Whoever connects from another machine gives it as the second argument of `AGI()`. Null: only this machine is answered. */
  readonly token: string | null;
  readonly after: After;
  readonly log: (level: 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface AgiServer {
  readonly port: number;
  close(): Promise<void>;
}

const mostConnections = 200;
const mostLines = 150;
const mostLineLength = 8_192;
const mostBytes = 65_536;
/** From the first byte to the last; Asterisk's own patience is set in the dialplan. */
const conversationMs = 5_000;

/** @throws the system's error when the port cannot be had */
export async function startAgiServer(options: AgiServerOptions): Promise<AgiServer> {
  const { host, port, after, log } = options;
  const isToken = options.token === null ? () => false : createTokenCheck(options.token);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const callOff = after(conversationMs, () => socket.destroy());
    socket.once('close', () => {
      callOff();
      sockets.delete(socket);
    });
    // A peer that goes away in the middle is nothing to tell of: its call is over or goes on without us.
    socket.on('error', () => socket.destroy());
    converse(socket).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
  server.maxConnections = mostConnections;

  async function converse(socket: Socket): Promise<void> {
    const lines = readLines(socket);
    const headers = readAgiHeaders(await readHead(lines));
    if (!headers.has('request')) return;
    if (!mayAsk(socket.remoteAddress, headers, isToken)) {
      log('warn', 'a FastAGI call from another machine brought no valid token', { from: socket.remoteAddress });
      return;
    }
    const did = knownValue(headers, 'arg_1') ?? knownValue(headers, 'dnid') ?? knownValue(headers, 'extension');
    const answer = await options.routing.ask({ number: knownValue(headers, 'callerid'), did });
    for (const [name, value] of routingVariables(answer)) {
      socket.write(setVariable(name, value));
      const reply = await lines.next();
      // Anything else is the caller's hanging up, or no Asterisk.
      if (reply.done === true || !isDone(reply.value)) return;
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', (error) => log('warn', 'FastAGI could not take a connection', { error }));
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  log('info', 'FastAGI answers the dialplan', { host, port: taken });
  return {
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Up to the empty line; nothing when it never comes. Not by `for await`: leaving that would close the socket. */
async function readHead(lines: AsyncGenerator<string, void, void>): Promise<readonly string[]> {
  const head: string[] = [];
  while (head.length < mostLines) {
    const { value, done } = await lines.next();
    if (done === true) return [];
    if (value === '') return head;
    head.push(value);
  }
  throw new RangeError('too many lines');
}

/** Ends when the peer does, and throws at whatever is too long to be Asterisk. */
async function* readLines(socket: Socket): AsyncGenerator<string, void, void> {
  socket.setEncoding('utf8');
  let held = '';
  let length = 0;
  for await (const chunk of socket as AsyncIterable<string>) {
    length += chunk.length;
    held += chunk;
    if (length > mostBytes) throw new RangeError('too much');
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
    if (held.length > mostLineLength) throw new RangeError('too long a line');
  }
}

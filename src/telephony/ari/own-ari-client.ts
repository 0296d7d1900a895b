import WebSocket from 'ws';
import type { AriClient, AriHandlers, AriRefused, AriSettings, AriUnreachable, AriWorld } from './ari-client.ts';
import { readEventText } from './ari-event-text.ts';
import {
  asAriError,
  brokenSocket,
  closedByPeer,
  closedByUs,
  notConnected,
  refusedSocket,
  refuseWrongAddress,
  silentAtLogin,
  tooLarge,
  usedAlready,
} from './ari-failures.ts';
import { type AriHttp, basicAuth, createAriHttp } from './ari-http.ts';
import { wordsOf } from './ari-request.ts';
import { createPendingAnswers } from './pending-answers.ts';

const closeGraceMs = 1_000;

/** Our own client: `ws` for the events, node:http for the requests. The password travels in a header, never in an address. */
export function createOwnAriClient(settings: AriSettings, world: AriWorld, handlers: AriHandlers): AriClient {
  let state: 'new' | 'connecting' | 'ready' | 'over' = 'new';
  let socket: WebSocket | null = null;
  let http: AriHttp | null = null;
  let settleOpening: (outcome: Error | null) => void = () => {};
  const pending = createPendingAnswers(settings, world.after);
  const pings = new Set<(outcome: null) => void>();

  async function connect(): Promise<void> {
    if (state !== 'new') throw usedAlready();
    state = 'connecting';
    const { connectTimeoutMs } = settings;
    const callOff = world.after(connectTimeoutMs, () => end(silentAtLogin(settings, connectTimeoutMs)));
    try {
      await new Promise<void>((resolve, reject) => {
        settleOpening = (outcome) => (outcome === null ? resolve() : reject(outcome));
        refuseWrongAddress(settings.url);
        open(eventAddress(settings));
      });
    } catch (error) {
      const told = asAriError(error);
      end(told);
      throw told;
    } finally {
      callOff();
    }
  }

  function open(address: URL): void {
    http = createAriHttp(settings, pending);
    const opened = new WebSocket(address, {
      ...{ perMessageDeflate: false, maxPayload: settings.maxMessageBytes },
      headers: { authorization: basicAuth(settings) },
      ...(settings.ca !== null && { ca: settings.ca }),
    });
    socket = opened;
    opened.on('open', () => {
      if (state !== 'connecting') return;
      state = 'ready';
      settleOpening(null);
    });
    opened.on('unexpected-response', (_request, answer) => end(refusedSocket(settings, answer.statusCode ?? 0)));
    opened.on('message', (data, isBinary) => {
      if (!isBinary) hear(String(data));
    });
    opened.on('pong', () => {
      for (const settle of [...pings]) settle(null);
    });
    opened.on('error', (error) => end(isTooLarge(error) ? messageTooLarge() : brokenSocket(settings, error)));
    opened.on('close', () => end(closedByPeer(settings)));
  }

  function hear(text: string): void {
    if (state !== 'ready') return;
    const heard = readEventText(text, settings);
    if (heard === null) return;
    handlers.onEvent(heard.event, world.now());
    if (heard.end !== null) end(heard.end);
  }

  async function ping(): Promise<void> {
    if (state !== 'ready') throw notConnected('a ping');
    await pending.wait<null>('a ping on the event socket', (settle) => {
      pings.add(settle);
      socket?.ping();
      return () => pings.delete(settle);
    });
  }

  /** `reason` null: we closed it ourselves. */
  function end(reason: AriRefused | AriUnreachable | null): void {
    if (state === 'over') return;
    const wasReady = state === 'ready';
    state = 'over';
    const told = reason ?? closedByUs();
    settleOpening(told);
    pending.rejectAll(told);
    http?.close();
    hangUp(wasReady && reason === null);
    if (wasReady && reason !== null) handlers.onClose(reason);
  }

  function hangUp(politely: boolean): void {
    const last = socket;
    if (last === null || last.readyState === WebSocket.CLOSED) return;
    if (!politely) {
      last.terminate();
      return;
    }
    const callOff = world.after(closeGraceMs, () => last.terminate());
    last.once('close', callOff);
    last.close();
  }

  function messageTooLarge(): AriUnreachable {
    return tooLarge(settings, 'An event', settings.maxMessageBytes);
  }

  return {
    connect,
    async request(request) {
      if (state !== 'ready' || http === null) throw notConnected(wordsOf(request));
      return http.send(request);
    },
    ping,
    close: async () => {
      const isOpen = socket !== null && socket.readyState !== WebSocket.CLOSED;
      end(null);
      if (isOpen) await new Promise<void>((resolve) => void socket?.once('close', () => resolve()));
    },
  };
}

function eventAddress({ url, app, subscribeAll }: AriSettings): URL {
  const address = new URL('/ari/events', url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('app', app);
  if (subscribeAll) address.searchParams.set('subscribeAll', 'true');
  return address;
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}

import { Worker } from 'node:worker_threads';
import { readAnswer } from './ari-answer.ts';
import {
  type AriClient,
  type AriHandlers,
  AriRefused,
  type AriRequest,
  type AriResponse,
  type AriSettings,
  AriUnreachable,
  type AriWorld,
} from './ari-client.ts';
import { readEventText } from './ari-event-text.ts';
import {
  asAriError,
  closedByPeer,
  closedByUs,
  notConnected,
  refusedSocket,
  refuseWrongAddress,
  silentAtLogin,
  tooLarge,
  usedAlready,
} from './ari-failures.ts';
import { createAriHttp } from './ari-http.ts';
import { AriRequestRefused, ariTarget, wordsOf } from './ari-request.ts';
import type { FromWorker, PackagedSettings, ToWorker } from './packaged-ari-messages.ts';
import { createPendingAnswers } from './pending-answers.ts';

/**
 * The package ari-client 2.2.0 behind the port, each connection in a thread of its own: it ends the process at an event it does not
 * know and at a wrong password, and keeps one password for all PBXs. It is used for opening the event socket and for asking by what the
 * PBX describes; its reconnecting is taken off, time-outs are ours. It puts the password into the address of the event socket, has no
 * CA of its own, nothing bounds what it holds of an answer but the memory of its thread, and it never tells that a request was cut off.
 */
export function createPackagedAriClient(settings: AriSettings, world: AriWorld, handlers: AriHandlers): AriClient {
  let state: 'new' | 'connecting' | 'ready' | 'over' = 'new';
  let thread: Worker | null = null;
  let whenThreadEnded = Promise.resolve();
  let settleOpening: (outcome: Error | null) => void = () => {};
  const pending = createPendingAnswers(settings, world.after);
  const pings = new Set<(outcome: null) => void>();
  const answers = new Map<number, (message: Answering) => void>();
  let nextId = 1;

  async function connect(): Promise<void> {
    if (state !== 'new') throw usedAlready();
    state = 'connecting';
    const { connectTimeoutMs } = settings;
    const callOff = world.after(connectTimeoutMs, () => end(silentAtLogin(settings, connectTimeoutMs)));
    try {
      refuseUnusable(settings);
      await new Promise<void>((resolve, reject) => {
        settleOpening = (outcome) => (outcome === null ? resolve() : reject(outcome));
        knock().then(openThread).catch(reject);
      });
    } catch (error) {
      const told = asAriError(error);
      end(told);
      throw told;
    } finally {
      callOff();
    }
  }

  /** The package tells a wrong password by throwing, and most other failures not at all: first it is seen whether we are let in. */
  async function knock(): Promise<void> {
    const http = createAriHttp(settings, pending);
    try {
      const { status } = await http.send({ method: 'GET', path: '/applications' });
      if (status !== 200) throw refusedSocket(settings, status);
    } finally {
      http.close();
    }
  }

  function openThread(): void {
    if (state !== 'connecting') return;
    const { url, username, password, app, subscribeAll, maxMessageBytes } = settings;
    const opened = new Worker(new URL('./packaged-ari-worker.ts', import.meta.url), {
      workerData: { url, username, password, app, subscribeAll, maxMessageBytes } satisfies PackagedSettings,
      // It writes to the console at every connection.
      ...{ stdout: true, stderr: true },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    thread = opened;
    opened.stdout.resume();
    opened.stderr.resume();
    opened.on('message', hear);
    opened.on('error', (error: unknown) => end(new AriUnreachable(`The package ari-client failed: ${withoutPassword(error)}.`)));
    whenThreadEnded = new Promise((resolve) => {
      opened.on('exit', () => {
        end(closedByPeer(settings));
        resolve();
      });
    });
  }

  function hear(message: FromWorker): void {
    if (state === 'over') return;
    if (message.kind === 'text') hearText(message.text);
    else if (message.kind === 'answer' || message.kind === 'unsendable') answers.get(message.id)?.(message);
    else if (message.kind === 'pong') for (const settle of [...pings]) settle(null);
    else if (message.kind === 'tooLarge') end(tooLarge(settings, 'An event', settings.maxMessageBytes));
    else if (message.kind === 'broken') end(new AriUnreachable(`The event socket of ${settings.url} broke: ${message.reason}.`));
    else if (message.kind === 'closed') end(closedByPeer(settings));
    else {
      state = 'ready';
      settleOpening(null);
    }
  }

  function hearText(text: string): void {
    const heard = state === 'ready' ? readEventText(text, settings) : null;
    if (heard === null) return;
    handlers.onEvent(heard.event, world.now());
    if (heard.end !== null) end(heard.end);
  }

  async function request(asked: AriRequest): Promise<AriResponse> {
    const words = wordsOf(asked);
    if (state !== 'ready') throw notConnected(words);
    const { body } = ariTarget(asked);
    const id = nextId++;
    return pending.wait<AriResponse>(words, (settle) => {
      answers.set(id, (message) => {
        if (message.kind === 'answer') settle(readAnswer(message.status, message.text, words, settings));
        else settle(new AriRequestRefused(`ari-client cannot send ${words}: ${message.reason}.`));
      });
      tell({ id, method: asked.method, path: asked.path, query: asked.query ?? {}, body });
      return () => answers.delete(id);
    });
  }

  async function ping(): Promise<void> {
    if (state !== 'ready') throw notConnected('a ping');
    await pending.wait<null>('a ping on the event socket', (settle) => {
      pings.add(settle);
      tell('ping');
      return () => pings.delete(settle);
    });
  }

  function tell(message: ToWorker): void {
    thread?.postMessage(message);
  }

  /** `reason` null: we closed it ourselves. */
  function end(reason: AriRefused | AriUnreachable | null): void {
    if (state === 'over') return;
    const wasReady = state === 'ready';
    state = 'over';
    const told = reason ?? closedByUs();
    settleOpening(told);
    pending.rejectAll(told);
    hangUp(wasReady && reason === null);
    if (wasReady && reason !== null) handlers.onClose(reason);
  }

  function hangUp(politely: boolean): void {
    const last = thread;
    if (last === null) return;
    if (!politely) {
      void last.terminate();
      return;
    }
    const callOff = world.after(1_000, () => void last.terminate());
    void whenThreadEnded.then(callOff);
    tell('close');
  }

  return {
    connect,
    request,
    ping,
    async close() {
      end(null);
      await whenThreadEnded;
    },
  };
}

type Answering = Extract<FromWorker, { kind: 'answer' | 'unsendable' }>;

/** @throws AriRefused */
function refuseUnusable({ url, username, password, ca }: AriSettings): void {
  refuseWrongAddress(url);
  const remedy = 'Choose our own client for this PBX.';
  if (ca !== null) throw new AriRefused('ari-client cannot be told of a CA.', remedy);
  const isAscii = /^[\x20-\x7e]*$/.test(username + password);
  if (!isAscii) throw new AriRefused('ari-client cannot send a user or password of other characters than ASCII.', remedy);
}

function withoutPassword(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/api_key=[^&\s]*/g, 'api_key=…').slice(0, 200);
}

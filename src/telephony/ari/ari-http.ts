import http from 'node:http';
import https from 'node:https';
import type { After } from '../after.ts';
import { type AriRefused, type AriRequest, type AriResponse, type AriSettings, AriUnreachable } from './ari-client.ts';
import {
  brokenSocket,
  closedByPeer,
  failedRequest,
  messageOf,
  noAnswer,
  refusedLogin,
  refusedRight,
  tooLarge,
} from './ari-failures.ts';
import { ariTarget, wordsOf } from './ari-request.ts';

/** ARI's requests over node:http: `fetch` cannot be told of a CA. Every one ends: answered, timed out, or rejected with all. */
export interface AriHttp {
  send(request: AriRequest): Promise<AriResponse>;
  /** Final: rejects what waits. */
  close(reason: AriRefused | AriUnreachable): void;
}

const maxPending = 1_000;
/** Each takes one of the hundred connections Asterisk allows to all its HTTP clients (`sessionlimit`). */
const maxSockets = 8;
/** Shorter than Asterisk keeps an idle connection (15 s), so that nothing is written to one that is being closed. */
const idleMs = 5_000;

export function createAriHttp(settings: AriSettings, after: After): AriHttp {
  const base = new URL(settings.url);
  const { request: open, Agent } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets, timeout: idleMs, ...(settings.ca !== null && { ca: settings.ca }) });
  const headers = { authorization: basicAuth(settings), accept: 'application/json' };
  const waiting = new Set<(outcome: AriResponse | Error) => void>();

  function send(request: AriRequest): Promise<AriResponse> {
    const words = wordsOf(request);
    const { target, body } = ariTarget(request);
    if (waiting.size >= maxPending) {
      throw new AriUnreachable(`${maxPending} ARI requests wait for an answer already; ${words} was not sent.`);
    }
    return new Promise((resolve, reject) => {
      const outgoing = open(new URL(target, base), {
        ...{ agent, method: request.method },
        headers: { ...headers, ...(body !== null && { 'content-type': 'application/json' }) },
      });
      const callOff = after(settings.requestTimeoutMs, () => settle(noAnswer(settings, words, settings.requestTimeoutMs)));

      function settle(outcome: AriResponse | Error): void {
        if (!waiting.delete(settle)) return;
        callOff();
        if (outcome instanceof Error) {
          outgoing.destroy();
          reject(outcome);
        } else resolve(outcome);
      }

      waiting.add(settle);
      outgoing.on('error', (error) => settle(brokenSocket(settings, error)));
      outgoing.on('response', (answer) => {
        read(answer, settings).then((text) => settle(asResponse(answer.statusCode ?? 0, text, words, settings)), settle);
      });
      outgoing.end(body ?? undefined);
    });
  }

  return {
    send: async (request) => send(request),
    close(reason) {
      for (const settle of [...waiting]) settle(reason);
      agent.destroy();
    },
  };
}

export function basicAuth({ username, password }: Pick<AriSettings, 'username' | 'password'>): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** The whole of an answer, unless it is too much. */
function read(answer: http.IncomingMessage, settings: AriSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > settings.maxMessageBytes) reject(tooLarge(settings, 'An answer', settings.maxMessageBytes));
      else chunks.push(chunk);
    });
    answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    answer.on('error', (error) => reject(brokenSocket(settings, error)));
    answer.on('close', () => reject(closedByPeer(settings)));
  });
}

/** Only what says "not you" or "not now" is an error; "not so" is an answer. */
function asResponse(status: number, text: string, words: string, settings: AriSettings): AriResponse | Error {
  const body = parsed(text);
  if (status === 401) return refusedLogin(settings);
  if (status === 403) return refusedRight(settings, words, messageOf(body) ?? 'Forbidden');
  return status >= 500 ? failedRequest(settings, words, status) : { status, body };
}

/** Null where there is none, and where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import http from 'node:http';
import https from 'node:https';
import { readAnswer } from './ari-answer.ts';
import type { AriRequest, AriResponse, AriSettings } from './ari-client.ts';
import { brokenSocket, closedByPeer, tooLarge } from './ari-failures.ts';
import { ariTarget, wordsOf } from './ari-request.ts';
import type { PendingAnswers } from './pending-answers.ts';

/** ARI's requests over node:http: `fetch` cannot be told of a CA. */
export interface AriHttp {
  /** @throws AriRequestRefused, AriRefused, AriUnreachable */
  send(request: AriRequest): Promise<AriResponse>;
  close(): void;
}

/** Each takes one of the hundred connections Asterisk allows to all its HTTP clients (`sessionlimit`). */
const maxSockets = 8;
/** Shorter than Asterisk keeps an idle connection (15 s), so that nothing is written to one that is being closed. */
const idleMs = 5_000;

export function createAriHttp(settings: AriSettings, pending: PendingAnswers): AriHttp {
  const base = new URL(settings.url);
  const { request: open, Agent } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets, timeout: idleMs, ...(settings.ca !== null && { ca: settings.ca }) });
  const headers = { authorization: basicAuth(settings), accept: 'application/json' };

  return {
    async send(request) {
      const words = wordsOf(request);
      const { target, body } = ariTarget(request);
      return pending.wait<AriResponse>(words, (settle) => {
        const outgoing = open(new URL(target, base), {
          ...{ agent, method: request.method },
          headers: { ...headers, ...(body !== null && { 'content-type': 'application/json' }) },
        });
        outgoing.on('error', (error) => settle(brokenSocket(settings, error)));
        outgoing.on('response', (answer) => {
          read(answer, settings).then((text) => settle(readAnswer(answer.statusCode ?? 0, text, words, settings)), settle);
        });
        outgoing.end(body ?? undefined);
        // After an answer that was read in full this does nothing.
        return () => void outgoing.destroy();
      });
    },
    close: () => agent.destroy(),
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

/**
 * The only way to kintone: the vendor's client behind a guard. The client has no time-out of its own, retries nothing,
 * knows no AbortSignal, takes any page for an answer, and its network errors carry the token.
 */
import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import { type ConnectorWorld, type RequestNotice, Unreachable } from '../connector.ts';
import { judge, type Verdict } from './kintone-errors.ts';
import { hearAnswers } from './kintone-headers.ts';
import type { KintoneConfig } from './kintone-settings.ts';

/** One request: what it is about, how it is sent, and how its answer is read (null: it is no answer of kintone's). */
export interface GateRequest<T> {
  /** For which app kintone counts it; null where it is none's. */
  readonly app: string | null;
  /** Completes "kintone could not …". */
  readonly doing: string;
  readonly send: (client: KintoneRestAPIClient) => Promise<unknown>;
  readonly read: (answer: unknown) => T | null;
}

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly verdict: Verdict; readonly failure: unknown };

export interface KintoneGate {
  /** @throws ConnectorError */
  ask<T>(request: GateRequest<T>, signal: AbortSignal): Promise<T>;
  /** For whoever has to look closer at a refusal. */
  attempt<T>(request: GateRequest<T>, signal: AbortSignal): Promise<Attempt<T>>;
  close(): void;
}

export function openGate(config: KintoneConfig, onRequest: NonNullable<ConnectorWorld['onRequest']>): KintoneGate {
  const { auth } = config;
  const client = new KintoneRestAPIClient({
    baseUrl: config.baseUrl,
    auth: 'apiToken' in auth ? { apiToken: [...auth.apiToken] } : auth,
    socketTimeout: config.timeoutMs,
    featureFlags: { enableAbortSearchError: true },
    userAgent: 'toritsugi',
  });
  const closing = new AbortController();
  let atOnce: RequestNotice['atOnce'] = null;
  const stopHearing = hearAnswers(config.baseUrl, (told) => {
    atOnce = told;
  });
  const tell = (app: string | null): void => {
    const object = [...config.apps].find(([, id]) => id === app)?.[0] ?? app;
    onRequest({ object, day: null, atOnce });
    atOnce = null;
  };

  const attempt = async <T>({ app, doing, send, read }: GateRequest<T>, signal: AbortSignal): Promise<Attempt<T>> => {
    try {
      const sent = () => send(client).finally(() => tell(app));
      const answer = await orGivenUp(sent, AbortSignal.any([signal, closing.signal]), doing);
      const value = read(answer);
      if (value !== null) return { ok: true, value };
      throw new Unreachable(`kintone could not ${doing}: what came back is no answer of kintone's. Is the address right?`);
    } catch (failure) {
      return { ok: false, verdict: judge(failure, doing), failure };
    }
  };
  return {
    attempt,
    ask: async (request, signal) => {
      const tried = await attempt(request, signal);
      if (!tried.ok) throw tried.verdict.error;
      return tried.value;
    },
    close: () => {
      closing.abort();
      stopHearing();
    },
  };
}

/** The client cannot be interrupted: its request runs on until the time-out, but nobody waits for it any more. */
async function orGivenUp<T>(start: () => Promise<T>, signal: AbortSignal, doing: string): Promise<T> {
  const givenUp = () => new Unreachable(`Nobody waited any longer for kintone to ${doing}.`);
  if (signal.aborted) throw givenUp();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(givenUp());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

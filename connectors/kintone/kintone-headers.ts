/**
 * How busy the domain is stands in the headers of every answer, and the vendor's client hides headers. Node itself tells of every
 * answer it receives; those of this kintone are picked out by their host.
 */
import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestNotice } from '../connector.ts';

const CHANNEL = 'http.client.response.finish';

/** Answers how to stop. */
export function hearAnswers(baseUrl: string, tell: (atOnce: NonNullable<RequestNotice['atOnce']>) => void): () => void {
  const { host } = new URL(baseUrl);
  const listener: ChannelListener = (message) => {
    const { request, response } = message as { readonly request?: unknown; readonly response?: unknown };
    if (!(request instanceof ClientRequest) || !(response instanceof IncomingMessage)) return;
    if (request.getHeader('host') !== host) return;
    const running = numberIn(response.headers['x-concurrencylimit-running']);
    const limit = numberIn(response.headers['x-concurrencylimit-limit']);
    if (running !== null && limit !== null) tell({ running, limit });
  };
  subscribe(CHANNEL, listener);
  return () => void unsubscribe(CHANNEL, listener);
}

function numberIn(header: string | readonly string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null;
}

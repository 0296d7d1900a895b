import WebSocket from 'ws';

/** An ARI event as it came. */
export type HeardEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** An ARI event socket under test and all it said. */
export interface AriListening {
  readonly events: readonly HeardEvent[];
  /** Resolves with the first event, heard or to come, for which `is` holds. */
  until(is: (event: HeardEvent) => boolean): Promise<HeardEvent>;
  /** Resolves when the socket is closed, with its code. */
  readonly closed: Promise<number>;
  readonly socket: WebSocket;
  close(): void;
}

const credentials = 'hub:correct horse';
export const ariUser = { name: 'hub', password: 'correct horse' };

/** @throws with status and body when the PBX refuses the socket. */
export function listenToAri(ariUrl: string | null, query = 'app=crm-hub&subscribeAll=true'): Promise<AriListening> {
  const socket = new WebSocket(`${(ariUrl ?? '').replace('http', 'ws')}/ari/events?${query}`, { headers: basicAuth() });
  const events: HeardEvent[] = [];
  let waiting: { readonly is: (event: HeardEvent) => boolean; readonly tell: (event: HeardEvent) => void }[] = [];
  socket.on('message', (text) => {
    const event = JSON.parse(String(text)) as HeardEvent;
    events.push(event);
    const met = waiting.filter(({ is }) => is(event));
    waiting = waiting.filter((wait) => !met.includes(wait));
    for (const { tell } of met) tell(event);
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
  });
  const listening: AriListening = {
    ...{ events, closed, socket },
    until(is) {
      const heard = events.find(is);
      if (heard !== undefined) return Promise.resolve(heard);
      return new Promise((tell) => {
        waiting.push({ is, tell });
      });
    },
    close: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(listening));
    socket.on('error', reject);
    socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
    });
  });
}

export function ofType(type: string, more: Readonly<Record<string, unknown>> = {}) {
  return (event: HeardEvent) => event.type === type && Object.entries(more).every(([key, value]) => event[key] === value);
}

export interface AriReply {
  readonly status: number;
  readonly body: unknown;
}

/** A REST request; `as`: `user:password`. */
export async function askAri(
  ariUrl: string | null,
  method: string,
  path: string,
  { as = credentials, json }: { readonly as?: string | null; readonly json?: unknown } = {},
): Promise<AriReply> {
  const headers = {
    ...(as === null ? {} : basicAuth(as)),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const body = json === undefined ? null : typeof json === 'string' ? json : JSON.stringify(json);
  const response = await fetch(`${ariUrl}/ari${path}`, { method, headers, body });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

function basicAuth(as = credentials): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(as).toString('base64')}` };
}

/** Somebody who uses the hub over HTTP and the socket, signed in as an extension. */
import { io, type Socket } from 'socket.io-client';
import type { CallerMatch } from '../../src/callers/caller-match.ts';
import type { CallRecord } from '../../src/calls/call.ts';
import type { LedgerRow } from '../../src/desk/desk-ports.ts';
import { applyChange, type DeskChange, type DeskView } from '../../src/desk/desk-view.ts';
import type { Pop } from '../../src/desk/pop.ts';
import type { Dependency } from '../../src/http/health-routes.ts';
import { until } from './until.ts';

export interface LedgerAnswer {
  readonly summary: {
    readonly owed: number;
    readonly connectors: readonly { readonly connector: string; readonly counts: Readonly<Record<string, number>> }[];
  };
  readonly rows: readonly LedgerRow[];
}

export interface Readiness {
  readonly status: 'ready' | 'notReady';
  readonly dependencies: readonly Dependency[];
}

export class Operator {
  readonly #url: string;
  readonly #cookie: string;
  #socket: Socket | null = null;
  #view: DeskView | null = null;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async signIn(url: string, extension: string): Promise<Operator> {
    const response = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ extension }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error(`${extension} could not sign in: HTTP ${response.status}`);
    return new Operator(url, cookie);
  }

  /** @throws Error with the problem's words unless the hub agrees */
  async ask<Answer>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { Cookie: this.#cookie, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Answer;
  }

  call(callId: string): Promise<CallRecord> {
    return this.ask('GET', `/calls/${callId}`);
  }

  async calls(): Promise<readonly CallRecord[]> {
    return (await this.ask<{ calls: readonly CallRecord[] }>('GET', '/calls?limit=200')).calls;
  }

  ledger(): Promise<LedgerAnswer> {
    return this.ask('GET', '/owed?limit=200');
  }

  async ledgerRow(callId: string): Promise<LedgerRow | null> {
    return (await this.ledger()).rows.find(({ call }) => call.id === callId) ?? null;
  }

  async match(number: string): Promise<CallerMatch> {
    return (await this.ask<{ match: CallerMatch }>('GET', `/callers/${number}`)).match;
  }

  async pop(callId: string): Promise<Pop | null> {
    const view = await this.ask<DeskView>('GET', '/desk');
    return view.pops.find((pop) => pop.callId === callId) ?? null;
  }

  chooseOutcome(callId: string, outcome: string, notes: string): Promise<unknown> {
    return this.ask('PUT', `/calls/${callId}/outcome`, { outcome, notes });
  }

  /** As the browser sees it: over the socket. */
  watch(): void {
    const socket = io(this.#url, { transports: ['websocket'], extraHeaders: { Cookie: this.#cookie }, forceNew: true });
    socket.on('desk:view', (view: DeskView) => {
      this.#view = view;
    });
    socket.on('desk:change', (change: DeskChange) => {
      this.#view = this.#view && applyChange(this.#view, change);
      if (this.#view === null) socket.emit('desk:view');
    });
    this.#socket = socket;
  }

  seen(callId: string): Pop | null {
    return this.#view?.pops.find((pop) => pop.callId === callId) ?? null;
  }

  get isWatching(): boolean {
    return this.#view !== null;
  }

  leave(): void {
    this.#socket?.close();
  }
}

export async function readinessOf(url: string): Promise<Readiness> {
  return (await (await fetch(`${url}/readyz`)).json()) as Readiness;
}

/** The PBX is heard. */
export async function untilListening(url: string): Promise<void> {
  await until('the hub hears the PBX', async () => {
    const { dependencies } = await readinessOf(url);
    return dependencies.some(({ kind, ok }) => kind === 'pbx' && ok);
  });
}

/** Both CRMs' customers have been read, as far as this number shows it. */
export async function untilKnown(operator: Operator, number: string): Promise<void> {
  await until(`both CRMs know ${number}`, async () => {
    const { records } = await operator.match(number);
    return new Set(records.map(({ connector }) => connector)).size === 2;
  });
}

/** A hub without telephony and CRMs: the real desk and HTTP server over a scripted memory that survives a restart. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Registry } from 'prom-client';
import type { CallerMatch } from '../../src/callers/caller-match.ts';
import type { CallEvent, CallId, CallOutcome, CallRecord, LiveCall } from '../../src/calls/call.ts';
import { callRoutes } from '../../src/desk/call-routes.ts';
import { type CommandClerk, createCommandClerk } from '../../src/desk/command-clerk.ts';
import { commandRoutes } from '../../src/desk/command-routes.ts';
import { createCommandStore } from '../../src/desk/command-store.ts';
import { Desk } from '../../src/desk/desk.ts';
import type {
  CallBookPorts,
  DeskPorts,
  EarlierCall,
  KeptDraft,
  LedgerPorts,
  LedgerRow,
  OwedPart,
  RecordRef,
} from '../../src/desk/desk-ports.ts';
import { deskRoutes } from '../../src/desk/desk-routes.ts';
import { serveDeskSockets } from '../../src/desk/desk-socket.ts';
import { type FollowUpPlan, isSameFollowUp, promisedIn } from '../../src/desk/follow-up.ts';
import { followUpRoutes } from '../../src/desk/follow-up-routes.ts';
import { owedRoutes } from '../../src/desk/owed-routes.ts';
import type { Dependency } from '../../src/http/health-routes.ts';
import { createHttpServer, type HttpServer } from '../../src/http/http-server.ts';
import { createSessionCookies } from '../../src/http/session-cookie.ts';
import { sessionRoutes } from '../../src/http/session-routes.ts';
import { type HoldView, quotaRoutes } from '../../src/quotas/quota-routes.ts';
import type { QuotaView } from '../../src/quotas/quotas.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase, type Store } from '../../src/store/open-database.ts';
import { type After, afterRealTime } from '../../src/telephony/after.ts';
import { AGENTS, OUTCOMES, UNKNOWN } from './desk-calls.ts';
import { ScriptedCommands } from './scripted-commands.ts';

export interface SavedOutcome {
  readonly callId: CallId;
  readonly outcome: CallOutcome | null;
  readonly notes: string | null;
  readonly by: string;
}

export class DeskHub implements DeskPorts, CallBookPorts, LedgerPorts {
  readonly live = new Map<CallId, LiveCall>();
  readonly records = new Map<CallId, CallRecord>();
  readonly aliases = new Map<CallId, CallId>();
  readonly matches = new Map<string, CallerMatch>();
  readonly earlier = new Map<string, readonly EarlierCall[]>();
  readonly drafts = new Map<CallId, KeptDraft>();
  readonly saved: SavedOutcome[] = [];
  readonly promised: { callId: CallId; followUp: FollowUpPlan | null; by: string }[] = [];
  readonly choices: { callId: CallId; connector: string; record: RecordRef | null; by: string }[] = [];
  readonly retried: string[] = [];
  readonly pbx = new ScriptedCommands();
  /** Of commands; lives until `stop`. */
  store: Store = openDatabase({ url: 'sqlite::memory:' });
  ledger: LedgerRow[] = [];
  dependencies: Dependency[] = [
    { name: 'main', kind: 'pbx', ok: true, detail: 'connected', detailJa: '接続中', optional: false },
    { name: 'salesforce', kind: 'connector', ok: true, detail: 'reachable', detailJa: '応答しています', optional: true },
    { name: 'kintone', kind: 'connector', ok: true, detail: 'reachable', detailJa: '応答しています', optional: true },
    { name: 'database', kind: 'database', ok: true, detail: 'writable', detailJa: '書き込めます', optional: false },
  ];
  quotas: QuotaView[] = [];
  holds: HoldView[] = [];
  /** Set to make the ledger refuse. */
  broken = false;
  takesFollowUps = true;
  now: () => number = Date.now;
  /** How commands wait for their end. */
  after: After = afterRealTime;
  desk: Desk;
  clerk: CommandClerk;
  http: HttpServer;
  url = '';
  #isStopped = false;
  port = 0;

  constructor() {
    this.desk = this.#newDesk();
    this.clerk = this.#newClerk();
    this.http = this.#newHttp();
  }

  async start(): Promise<this> {
    await migrate(this.store);
    await this.desk.restore();
    await this.clerk.restore();
    const { port, url } = await this.http.listen(this.port, '127.0.0.1');
    this.port = port;
    this.url = url;
    return this;
  }

  async stop(): Promise<void> {
    await this.#endProcess();
    await this.store.close();
    this.#isStopped = true;
  }

  async #endProcess(): Promise<void> {
    await this.http.close();
    await this.clerk.close();
  }

  /** A new process on the same port and the same database. */
  async restart(): Promise<void> {
    if (this.#isStopped) this.store = openDatabase({ url: 'sqlite::memory:' });
    else await this.#endProcess();
    this.#isStopped = false;
    this.desk = this.#newDesk();
    this.clerk = this.#newClerk();
    this.http = this.#newHttp();
    await this.start();
  }

  /** The tracker says the call is so now. */
  tell(call: LiveCall, type: 'callStarted' | 'callChanged' | 'callEnded' = 'callChanged'): LiveCall {
    const { record } = call;
    this.records.set(record.id, {
      ...record,
      outcome: this.#outcomeOf(record.id),
      notes: this.#notesOf(record.id),
      followUp: this.records.get(record.id)?.followUp ?? null,
    });
    if (type === 'callEnded') this.live.delete(record.id);
    else this.live.set(record.id, call);
    const event: CallEvent = { type, at: new Date(this.now()).toISOString(), call };
    this.desk.onCallEvent(event);
    return call;
  }

  /** The tracker says the two are one, which the ledger has joined by then. */
  tellMerged(survivor: LiveCall, absorbed: CallId): void {
    const { id } = survivor.record;
    const own = this.records.get(id) ?? survivor.record;
    this.records.set(id, { ...own, followUp: own.followUp ?? this.records.get(absorbed)?.followUp ?? null });
    this.records.delete(absorbed);
    this.aliases.set(absorbed, id);
    this.live.delete(absorbed);
    this.desk.onCallEvent({ type: 'callMerged', at: new Date(this.now()).toISOString(), call: survivor, absorbed });
  }

  tellMatch(callId: CallId, match: CallerMatch): void {
    const number = this.records.get(callId)?.customer?.number;
    if (number) this.matches.set(number, match);
    this.desk.onCallerMatch(callId, match);
  }

  liveCalls(): readonly LiveCall[] {
    return [...this.live.values()];
  }

  async callsWithoutOutcome(limit: number): Promise<readonly CallRecord[]> {
    const open = [...this.records.values()].filter((record) => record.endedAt !== null && record.outcome === null);
    return open.toReversed().slice(0, limit);
  }

  async earlierCalls(number: string, limit: number): Promise<readonly EarlierCall[]> {
    return (this.earlier.get(number) ?? []).slice(0, limit);
  }

  connectors() {
    return [
      { name: 'salesforce', label: 'Salesforce', takesFollowUps: this.takesFollowUps },
      { name: 'kintone', label: 'kintone', takesFollowUps: this.takesFollowUps },
    ];
  }

  outcomes() {
    return OUTCOMES;
  }

  agents() {
    return AGENTS;
  }

  async lookUpCaller(number: string): Promise<CallerMatch> {
    return this.matches.get(number) ?? UNKNOWN;
  }

  async saveOutcome(callId: CallId, outcome: CallOutcome | null, notes: string | null, by: string): Promise<void> {
    if (this.broken) throw new Error('database is locked');
    this.saved.push({ callId, outcome, notes, by });
    const record = this.records.get(callId);
    if (record) this.records.set(callId, { ...record, outcome, notes });
  }

  async saveFollowUp(callId: CallId, followUp: FollowUpPlan | null, by: string): Promise<void> {
    if (this.broken) throw new Error('database is locked');
    const record = this.records.get(callId);
    if (record && isSameFollowUp(promisedIn(record), followUp)) return;
    this.promised.push({ callId, followUp, by });
    if (record) this.records.set(callId, { ...record, followUp: followUp && { ...followUp, state: 'open', reopened: false } });
  }

  async chooseRecord(callId: CallId, connector: string, record: RecordRef | null, by: string): Promise<CallerMatch> {
    this.choices.push({ callId, connector, record, by });
    const number = this.records.get(callId)?.customer?.number ?? '';
    const match = this.matches.get(number) ?? UNKNOWN;
    const chosen = match.records.find((each) => each.connector === connector && each.id === record?.id);
    const kept = Object.entries(match.chosen).filter(([name]) => name !== connector);
    const next: CallerMatch = {
      ...match,
      kind: 'known',
      chosen: Object.fromEntries(chosen ? [...kept, [connector, chosen]] : kept),
    };
    this.matches.set(number, next);
    return next;
  }

  async readDrafts(): Promise<readonly KeptDraft[]> {
    return [...this.drafts.values()];
  }

  async keepDraft(draft: KeptDraft): Promise<void> {
    if (this.broken) throw new Error('database is locked');
    this.drafts.set(draft.callId, draft);
  }

  nationalNumber(number: string): string {
    const digits = number.replace(/^\+81/, '0');
    return digits.replace(/^(0[789]0)(\d{4})(\d{4})$/, '$1-$2-$3').replace(/^(0\d)(\d{4})(\d{4})$/, '$1-$2-$3');
  }

  async listCalls({ limit, number }: { limit: number; number: string | null }) {
    const calls = [...this.records.values()].filter((record) => number === null || record.customer?.number === number);
    return { calls: calls.toReversed().slice(0, limit), next: null };
  }

  async listFollowUps({ limit, agent }: { limit: number; agent: string | null }) {
    const due = [...this.records.values()].filter((record) => record.followUp?.state === 'open');
    const calls = due.filter(({ spokeWith }) => agent === null || spokeWith.at(-1) === agent);
    return { calls: calls.slice(0, limit), next: null };
  }

  async findCall(callId: CallId): Promise<CallRecord | null> {
    return this.records.get(this.aliases.get(callId) ?? callId) ?? null;
  }

  readNumber(text: string): string | null {
    const digits = text.replaceAll(/[^\d+]/g, '').replace(/^0/, '+81');
    return /^\+\d{8,15}$/.test(digits) ? digits : null;
  }

  async ledgerSummary() {
    const entries = this.ledger.flatMap((row) => row.entries);
    const connectors = ['salesforce', 'kintone'].map((connector) => {
      const count = (state: string) => entries.filter((entry) => entry.connector === connector && entry.state === state).length;
      return {
        connector,
        label: connector === 'kintone' ? 'kintone' : 'Salesforce',
        counts: {
          logged: count('logged'),
          waiting: count('waiting'),
          needsPerson: count('needsPerson'),
          refused: count('refused'),
          notNeeded: count('notNeeded'),
        },
      };
    });
    const owed = this.ledger.filter((row) => row.entries.some(({ state }) => state !== 'logged' && state !== 'notNeeded')).length;
    return { owed, connectors };
  }

  async ledgerRows({ state, limit, before }: { state: string | null; limit: number; before: string | null }) {
    const rows = this.ledger.filter((row) => state === null || row.entries.some((entry) => entry.state === state));
    const from = Number(before ?? 0);
    const next = rows.length > from + limit ? String(from + limit) : null;
    return { rows: rows.slice(from, from + limit), next };
  }

  async retryOwed(owed: OwedPart): Promise<boolean> {
    this.retried.push(`${owed.callId} ${owed.connector}`);
    return this.#setState(owed, 'logged');
  }

  async retryAllOwed(): Promise<number> {
    return 0;
  }

  async discardOwed(owed: OwedPart): Promise<boolean> {
    return this.#setState(owed, 'notNeeded');
  }

  async restoreOwed(owed: OwedPart): Promise<boolean> {
    return this.#setState(owed, 'refused');
  }

  #setState({ callId, connector, part }: OwedPart, state: 'logged' | 'notNeeded' | 'refused'): boolean {
    const row = this.ledger.find((each) => each.call.id === callId);
    if (!row) return false;
    const entries = row.entries.map((entry) =>
      entry.connector === connector && (part === null || entry.part === part) ? { ...entry, state, reason: null } : entry,
    );
    this.ledger = this.ledger.map((each) => (each === row ? { ...row, entries } : each));
    return true;
  }

  #outcomeOf(callId: CallId): CallOutcome | null {
    return this.saved.findLast((each) => each.callId === callId)?.outcome ?? null;
  }

  #notesOf(callId: CallId): string | null {
    return this.saved.findLast((each) => each.callId === callId)?.notes ?? null;
  }

  #newDesk(): Desk {
    return new Desk(this, { now: () => this.now(), newId: randomUUID, log: () => undefined, recordLanguage: 'ja' });
  }

  #newClerk(): CommandClerk {
    const store = createCommandStore(this.store.db, () => this.now());
    return createCommandClerk({ ports: this.pbx, store, after: (ms, run) => this.after(ms, run), log: () => undefined });
  }

  #newHttp(): HttpServer {
    const cookies = createSessionCookies({
      secret: 'a secret that is long enough for a test',
      maxAgeMs: 12 * 3_600_000,
      now: () => this.now(),
      newId: randomUUID,
    });
    const http = createHttpServer({
      routes: [
        ...sessionRoutes({ cookies, agents: () => this.agents(), secure: false }),
        ...deskRoutes(this.desk, this, { recordLanguage: 'ja', now: () => this.now() }),
        ...followUpRoutes(this.desk, this, () => this.now()),
        ...callRoutes(this),
        ...commandRoutes({ clerk: this.clerk, newId: randomUUID }),
        ...owedRoutes(this),
        ...quotaRoutes({ quotas: { view: () => this.quotas }, holds: async () => this.holds }),
      ],
      cookies,
      version: '0.0.0',
      webFolder: resolve('dist/web'),
      allowedOrigins: [],
      secure: false,
      trustProxy: false,
      readiness: async () => this.dependencies,
      metrics: new Registry(),
      log: () => undefined,
    });
    serveDeskSockets(http.io, this.desk);
    return http;
  }
}

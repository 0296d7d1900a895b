import { setTimeout as pause } from 'node:timers/promises';
import type { Connector } from '../../connectors/connector.ts';
import { HeldBack } from '../quotas/held-back.ts';
import { giveBack, heldUntil, holdBack, putAside } from './hand-back.ts';
import { type JudgedBatch, judge, type Verdict } from './judge.ts';
import type { ConnectorHold, OwedId, OwedRecord } from './owed-record.ts';
import type { OwedStore } from './owed-store.ts';
import { planDrain } from './plan-drain.ts';
import { type Prepared, prepareClaim } from './prepare-claim.ts';
import type { ReadyRecord, Render, SettledRecord } from './render.ts';
import { writeWithin } from './write-within.ts';

/** A connector as the drainer uses it. */
export interface DrainedConnector {
  readonly connector: Pick<Connector, 'write'>;
  /** For batches in which the CRM has every record already: less urgent than what it does not have. The same unless given. */
  readonly corrections?: Pick<Connector, 'write'>;
  /** Most records in one `write`. */
  readonly maxBatch: number;
}

export interface DrainerSettings {
  readonly owed: OwedStore;
  readonly connectors: ReadonlyMap<string, DrainedConnector>;
  readonly render: Render;
  /**
   * Told of a record that the CRM refused because something it points at is gone. True only when the call points at something else
   * now: it is tried again at once, as often as that is said.
   */
  readonly lookAgain?: (record: OwedRecord) => Promise<boolean>;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A write that takes longer counts as unreachable; 120 s unless given. Shorter than the lease. */
  readonly writeTimeoutMs?: number;
  /** Waits before the store is tried again. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export interface DrainReport {
  readonly written: number;
  readonly refused: number;
  /** When it is worth coming back (milliseconds since 1970); null when nothing is owed. */
  readonly nextAt: number | null;
}

export interface Drainer {
  /**
   * Pays what is due to one connector, batch by batch, until nothing is due or the connector is held. One run at a time: asked for
   * while it runs, it looks once more and answers both.
   */
  drain(connector: string, signal: AbortSignal): Promise<DrainReport>;
}

interface Target extends DrainedConnector {
  readonly name: string;
  readonly hold: ConnectorHold | null;
  readonly signal: AbortSignal;
}

/** What became of the records of one claim. */
interface Paid {
  readonly settled: readonly SettledRecord[];
  /** Until then corrections let call logs go first; null: they need not. */
  readonly correctionsHeldUntil: number | null;
}

const STORE_TRIES = 5;
const STORE_WAIT_MS = 200;

export function createDrainer(settings: DrainerSettings): Drainer {
  const { owed, log, now, random, writeTimeoutMs = 120_000, wait = (ms: number) => pause(ms) } = settings;
  const running = new Map<string, { again: boolean; readonly report: Promise<DrainReport> }>();

  /** What becomes due when a run has looked for the last time, and asks for another, must not wait for the next sweep. */
  async function drainUntilQuiet(name: string, signal: AbortSignal): Promise<DrainReport> {
    let written = 0;
    let refused = 0;
    for (;;) {
      const run = running.get(name);
      if (run !== undefined) run.again = false;
      const report = await drain(name, signal);
      written += report.written;
      refused += report.refused;
      if (!run?.again || signal.aborted) return { written, refused, nextAt: report.nextAt };
    }
  }

  async function drain(name: string, signal: AbortSignal): Promise<DrainReport> {
    const target = settings.connectors.get(name);
    const report = { written: 0, refused: 0 };
    if (target === undefined) return { ...report, nextAt: null };
    let correctionsAt: number | null = null;
    let ahead: Prepared | null = null;
    const prepare = (limit: number, suspectFirst: boolean): Promise<Prepared | null> =>
      prepareClaim({ connector: name, limit, newOnly: correctionsAt !== null }, suspectFirst, { ...settings, owed });
    for (let turn = 0; !signal.aborted; turn += 1) {
      const hold = await owed.readHold(name);
      const plan = planDrain(hold, now(), target.maxBatch);
      if (plan.do !== 'write' && ahead !== null) {
        await putBack(ahead);
        ahead = null;
      }
      if (plan.do === 'wait') return { ...report, nextAt: plan.until };
      const limit = plan.do === 'probe' ? 1 : plan.limit;
      const prepared: Prepared | null = ahead ?? (await prepare(limit, plan.do === 'write' && turn % 2 === 1));
      if (prepared === null) break;
      const paying = pay(prepared, { ...target, name, hold, signal });
      // While the CRM works on a full batch, the next one is made ready.
      const looking: Promise<Prepared | null> =
        plan.do === 'write' && prepared.isFull ? prepare(limit, turn % 2 === 0) : Promise.resolve(null);
      const [paid, seen] = await Promise.allSettled<[Promise<Paid>, Promise<Prepared | null>]>([paying, looking]);
      // What could not be looked for now is looked for in the next turn.
      ahead = seen.status === 'fulfilled' ? seen.value : null;
      if (paid.status === 'rejected') throw paid.reason;
      const { settled, correctionsHeldUntil } = paid.value;
      correctionsAt ??= correctionsHeldUntil;
      report.written += settled.filter(({ verdict }) => verdict.do === 'written').length;
      report.refused += settled.filter(({ verdict }) => verdict.do === 'refuse').length;
    }
    if (ahead !== null) await putBack(ahead);
    const nextAt = await owed.nextDueAt(name);
    // Among what seems to be due are the corrections that have to wait.
    return { ...report, nextAt: nextAt === null || correctionsAt === null ? nextAt : Math.max(nextAt, correctionsAt) };
  }

  /** Nothing of it was sent; what needed no sending is settled. */
  async function putBack({ lease, ready, settled }: Prepared): Promise<void> {
    const back = ready.map(({ record }) => putAside(record, now()));
    await persist(() => owed.settle(lease, [...settled, ...back]));
  }

  async function pay({ lease, ready, settled: before }: Prepared, target: Target): Promise<Paid> {
    const sent = await send(await keepKeys(lease, ready), target);
    const settled = [...before, ...sent.settled];
    await persist(() => owed.settle(lease, settled));
    for (const one of settled) tell(one);
    return { settled, correctionsHeldUntil: sent.correctionsHeldUntil };
  }

  /** What is no longer ours, because its call became part of another one meanwhile, is not sent. */
  async function keepKeys(lease: string, ready: readonly ReadyRecord[]): Promise<readonly ReadyRecord[]> {
    if (ready.length === 0) return [];
    const ours: ReadonlySet<OwedId> = await owed.keepKeys(lease, new Map(ready.map(({ record, key }) => [record.id, key])));
    return ready.filter(({ record }) => ours.has(record.id));
  }

  async function send(sending: readonly ReadyRecord[], target: Target): Promise<Paid> {
    if (sending.length === 0) return { settled: [], correctionsHeldUntil: null };
    const { name, connector, corrections = connector, hold, signal } = target;
    const batch = sending.map(({ record }) => record);
    const isAllKnown = batch.every(({ remoteId }) => remoteId !== null);
    const writes = sending.map(({ record, write }) => (record.key === null ? { ...write, isFirst: true } : write));
    const writer = isAllKnown ? corrections : connector;
    const answer = await writeWithin(writer, writes, { timeoutMs: writeTimeoutMs, signal }).then(
      (results): JudgedBatch['answer'] => ({ results }),
      (thrown: unknown): JudgedBatch['answer'] => ({ thrown }),
    );
    if ('thrown' in answer && signal.aborted) {
      return { settled: batch.map((record) => giveBack(record, now())), correctionsHeldUntil: null };
    }
    if (isAllKnown && 'thrown' in answer && answer.thrown instanceof HeldBack) {
      const { thrown } = answer;
      return { settled: batch.map((record) => holdBack(record, thrown, now())), correctionsHeldUntil: heldUntil(thrown, now()) };
    }
    if ('thrown' in answer)
      log('warn', 'a CRM could not be written', { connector: name, records: batch.length, error: answer.thrown });
    const judgement = judge({ connector: name, batch, answer, hold, now: now(), random });
    if (hold !== null || judgement.hold !== null) await changeHold(name, hold, judgement.hold);
    const settled = await Promise.all(sending.map(({ record }, index) => lookAgain(record, judgement.verdicts[index])));
    return { settled, correctionsHeldUntil: null };
  }

  async function changeHold(name: string, before: ConnectorHold | null, after: ConnectorHold | null): Promise<void> {
    await persist(() => owed.putHold(name, after));
    if (before?.kind === after?.kind) return;
    if (after === null) log('info', 'a CRM takes records again', { connector: name });
    else log('warn', 'a CRM is held', { connector: name, kind: after.kind, reason: after.reason, until: after.until });
  }

  async function lookAgain(record: OwedRecord, verdict: Verdict | undefined): Promise<SettledRecord> {
    if (verdict === undefined) throw new Error('a record was left without a verdict');
    const isMissing = verdict.do === 'refuse' && verdict.problem.code === 'missing';
    if (!isMissing || settings.lookAgain === undefined) return { record, verdict };
    const isWorthIt = await settings.lookAgain(record).catch(() => false);
    if (!isWorthIt) return { record, verdict };
    return { record, verdict: { do: 'retry', at: now(), attempts: record.attempts, problem: verdict.problem } };
  }

  /** The CRM has answered: that must not be forgotten because the database was locked for a moment. */
  async function persist(write: () => Promise<void>): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await write();
      } catch (error) {
        if (tried >= STORE_TRIES) throw error;
        log('warn', 'the outcome of a write could not be kept yet', { error, tried });
        await wait(STORE_WAIT_MS * tried);
      }
    }
  }

  function tell({ record, verdict }: SettledRecord): void {
    if (verdict.do !== 'refuse') return;
    const { code, message } = verdict.problem;
    log('warn', 'a record is refused', { connector: record.connector, callId: record.callId, owedId: record.id, code, message });
  }

  return {
    drain(name, signal) {
      const current = running.get(name);
      if (current !== undefined) {
        current.again = true;
        return current.report;
      }
      // The run begins in the next turn, when it is known to be running.
      const report = Promise.resolve()
        .then(() => drainUntilQuiet(name, signal))
        .finally(() => running.delete(name));
      running.set(name, { again: false, report });
      return report;
    },
  };
}

/**
 * The desk: follows calls and caller matches, shows every operator what is theirs, and takes what they write. All state that a
 * person made (drafts) is kept through the ports before it is acknowledged.
 */
import type { CallerMatch } from '../callers/caller-match.ts';
import type { CallEvent, CallId } from '../calls/call.ts';
import { DeskBook } from './desk-book.ts';
import { callOf, chooseInDeskCall, concernedExtensions, type DeskCall, followCall, hasUncommittedDraft } from './desk-call.ts';
import type { CallBookPorts, DeskPorts, Language, RecordRef } from './desk-ports.ts';
import { draftsByCall, type KeptDrafts, openDrafts, openLive, restoreEnded } from './desk-restore.ts';
import { createViewer, type DeskView } from './desk-view.ts';
import { type DeskListener, DeskWatch } from './desk-watch.ts';
import { changeFollowUp, changeNotes, changeOutcome, type Draft, keptDraft } from './draft.ts';
import { type DueAtProblem, dueAtProblem, type FollowUpPlan } from './follow-up.ts';

export interface DeskOptions {
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** In which the outcome's label is written into the ledger and from there into the CRMs. */
  readonly recordLanguage: Language;
  /** Ended calls remembered; default 2,000. */
  readonly endedCalls?: number;
}

/** What became of a command. */
export type DeskAnswer =
  | { readonly kind: 'ok'; readonly draft: Draft }
  | { readonly kind: 'conflict'; readonly draft: Draft }
  | { readonly kind: 'unknownCall' }
  | { readonly kind: 'unknownOutcome' }
  | { readonly kind: 'badDueAt'; readonly problem: DueAtProblem };

const EARLIER_CALLS = 10;
const RESTORED_CALLS = 500;

export class Desk {
  readonly #ports: DeskPorts & Pick<CallBookPorts, 'findCall'>;
  readonly #options: DeskOptions;
  readonly #book: DeskBook;
  readonly #watch: DeskWatch;
  readonly #commits = new Map<CallId, Promise<void>>();
  /** As they were at the start: a call that was going on then may be heard of again only later. */
  #drafts: KeptDrafts = new Map();

  constructor(ports: DeskPorts & Pick<CallBookPorts, 'findCall'>, options: DeskOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#book = new DeskBook({ endedCalls: options.endedCalls ?? 2_000 });
    this.#watch = new DeskWatch({
      epoch: options.newId(),
      now: options.now,
      callsOf: (extension) => this.#book.of(extension),
      look: createViewer((number) => ports.nationalNumber(number)),
      onFault: (error) => options.log('error', 'an operator could not be told what changed', { error }),
    });
  }

  /** After a start: the calls going on, the paperwork left open, and what was written so far. Call once, before events arrive. */
  async restore(): Promise<void> {
    const [kept, ended] = await Promise.all([this.#ports.readDrafts(), this.#ports.callsWithoutOutcome(RESTORED_CALLS)]);
    this.#drafts = draftsByCall(kept);
    const now = this.#options.now();
    const unfinished = openDrafts(this.#drafts, ended, now).slice(0, RESTORED_CALLS);
    const found = await Promise.all(unfinished.map((callId) => this.#ports.findCall(callId)));
    const records = [...ended, ...found.filter((record) => record !== null)];
    const live = this.#ports.liveCalls().map((call) => openLive(call, this.#at(), this.#drafts));
    for (const known of [...restoreEnded(records, this.#drafts, now), ...live]) {
      const { record, phase } = known.call;
      if (this.#book.get(record.id)) continue;
      this.#put(known);
      this.#readEarlierCalls(record.id, record.customer?.number ?? null);
      if (phase === 'ended') this.#lookUpAgain(record.id, record.customer?.number ?? null);
    }
  }

  onCallEvent(event: CallEvent): void {
    const call = callOf(event);
    const callId = call.record.id;
    const known = this.#book.get(callId);
    let next = known ? followCall(known, call, event.at) : openLive(call, event.at, this.#drafts);
    if (event.type === 'callMerged') {
      const absorbed = this.#book.get(event.absorbed);
      const { draft } = next;
      next = this.#book.merge(next, event.absorbed);
      if (absorbed) this.#watch.publish(concernedExtensions(absorbed));
      // After a restart the survivor's own draft would be found, and overwrite what the ledger has carried over.
      if (next.draft !== draft) this.#keep(callId, next.draft).catch((error) => this.#warn(callId, error));
    }
    this.#put(next);
    const numberIsNew = call.record.customer?.number !== known?.call.record.customer?.number;
    if (!known || numberIsNew) this.#readEarlierCalls(callId, call.record.customer?.number ?? null);
    if (event.type === 'callEnded' && hasUncommittedDraft(next)) {
      this.#commit(callId, next.draft.by ?? next.lastTalking.at(-1) ?? '').catch((error) => this.#warn(callId, error));
    }
  }

  onCallerMatch(callId: CallId, match: CallerMatch): void {
    this.#change(callId, (known) => ({ ...known, match }));
  }

  view(extension: string): DeskView {
    return this.#watch.view(extension);
  }

  /** Tells `listener` every change of what this operator sees; answers how to stop. Take `view` in the same breath. */
  watch(extension: string, listener: DeskListener): () => void {
    return this.#watch.watch(extension, listener);
  }

  /** For metrics. */
  counts(): { readonly calls: number; readonly browsers: number } {
    return { calls: this.#book.size, browsers: this.#watch.listeners };
  }

  async writeNotes(
    callId: CallId,
    by: string,
    change: { readonly notes: string; readonly revision: number },
  ): Promise<DeskAnswer> {
    const known = this.#book.get(callId);
    if (!known) return { kind: 'unknownCall' };
    const { draft, conflict } = changeNotes(known.draft, { ...change, by, at: this.#at() });
    if (conflict) return { kind: 'conflict', draft };
    await this.#keep(callId, draft);
    return { kind: 'ok', draft };
  }

  /** The outcome goes into the ledger at once, with the notes so far; null takes it back. */
  async chooseOutcome(callId: CallId, by: string, code: string | null): Promise<DeskAnswer> {
    const known = this.#book.get(callId);
    if (!known) return { kind: 'unknownCall' };
    if (code !== null && !this.#ports.outcomes().some((choice) => choice.code === code)) return { kind: 'unknownOutcome' };
    await this.#keep(callId, changeOutcome(known.draft, code, by, this.#at()));
    await this.#commit(callId, by);
    return this.#answer(callId);
  }

  /** Goes into the ledger at once, like the outcome; null takes it back. */
  async promiseFollowUp(callId: CallId, by: string, followUp: FollowUpPlan | null): Promise<DeskAnswer> {
    const known = this.#book.get(callId);
    if (!known) return { kind: 'unknownCall' };
    const problem = followUp && dueAtProblem(followUp.dueAt, known.draft.followUp, this.#options.now());
    if (problem !== null) return { kind: 'badDueAt', problem };
    await this.#keep(callId, changeFollowUp(known.draft, followUp, by, this.#at()));
    await this.#commit(callId, by);
    return this.#answer(callId);
  }

  /** The paperwork is complete: everything goes into the ledger and the card is put away (at the hang-up, if the call goes on). */
  async finish(callId: CallId, by: string): Promise<DeskAnswer> {
    return this.#settle(callId, by, (draft) => ({ ...draft, finishedBy: by, at: this.#at() }));
  }

  /** This operator wants to see the card no longer; what was written is not lost. */
  async dismiss(callId: CallId, by: string): Promise<DeskAnswer> {
    return this.#settle(callId, by, (draft) => ({ ...draft, closed: [...new Set([...draft.closed, by])], at: this.#at() }));
  }

  /** Every card this operator could put away, also those beyond what a view shows. */
  pileOf(extension: string): readonly CallId[] {
    return this.#book.pileOf(extension);
  }

  /** Takes `finish` and `dismiss` back. */
  async reopen(callId: CallId, by: string): Promise<DeskAnswer> {
    const known = this.#book.get(callId);
    if (!known) return { kind: 'unknownCall' };
    const closed = known.draft.closed.filter((extension) => extension !== by);
    await this.#keep(callId, { ...known.draft, finishedBy: null, closed, at: this.#at() });
    return this.#answer(callId);
  }

  async chooseRecord(callId: CallId, choice: { connector: string; record: RecordRef | null }, by: string): Promise<CallerMatch> {
    const match = await this.#ports.chooseRecord(callId, choice.connector, choice.record, by);
    this.#change(callId, (known) => chooseInDeskCall(known, match, choice.connector, choice.record === null));
    return match;
  }

  async #settle(callId: CallId, by: string, settle: (draft: Draft) => Draft): Promise<DeskAnswer> {
    const known = this.#book.get(callId);
    if (!known) return { kind: 'unknownCall' };
    // First the ledger: a card must not go away with something unsaved on it.
    if (hasUncommittedDraft(known)) await this.#commit(callId, by);
    const current = this.#book.get(callId) ?? known;
    await this.#keep(callId, settle(current.draft));
    return this.#answer(callId);
  }

  /** Writes the draft as it is then into the ledger; one write a call at a time, so that the last one wins. */
  #commit(callId: CallId, by: string): Promise<void> {
    const before = this.#commits.get(callId) ?? Promise.resolve();
    const commit = before.catch(() => undefined).then(() => this.#commitNow(callId, by));
    this.#commits.set(callId, commit);
    const forget = () => {
      if (this.#commits.get(callId) === commit) this.#commits.delete(callId);
    };
    commit.then(forget, forget);
    return commit;
  }

  async #commitNow(callId: CallId, by: string): Promise<void> {
    const known = this.#book.get(callId);
    if (!known) return;
    const { outcome, notes, followUp } = known.draft;
    const choice = this.#ports.outcomes().find(({ code }) => code === outcome);
    const saved = choice ? { code: choice.code, label: choice.label[this.#options.recordLanguage] } : null;
    await this.#ports.saveOutcome(known.call.record.id, saved, notes === '' ? null : notes, by);
    // The ledger may have one we do not know of: after a restart, or of a call that became part of this one.
    await this.#ports.saveFollowUp(known.call.record.id, followUp, by);
    this.#change(callId, (current) => ({ ...current, committed: { outcome, notes, followUp } }));
  }

  async #keep(callId: CallId, draft: Draft): Promise<void> {
    this.#change(callId, (known) => ({ ...known, draft }));
    const known = this.#book.get(callId);
    if (known) await this.#ports.keepDraft(keptDraft(known.call.record.id, draft));
  }

  #answer(callId: CallId): DeskAnswer {
    const known = this.#book.get(callId);
    return known ? { kind: 'ok', draft: known.draft } : { kind: 'unknownCall' };
  }

  #readEarlierCalls(callId: CallId, number: string | null): void {
    if (number === null) {
      this.#change(callId, (known) => ({ ...known, earlier: [] }));
      return;
    }
    this.#ports.earlierCalls(number, EARLIER_CALLS).then(
      (earlier) => this.#change(callId, (known) => ({ ...known, earlier: earlier.filter((call) => call.callId !== callId) })),
      (error) => {
        this.#warn(callId, error);
        this.#change(callId, (known) => ({ ...known, earlier: [] }));
      },
    );
  }

  #lookUpAgain(callId: CallId, number: string | null): void {
    if (number === null) return;
    this.#ports.lookUpCaller(number).then(
      (match) => this.#change(callId, (known) => (known.match ? known : { ...known, match })),
      (error) => this.#warn(callId, error),
    );
  }

  #change(callId: CallId, change: (known: DeskCall) => DeskCall): void {
    const known = this.#book.get(callId);
    if (!known) return;
    const changed = change(known);
    if (changed !== known) this.#put(changed);
  }

  #put(known: DeskCall): void {
    this.#book.put(known);
    this.#watch.publish(concernedExtensions(known));
  }

  #warn(callId: CallId, error: unknown): void {
    this.#options.log('warn', 'desk could not reach the ledger', {
      callId,
      error: error instanceof Error ? error.message : 'unknown',
    });
  }

  #at(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

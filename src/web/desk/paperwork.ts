/**
 * What this browser is writing about one call: saves by itself, survives a lost connection and a reload, and never overwrites
 * what another browser wrote. No React in here; the page subscribes.
 */
import type { OutcomeChoice } from '../../desk/desk-ports.ts';
import { type FollowUpPlan, isSameFollowUp } from '../../desk/follow-up.ts';
import type { PopDraft } from '../../desk/pop.ts';
import { type KeptWish, RETRY_MS, Wish, type WishAnswer } from './wish.ts';

type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict';

export interface PaperworkState {
  readonly notes: string;
  readonly save: SaveState;
  /** The other text, while there is a conflict. */
  readonly theirs: string | null;
  readonly outcome: string | null;
  /** True until the hub has the outcome chosen here. */
  readonly isOutcomePending: boolean;
  readonly canUndo: boolean;
  readonly followUp: FollowUpPlan | null;
  /** True until the hub has the follow-up as it is here. */
  readonly isFollowUpPending: boolean;
  /** The hub refused the time that was chosen last; what it has is shown again. */
  readonly isDueAtRefused: boolean;
}

export type NotesAnswer =
  | { readonly kind: 'ok'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly notes: string; readonly revision: number }
  | { readonly kind: 'failed' };

export interface PaperworkPorts {
  saveNotes(notes: string, revision: number): Promise<NotesAnswer>;
  /** False when it has to be tried again. */
  saveOutcome(outcome: string | null): Promise<boolean>;
  /** Null takes it back. */
  saveFollowUp(followUp: FollowUpPlan | null): Promise<WishAnswer>;
  readonly keptOutcome: KeptWish<string | null>;
  readonly keptFollowUp: KeptWish<FollowUpPlan | null>;
  /** Text that the hub does not have yet, kept by the browser. */
  readBackup(): Backup | null;
  writeBackup(backup: Backup | null): void;
  /** Runs once later; answers how to call it off. */
  later(run: () => void, ms: number): () => void;
}

export interface Backup {
  readonly notes: string;
  readonly baseNotes: string;
  readonly revision: number;
}

/** The chosen outcome means that somebody calls again. */
export function needsRecall(outcomes: readonly OutcomeChoice[], { outcome }: Pick<PaperworkState, 'outcome'>): boolean {
  return outcomes.some((choice) => choice.code === outcome && choice.needsRecall);
}

const TYPING_PAUSE_MS = 500;
const UNDO_STEPS = 20;

export class Paperwork {
  readonly #ports: PaperworkPorts;
  readonly #listeners = new Set<() => void>();
  #state: PaperworkState;
  /** The hub's text and revision that ours builds upon. */
  #base: { notes: string; revision: number };
  #previousOutcomes: (string | null)[] = [];
  readonly #outcome: Wish<string | null>;
  readonly #followUp: Wish<FollowUpPlan | null>;
  #sending: Promise<void> | null = null;
  #callOff: () => void = () => undefined;
  /** What the hub told or took last; it may come while a save is under way. */
  #told: PopDraft;

  constructor(draft: PopDraft, ports: PaperworkPorts) {
    this.#ports = ports;
    this.#told = draft;
    this.#base = { notes: draft.notes, revision: draft.revision };
    this.#state = {
      notes: draft.notes,
      save: 'saved',
      theirs: null,
      outcome: draft.outcome,
      isOutcomePending: false,
      canUndo: false,
      followUp: draft.followUp,
      isFollowUpPending: false,
      isDueAtRefused: false,
    };
    this.#outcome = new Wish({
      kept: ports.keptOutcome,
      send: async (outcome) => ((await ports.saveOutcome(outcome)) ? 'taken' : 'failed'),
      settled: () => {
        this.#told = { ...this.#told, outcome: this.#state.outcome };
        this.#become({ isOutcomePending: false });
      },
      later: ports.later,
    });
    this.#followUp = new Wish({
      kept: ports.keptFollowUp,
      send: ports.saveFollowUp,
      settled: (answer) => {
        if (answer === 'taken') this.#told = { ...this.#told, followUp: this.#state.followUp };
        this.#become({ isFollowUpPending: false, followUp: this.#told.followUp, isDueAtRefused: answer === 'refused' });
      },
      later: ports.later,
    });
    this.#wishAgain(ports.keptOutcome.read(), ports.keptFollowUp.read());
    const backup = ports.readBackup();
    if (backup && backup.notes !== draft.notes) {
      this.#base = { notes: backup.baseNotes, revision: backup.revision };
      this.#become({ notes: backup.notes, save: 'unsaved' });
      this.#saveLater(0);
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read = (): PaperworkState => this.#state;

  get isDirty(): boolean {
    return this.#state.notes !== this.#base.notes || this.#outcome.isOpen || this.#followUp.isOpen;
  }

  /** The hub tells what it has. */
  sync(draft: PopDraft): void {
    this.#told = draft;
    if (this.#state.notes === this.#base.notes && this.#sending === null && draft.revision >= this.#base.revision) {
      this.#base = { notes: draft.notes, revision: draft.revision };
      if (draft.notes !== this.#state.notes) this.#become({ notes: draft.notes, save: 'saved' });
    }
    if (!this.#outcome.isOpen && draft.outcome !== this.#state.outcome) this.#become({ outcome: draft.outcome });
    const { followUp } = draft;
    if (!this.#followUp.isOpen && !isSameFollowUp(followUp, this.#state.followUp)) this.#become({ followUp });
  }

  type(notes: string): void {
    this.#become({ notes, ...(this.#state.save === 'conflict' ? {} : { save: 'unsaved' }) });
    this.#ports.writeBackup({ notes, baseNotes: this.#base.notes, revision: this.#base.revision });
    if (this.#state.save !== 'conflict') this.#saveLater(TYPING_PAUSE_MS);
  }

  /** Which text shall stay after a conflict. */
  resolve(keep: 'mine' | 'theirs' | 'both'): void {
    const { notes, theirs } = this.#state;
    if (theirs === null) return;
    const kept = { mine: notes, theirs, both: `${theirs}\n${notes}` }[keep];
    this.#become({ notes: kept, theirs: null, save: kept === this.#base.notes ? 'saved' : 'unsaved' });
    if (kept === this.#base.notes) this.#ports.writeBackup(null);
    else this.#saveLater(0);
  }

  /** Choosing what is chosen already takes it back. */
  choose(outcome: string): void {
    this.#want(outcome === this.#state.outcome ? null : outcome, true);
  }

  undo(): void {
    const previous = this.#previousOutcomes.pop();
    if (previous !== undefined) this.#want(previous, false);
  }

  /** A time promised to the customer; its note stays. */
  promise(dueAt: string): void {
    this.#wantFollowUp({ dueAt, note: this.#state.followUp?.note ?? '' }, 0);
  }

  takeBack(): void {
    this.#wantFollowUp(null, 0);
  }

  noteFollowUp(note: string): void {
    const { followUp } = this.#state;
    if (followUp !== null) this.#wantFollowUp({ ...followUp, note }, TYPING_PAUSE_MS);
  }

  /** The connection is back: send what waits. */
  retry(): void {
    void this.#outcome.send();
    void this.#followUp.send();
    if (this.#state.notes !== this.#base.notes && this.#state.save !== 'conflict') this.#saveLater(0);
  }

  /** Sends everything now; true when the hub has it all, and refused none of it. */
  async flush(): Promise<boolean> {
    const wasRefused = this.#state.isDueAtRefused;
    this.#callOff();
    await this.#sending;
    await this.#outcome.send();
    await this.#followUp.send();
    if (this.#state.notes !== this.#base.notes && this.#state.save !== 'conflict') await this.#saveNow();
    return !this.isDirty && (wasRefused || !this.#state.isDueAtRefused);
  }

  /** What the page had not got through before it was loaded again. */
  #wishAgain(
    outcome: ReturnType<PaperworkPorts['keptOutcome']['read']>,
    followUp: ReturnType<PaperworkPorts['keptFollowUp']['read']>,
  ): void {
    if (outcome !== null) {
      this.#become({ outcome: outcome.value, isOutcomePending: true });
      this.#outcome.want(outcome.value, TYPING_PAUSE_MS);
    }
    if (followUp !== null) this.#wantFollowUp(followUp.value, TYPING_PAUSE_MS);
  }

  #want(outcome: string | null, isUndoable: boolean): void {
    if (isUndoable) this.#previousOutcomes = [...this.#previousOutcomes, this.#state.outcome].slice(-UNDO_STEPS);
    this.#become({ outcome, isOutcomePending: true });
    this.#outcome.want(outcome);
  }

  #wantFollowUp(followUp: FollowUpPlan | null, afterMs: number): void {
    this.#become({ followUp, isFollowUpPending: true, isDueAtRefused: false });
    this.#followUp.want(followUp, afterMs);
  }

  #saveLater(ms: number): void {
    this.#callOff();
    this.#callOff = this.#ports.later(() => void this.#saveNow(), ms);
  }

  async #saveNow(): Promise<void> {
    if (this.#sending) {
      await this.#sending;
    }
    if (this.#state.notes === this.#base.notes) return;
    this.#sending = this.#send(this.#state.notes);
    await this.#sending;
    this.sync(this.#told);
  }

  async #send(notes: string): Promise<void> {
    this.#become({ save: 'saving' });
    const answer = await this.#ports.saveNotes(notes, this.#base.revision);
    this.#sending = null;
    switch (answer.kind) {
      case 'ok':
        this.#base = { notes, revision: answer.revision };
        if (this.#state.notes === notes) {
          this.#ports.writeBackup(null);
          this.#become({ save: 'saved' });
        } else {
          this.#become({ save: 'unsaved' });
          this.#saveLater(TYPING_PAUSE_MS);
        }
        return;
      case 'conflict':
        this.#base = { notes: answer.notes, revision: answer.revision };
        this.#become({ save: 'conflict', theirs: answer.notes });
        return;
      case 'failed':
        this.#become({ save: 'failed' });
        this.#saveLater(RETRY_MS);
    }
  }

  #become(change: Partial<PaperworkState>): void {
    this.#state = { ...this.#state, ...change, canUndo: this.#previousOutcomes.length > 0 };
    for (const listener of this.#listeners) listener();
  }
}

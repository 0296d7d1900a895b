/** The paperwork of every call on this page, by call; and its wiring to hub and browser. */
import type { FollowUpPlan } from '../../desk/follow-up.ts';
import type { Pop } from '../../desk/pop.ts';
import { ApiProblem, send } from '../hub/fetch-json.ts';
import { type Backup, type NotesAnswer, Paperwork } from './paperwork.ts';
import type { KeptWish, WishAnswer } from './wish.ts';

export class PaperworkDrawer {
  readonly #open = new Map<string, Paperwork>();

  /** Brings everything in line with what the hub shows; forgets calls that are gone and owe nothing. */
  sync(pops: readonly Pop[]): void {
    const callIds = new Set<string>(pops.map((pop) => pop.callId));
    for (const [callId, paperwork] of this.#open) if (!callIds.has(callId) && !paperwork.isDirty) this.#open.delete(callId);
    for (const pop of pops) this.of(pop).sync(pop.draft);
  }

  of(pop: Pop): Paperwork {
    const known = this.#open.get(pop.callId);
    if (known) return known;
    const opened = new Paperwork(pop.draft, portsOf(pop.callId));
    this.#open.set(pop.callId, opened);
    return opened;
  }

  retry(): void {
    for (const paperwork of this.#open.values()) paperwork.retry();
  }
}

function portsOf(callId: string) {
  const backupKey = `toritsugi.notes.${callId}`;
  return {
    saveNotes: (notes: string, revision: number): Promise<NotesAnswer> =>
      send<{ revision: number }>('PUT', `/calls/${callId}/draft`, { notes, revision }).then(
        (draft) => ({ kind: 'ok', revision: draft.revision }),
        (error) => conflictOf(error) ?? { kind: 'failed' },
      ),
    saveOutcome: (outcome: string | null) =>
      send('PUT', `/calls/${callId}/outcome`, { outcome }).then(
        () => true,
        () => false,
      ),
    saveFollowUp: (followUp: FollowUpPlan | null): Promise<WishAnswer> =>
      (followUp === null
        ? send('DELETE', `/calls/${callId}/follow-up`)
        : send('PUT', `/calls/${callId}/follow-up`, followUp)
      ).then(
        () => 'taken',
        (error) => (error instanceof ApiProblem && error.status === 400 ? 'refused' : 'failed'),
      ),
    keptOutcome: keptWish<string | null>(`toritsugi.outcome.${callId}`),
    keptFollowUp: keptWish<FollowUpPlan | null>(`toritsugi.followUp.${callId}`),
    readBackup: () => readKept<Backup>(backupKey),
    writeBackup: (backup: Backup | null) => writeKept(backupKey, backup),
    later: (run: () => void, ms: number) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

function conflictOf(error: unknown): NotesAnswer | null {
  if (!(error instanceof ApiProblem) || error.status !== 409) return null;
  const draft = error.body.draft as { notes: string; revision: number };
  return { kind: 'conflict', notes: draft.notes, revision: draft.revision };
}

function keptWish<Value>(key: string): KeptWish<Value> {
  return { read: () => readKept<{ readonly value: Value }>(key), write: (wanted) => writeKept(key, wanted) };
}

function readKept<Kept>(key: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function writeKept(key: string, kept: object | null): void {
  if (kept === null) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(kept));
}

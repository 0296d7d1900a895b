/** Everything one operator sees, and the difference between two such moments. Pure. */
import type { CallId } from '../calls/call.ts';
import type { DeskCall } from './desk-call.ts';
import { type Pop, type PopStage, popOf, popStage, type WithdrawnBecause, withdrawnBecause } from './pop.ts';

/** One line of "just now": calls that rang here and were withdrawn, and calls whose card was put away. */
export interface RecentCall {
  readonly callId: CallId;
  readonly kind: WithdrawnBecause | 'done';
  readonly name: string | null;
  readonly display: string | null;
  readonly withheld: boolean;
  /** Who answered it, when it was somebody else. */
  readonly by: string | null;
  readonly at: string;
  readonly outcome: string | null;
}

/** `epoch` names the run of the hub, `revision` the state within it; a browser that has another pair needs the whole view. */
export interface DeskView {
  readonly epoch: string;
  readonly revision: number;
  readonly extension: string;
  /** The hub's clock, ISO 8601 UTC: browsers' clocks are wrong. */
  readonly serverNow: string;
  /** Oldest call first. */
  readonly pops: readonly Pop[];
  /** Newest first. */
  readonly recent: readonly RecentCall[];
}

/** What to do to the view of `revision - 1` to have the view of `revision`. */
export interface DeskChange {
  readonly epoch: string;
  readonly revision: number;
  readonly serverNow: string;
  readonly changed: readonly Pop[];
  readonly removed: readonly CallId[];
  /** Null when it is as before. */
  readonly recent: readonly RecentCall[] | null;
}

export type ViewContent = Pick<DeskView, 'pops' | 'recent'>;

/** Lines of "just now". */
export const RECENT_LIMIT = 8;
const POP_LIMIT = 20;

const OPEN_STAGES: ReadonlySet<PopStage> = new Set([
  'dialling',
  'ringing',
  'talking',
  'held',
  'parked',
  'handedOver',
  'afterCall',
]);

export function isOpenStage(stage: PopStage | null): boolean {
  return stage !== null && OPEN_STAGES.has(stage);
}

/** Looks at calls through one operator's eyes; remembers pops of calls that did not change, so that a ring costs one pop. */
export function createViewer(national: (number: string) => string) {
  const seen = new WeakMap<DeskCall, Map<string, Pop | null>>();

  function look(known: DeskCall, extension: string): Pop | null {
    const byExtension = seen.get(known) ?? new Map<string, Pop | null>();
    seen.set(known, byExtension);
    let pop = byExtension.get(extension);
    if (pop === undefined) {
      const stage = popStage(known, extension);
      pop = stage === null ? null : popOf(known, extension, stage, national);
      byExtension.set(extension, pop);
    }
    return pop;
  }

  return (calls: Iterable<DeskCall>, extension: string): ViewContent => {
    const pops: Pop[] = [];
    const recent: RecentCall[] = [];
    for (const known of calls) {
      const pop = look(known, extension);
      if (pop === null) continue;
      if (isOpenStage(pop.stage)) pops.push(pop);
      else recent.push(recentCall(known, pop));
    }
    pops.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    recent.sort((a, b) => b.at.localeCompare(a.at));
    return { pops: pops.slice(-POP_LIMIT), recent: recent.slice(0, RECENT_LIMIT) };
  };
}

/** Null when both show the same. */
export function differenceOf(before: ViewContent, after: ViewContent): Pick<DeskChange, 'changed' | 'removed' | 'recent'> | null {
  const had = new Map(before.pops.map((pop) => [pop.callId, pop]));
  const changed = after.pops.filter((pop) => !isSame(had.get(pop.callId), pop));
  const has = new Set(after.pops.map((pop) => pop.callId));
  const removed = before.pops.map((pop) => pop.callId).filter((callId) => !has.has(callId));
  const recent = isSame(before.recent, after.recent) ? null : after.recent;
  return changed.length === 0 && removed.length === 0 && recent === null ? null : { changed, removed, recent };
}

/** The browser's half: null when a change is missing in between and the whole view is needed. */
export function applyChange(view: DeskView, change: DeskChange): DeskView | null {
  if (view.epoch !== change.epoch || view.revision + 1 !== change.revision) return null;
  const pops = new Map(view.pops.map((pop) => [pop.callId, pop]));
  for (const callId of change.removed) pops.delete(callId);
  for (const pop of change.changed) pops.set(pop.callId, pop);
  return {
    ...view,
    revision: change.revision,
    serverNow: change.serverNow,
    pops: [...pops.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt)),
    recent: change.recent ?? view.recent,
  };
}

/** The name to call the customer by: the chosen or first record's, else what the PBX said. */
export function customerName(pop: Pick<Pop, 'match' | 'customer'>): string | null {
  const chosen = pop.match && Object.values(pop.match.chosen)[0];
  if (!chosen && pop.match?.kind === 'ambiguous') return null;
  return chosen?.name ?? (pop.match?.kind === 'known' ? pop.match.records[0]?.name : undefined) ?? pop.customer?.name ?? null;
}

function recentCall(known: DeskCall, pop: Pop): RecentCall {
  const { call, draft } = known;
  return {
    callId: pop.callId,
    kind: pop.stage === 'done' ? 'done' : withdrawnBecause(known),
    name: customerName(pop),
    display: pop.customer?.display ?? null,
    withheld: pop.customer?.withheld ?? false,
    by: call.record.answeredBy ?? call.talking[0] ?? null,
    at: call.record.endedAt ?? call.record.answeredAt ?? call.record.startedAt,
    outcome: pop.stage === 'done' ? draft.outcome : null,
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

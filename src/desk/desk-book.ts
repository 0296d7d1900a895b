/** The calls the desk remembers, found by id, alias and extension; bounded. */
import type { CallId } from '../calls/call.ts';
import { absorbDeskCall, concernedExtensions, type DeskCall } from './desk-call.ts';
import { isOpenStage, RECENT_LIMIT } from './desk-view.ts';
import { isPuttableStage, popStage } from './pop.ts';

export interface BookLimits {
  /** Ended calls remembered in all; the oldest are forgotten first, those with an open card last. */
  readonly endedCalls: number;
}

/** What one operator may see: calls with an open card, and the last few others. */
interface Shelf {
  readonly open: Set<CallId>;
  /** Newest last. A busy phone sees thousands of calls a day; looking must not go through them all. */
  readonly quiet: Set<CallId>;
}

export class DeskBook {
  readonly #limits: BookLimits;
  readonly #calls = new Map<CallId, DeskCall>();
  readonly #aliases = new Map<CallId, CallId>();
  readonly #shelves = new Map<string, Shelf>();
  /** In the order in which they ended. */
  readonly #ended = new Set<CallId>();

  constructor(limits: BookLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#calls.size;
  }

  get(callId: CallId): DeskCall | undefined {
    return this.#calls.get(this.#aliases.get(callId) ?? callId);
  }

  put(known: DeskCall): void {
    const callId = known.call.record.id;
    this.#calls.set(callId, known);
    for (const extension of concernedExtensions(known)) this.#shelve(known, extension);
    if (known.call.phase === 'ended' && !this.#ended.has(callId)) {
      this.#ended.add(callId);
      this.#forgetOldest();
    }
  }

  /** `absorbed` becomes an alias of `survivor`; answers the two as one. */
  merge(survivor: DeskCall, absorbedId: CallId): DeskCall {
    const survivorId = survivor.call.record.id;
    const absorbed = this.#calls.get(absorbedId);
    if (absorbedId === survivorId) return survivor;
    this.#aliases.set(absorbedId, survivorId);
    if (!absorbed) return survivor;
    this.#remove(absorbed);
    const merged = absorbDeskCall(survivor, absorbed);
    this.put(merged);
    return merged;
  }

  *of(extension: string): Generator<DeskCall> {
    const shelf = this.#shelves.get(extension);
    for (const callId of [...(shelf?.open ?? []), ...(shelf?.quiet ?? [])]) {
      const known = this.#calls.get(callId);
      if (known) yield known;
    }
  }

  /** The calls of this operator that are over, or with somebody else, and whose card still lies open; however many. */
  pileOf(extension: string): readonly CallId[] {
    return [...(this.#shelves.get(extension)?.open ?? [])].filter((callId) => {
      const known = this.#calls.get(callId);
      return known !== undefined && isPuttableStage(popStage(known, extension));
    });
  }

  #shelve(known: DeskCall, extension: string): void {
    const callId = known.call.record.id;
    const shelf = this.#shelves.get(extension) ?? { open: new Set(), quiet: new Set() };
    this.#shelves.set(extension, shelf);
    shelf.open.delete(callId);
    shelf.quiet.delete(callId);
    if (isOpenStage(popStage(known, extension))) {
      shelf.open.add(callId);
      return;
    }
    shelf.quiet.add(callId);
    const [oldest] = shelf.quiet;
    if (shelf.quiet.size > RECENT_LIMIT && oldest !== undefined) shelf.quiet.delete(oldest);
  }

  #forgetOldest(): void {
    if (this.#ended.size <= this.#limits.endedCalls) return;
    const oldest = this.#calls.get(firstOf(this.#ended, (callId) => !this.#hasOpenCard(callId)));
    if (oldest) this.#forget(oldest);
  }

  #hasOpenCard(callId: CallId): boolean {
    const known = this.#calls.get(callId);
    if (!known) return false;
    return [...concernedExtensions(known)].some((extension) => isOpenStage(popStage(known, extension)));
  }

  #forget(known: DeskCall): void {
    const callId = known.call.record.id;
    this.#remove(known);
    for (const [alias, survivor] of this.#aliases) if (survivor === callId) this.#aliases.delete(alias);
  }

  #remove(known: DeskCall): void {
    const callId = known.call.record.id;
    this.#calls.delete(callId);
    this.#ended.delete(callId);
    for (const extension of concernedExtensions(known)) {
      const shelf = this.#shelves.get(extension);
      shelf?.open.delete(callId);
      shelf?.quiet.delete(callId);
      if (shelf?.open.size === 0 && shelf.quiet.size === 0) this.#shelves.delete(extension);
    }
  }
}

/** The first that fits among the oldest few, else the very first: looking must stay cheap whatever is remembered. */
function firstOf(callIds: ReadonlySet<CallId>, fits: (callId: CallId) => boolean): CallId {
  let oldest: CallId | undefined;
  let looked = 0;
  for (const callId of callIds) {
    oldest ??= callId;
    if (fits(callId)) return callId;
    looked += 1;
    if (looked >= 100) break;
  }
  return oldest ?? ('' as CallId);
}

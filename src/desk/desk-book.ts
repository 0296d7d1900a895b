/** The calls the desk remembers, found by id, alias and extension; bounded. */
import type { CallId } from '../calls/call.ts';
import { absorbDeskCall, concernedExtensions, type DeskCall } from './desk-call.ts';
import { isOpenStage } from './desk-view.ts';
import { popStage } from './pop.ts';

export interface BookLimits {
  /** Ended calls remembered in all; the oldest are forgotten first, those with an open card last. */
  readonly endedCalls: number;
}

export class DeskBook {
  readonly #limits: BookLimits;
  readonly #calls = new Map<CallId, DeskCall>();
  readonly #aliases = new Map<CallId, CallId>();
  readonly #byExtension = new Map<string, Set<CallId>>();
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
    for (const extension of concernedExtensions(known)) {
      const callIds = this.#byExtension.get(extension);
      if (callIds) callIds.add(callId);
      else this.#byExtension.set(extension, new Set([callId]));
    }
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
    for (const callId of this.#byExtension.get(extension) ?? []) {
      const known = this.#calls.get(callId);
      if (known) yield known;
    }
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
      const callIds = this.#byExtension.get(extension);
      callIds?.delete(callId);
      if (callIds?.size === 0) this.#byExtension.delete(extension);
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

/** Requests of one account under way at once in this process. A phone that rings goes first, and finds room. */
import { RateLimited, Unreachable } from '../../connectors/connector.ts';
import { REQUEST_CLASSES, type RequestClass } from './request-class.ts';

export interface Slots {
  /** Waits for its turn; answers how to give the place back. @throws Unreachable when the caller gives up, RateLimited when too many wait */
  take(urgency: RequestClass, signal: AbortSignal): Promise<() => void>;
  /** Of those that are under way now, more may finish than begin. */
  limit(most: number): void;
}

interface Waiter {
  readonly urgency: RequestClass;
  readonly start: () => void;
}

const MOST_WAITING = 200;
const CROWDED_MS = 1_000;

export function createSlots(initial: number): Slots {
  let most = initial;
  let running = 0;
  let waiting: readonly Waiter[] = [];

  function startWhatMay(): void {
    for (const urgency of REQUEST_CLASSES) {
      for (const waiter of waiting.filter((one) => one.urgency === urgency)) {
        if (running >= roomFor(urgency, most)) break;
        waiting = waiting.filter((one) => one !== waiter);
        running += 1;
        waiter.start();
      }
    }
  }

  function release(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      running -= 1;
      startWhatMay();
    };
  }

  return {
    take(urgency, signal) {
      const givenUp = () => new Unreachable('Nobody waited any longer for a turn at the CRM.');
      if (signal.aborted) return Promise.reject(givenUp());
      if (urgency !== 'ringing' && waiting.length >= MOST_WAITING) {
        return Promise.reject(new RateLimited('Too many requests wait for their turn at the CRM.', CROWDED_MS));
      }
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          waiting = waiting.filter((one) => one !== waiter);
          reject(givenUp());
        };
        const start = () => {
          signal.removeEventListener('abort', giveUp);
          resolve(release());
        };
        const waiter: Waiter = { urgency, start };
        signal.addEventListener('abort', giveUp, { once: true });
        waiting = [...waiting, waiter];
        startWhatMay();
      });
    },
    limit(next) {
      most = next;
      startWhatMay();
    },
  };
}

/** Three tenths are kept for ringing phones, and one place in any case; everybody else shares the others. */
function roomFor(urgency: RequestClass, most: number): number {
  if (urgency === 'ringing') return most;
  return Math.max(1, most - Math.max(1, Math.floor(most * 0.3)));
}

/**
 * This process's part of the account's budget. While others use most of what the vendor allows, one request of ours at a time (and one
 * for a ringing phone) is polite enough to leave them theirs. Pure.
 */
export function fairShare(
  atOnce: number,
  processes: number,
  vendor: { readonly running: number; readonly limit: number } | null,
): number {
  const busy = vendor !== null && vendor.running >= vendor.limit * 0.6;
  return busy ? 2 : Math.max(2, Math.floor(atOnce / Math.max(1, processes)));
}

import { setTimeout as pause } from 'node:timers/promises';

/** Waits for it, but not for ever; true when it was done in time. */
export async function atMost(ms: number, done: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const tooLate = pause(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([done.then(() => true), tooLate]);
  } finally {
    timer.abort();
  }
}

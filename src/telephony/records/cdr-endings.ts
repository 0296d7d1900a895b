import type { CdrRow } from './record-rows.ts';

/** How a channel ended, as its own rows show it. */

/** The one with which the channel ended. */
export function lastOf(own: readonly CdrRow[]): CdrRow | undefined {
  return own.toSorted((a, b) => a.endAt - b.endAt).at(-1);
}

/** Nobody answered, and the ringing ended before its time. */
export function hasGivenUp(own: readonly CdrRow[]): boolean {
  const last = lastOf(own);
  if (last === undefined || last.disposition !== 'NO ANSWER') return false;
  if (last.dstChannel === '') return last.lastApp !== 'AppDial2';
  // A queue's own time may have been over: its log knows.
  if (last.lastApp === 'Queue') return false;
  const limitSeconds = Number(last.lastData.split(',')[1]) || 0;
  return limitSeconds === 0 || last.endAt - last.startAt < (limitSeconds - 1) * 1000;
}

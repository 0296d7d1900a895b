/** The time by the hub's clock, for what need not be true to the second. */
import { useContext, useSyncExternalStore } from 'react';
import { ClockOffset, readSecond, subscribeSeconds } from './clock.tsx';

const MINUTE_MS = 60_000;

/** The same until the minute is over. */
export function useMinute(): number {
  const offset = useContext(ClockOffset);
  return useSyncExternalStore(subscribeSeconds, () => Math.floor((readSecond() + offset) / MINUTE_MS) * MINUTE_MS);
}

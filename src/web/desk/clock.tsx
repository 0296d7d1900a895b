/** Time on the cards, by the hub's clock. */
import { createContext, useContext, useSyncExternalStore } from 'react';

/** What to add to this browser's clock to have the hub's. */
export const ClockOffset = createContext(0);

export function Elapsed({ since }: { readonly since: string }) {
  const offset = useContext(ClockOffset);
  const now = useSyncExternalStore(subscribeSeconds, readSecond);
  const seconds = Math.max(0, Math.floor((now + offset - Date.parse(since)) / 1000));
  return <span className="numbers">{formatSeconds(seconds)}</span>;
}

export function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** One timer for every clock on the page. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Date.now();

export function subscribeSeconds(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    second = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function readSecond(): number {
  if (timer === undefined) second = Date.now();
  return second;
}

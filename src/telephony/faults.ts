import type { ListenerLog } from './ear-listener.ts';

/** Notes events that could not be worked off: one line a minute, however many they are. */
export function createFaultNotes(pbx: string, now: () => number, log: ListenerLog): (error: unknown) => void {
  let faults = 0;
  let quietUntil = 0;
  return (error) => {
    faults += 1;
    if (now() < quietUntil) return;
    log('error', 'events of the PBX could not be worked off', { pbx, events: faults, error });
    faults = 0;
    quietUntil = now() + 60_000;
  };
}

import type { Ear, EarJoiner } from './join-ears.ts';
import type { TelephonyEvent } from './telephony-event.ts';

/**
 * Makes two ears that open at about the same moment begin with one snapshot. Whatever one tells before its own snapshot would be
 * wiped out by the other's, which may be older: so while neither has opened, what both tell is kept back, and told behind the snapshot of
 * the first that has. Once one is open, everything goes straight to the joiner.
 */
export interface FirstSnapshot {
  hear(ear: Ear, event: TelephonyEvent): readonly TelephonyEvent[];
  /** This ear has told what it began with. */
  opened(ear: Ear): readonly TelephonyEvent[];
}

/** A PBX that is slower with its lists than this many events is listened to without them. */
const mostKept = 20_000;

export function createFirstSnapshot(joiner: EarJoiner): FirstSnapshot {
  const open = new Set<Ear>();
  const kept: Record<Ear, TelephonyEvent[]> = { ami: [], ari: [] };

  function release(first: Ear): readonly TelephonyEvent[] {
    open.add(first);
    const second: Ear = first === 'ami' ? 'ari' : 'ami';
    const told = [first, second].flatMap((ear) => kept[ear].flatMap((event) => joiner.hear(ear, event)));
    kept.ami = [];
    kept.ari = [];
    return told;
  }

  return {
    hear(ear, event) {
      if (event.type === 'connectionLost') {
        open.delete(ear);
        kept[ear] = [];
        return joiner.hear(ear, event);
      }
      if (open.size > 0) return joiner.hear(ear, event);
      kept[ear].push(event);
      return kept[ear].length > mostKept ? release(ear) : [];
    },
    opened(ear) {
      if (open.size === 0) return release(ear);
      open.add(ear);
      return [];
    },
  };
}

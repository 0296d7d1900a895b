import type { TelephonyEvent } from '../telephony-event.ts';

/** The times in which recordings heard nothing: before a first snapshot, between connections, after the last word. */
export interface HeardGaps {
  hear(event: TelephonyEvent): void;
  gaps(): readonly { readonly from: number; readonly to: number }[];
}

/** What ended at the very last had been heard. */
const afterTheLastWordMs = 2_000;

export function createHeardGaps(): HeardGaps {
  const gaps: { from: number; to: number }[] = [];
  let deafSince: number | null = Number.NEGATIVE_INFINITY;
  let isFirst = true;
  return {
    hear(event) {
      if (event.type === 'connectionLost') {
        deafSince ??= event.at;
        isFirst = false;
      } else if (deafSince !== null && event.type !== 'pbxBooted') {
        // Until its snapshot a new connection shows less than there is. A first one that has none was opened while nothing was going on.
        if (event.type === 'snapshotTaken') gaps.push({ from: deafSince, to: event.at });
        else if (!isFirst) return;
        deafSince = null;
      }
    },
    gaps: () => (deafSince === null ? gaps : [...gaps, { from: deafSince + afterTheLastWordMs, to: Number.POSITIVE_INFINITY }]),
  };
}

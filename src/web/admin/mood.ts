/** How an admin should feel about the ledger. Pure. */
import type { LedgerSummary } from '../../desk/desk-ports.ts';

export type Mood = 'owedGood' | 'owedOnTheWay' | 'owedWaiting' | 'owedBad';

/** What is refused needs a person at once; what only waits for its turn needs patience, and counts as owed only after a while. */
export function moodOf({ owed, connectors }: LedgerSummary): Mood {
  if (connectors.some(({ counts }) => counts.needsPerson > 0 || counts.refused > 0)) return 'owedBad';
  if (owed > 0) return 'owedWaiting';
  return connectors.some(({ counts }) => counts.waiting > 0) ? 'owedOnTheWay' : 'owedGood';
}

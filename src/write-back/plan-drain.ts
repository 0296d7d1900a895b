import type { ConnectorHold } from './owed-record.ts';

/** What to do next for one connector. */
export type DrainPlan =
  | { readonly do: 'write'; readonly limit: number }
  /** One record only: it tells whether the connector works again. */
  | { readonly do: 'probe' }
  | { readonly do: 'wait'; readonly until: number };

/** Pure. What we held back ourselves needs no probe. A hold that seems to begin later than now was put on before the clock was put back, and says nothing about now. */
export function planDrain(hold: ConnectorHold | null, now: number, maxBatch: number): DrainPlan {
  if (hold === null) return { do: 'write', limit: maxBatch };
  if (hold.since <= now && now < hold.until) return { do: 'wait', until: hold.until };
  return hold.kind === 'heldBack' ? { do: 'write', limit: maxBatch } : { do: 'probe' };
}

/** CRMs that are not asked for a while, by name. */
export interface CrmHolds {
  isHeld(connector: string): boolean;
  hold(connector: string, ms: number): void;
}

export function createCrmHolds(now: () => number): CrmHolds {
  const holds = new Map<string, { readonly from: number; readonly until: number }>();
  return {
    isHeld(connector) {
      const held = holds.get(connector);
      const at = now();
      // A hold that seems to begin later than now was put on before the clock was put back.
      return held !== undefined && held.from <= at && at < held.until;
    },
    hold: (connector, ms) => void holds.set(connector, { from: now(), until: now() + ms }),
  };
}

const FIRST_MS = 1_000;
export const LONGEST_BACK_OFF_MS = 5 * 60_000;

/**
 * How long to wait after `failures` failures in a row: doubling from one second to five minutes, each time somewhere in the upper
 * half, so that many hubs do not come back at the same moment. `random` gives 0 up to 1.
 */
export function backOffMs(failures: number, random: () => number): number {
  const most = Math.min(LONGEST_BACK_OFF_MS, FIRST_MS * 2 ** Math.min(Math.max(0, failures - 1), 20));
  return Math.round(most / 2 + (most / 2) * random());
}

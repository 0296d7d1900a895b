/**
 * The pace at which real services hand out their records, wherever a measurement says "at a vendor's pace". Chosen towards the fast
 * end, because the time a service takes is time in which ours is free to work.
 *
 * Salesforce: the vendor's own command line, reading a table in bulk, printed 0.64 s for making the job, 443 s of its work and 544 s
 * of results for 777,650 rows in 13,998,730,299 bytes (github.com/forcedotcom/cli/issues/3507, February 2026): 25.7 MB a second on
 * the way. Its rows were a hundred times as wide as a customer's; work that goes by bytes alone is 200,000 of ours a second.
 *
 * kintone: nothing like it is published. 20,426 records in pages of 500 took "minutes" (qiita.com/rex0220/items/082190b972ad392f46ea),
 * more than a second a page.
 *
 * Of every answer 100 ms are the way and the service's own doings: a sixth of what making the job took, a tenth of that page.
 */
import type { Pace } from '../infra/sandbox/salesforce/pace.ts';

export interface VendorPace {
  readonly salesforce: Pace;
  /** For every answer. */
  readonly kintoneMs: number;
}

export const vendorPace: VendorPace = {
  salesforce: { answerMs: 100, bytesPerSecond: 25_700_000, jobRowsPerSecond: 200_000 },
  kintoneMs: 100,
};

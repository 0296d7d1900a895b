/** One row of design section 9, measured against a baseline in the same run. `ours` and `baseline` are in `unit`. */
export interface BenchResult {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number;
  /** What the aim speaks of: `ours / baseline` or `baseline / ours`, as `aim` says. */
  readonly ratio: number;
  readonly unit: string;
  readonly aim: string;
  readonly passes: boolean;
  readonly detail?: Readonly<Record<string, unknown>>;
}

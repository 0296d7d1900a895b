/** Runs `run` once after `ms` milliseconds; the function it returns calls that off. Tests hand in a clock they turn by hand. */
export type After = (ms: number, run: () => void) => () => void;

export const afterRealTime: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

import { readFileSync } from 'node:fs';

export interface ProcessorTime {
  readonly workedMs: number;
  /** It could have worked, and others had the processors. */
  readonly waitedMs: number;
}

/** Of a process's first thread since it began; zeros where the system does not tell (it is Linux that does). */
export function processorTime(pid: number): ProcessorTime {
  const [worked = 0, waited = 0] = read(`/proc/${pid}/schedstat`).split(' ').map(Number);
  return { workedMs: worked / 1e6, waitedMs: waited / 1e6 };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '0 0';
  }
}

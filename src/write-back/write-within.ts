import { setTimeout as pause } from 'node:timers/promises';
import { type Connector, type RecordWrite, Unreachable, type WriteResult } from '../../connectors/connector.ts';

export interface WriteLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One `write` that is told to stop in time, and is not waited for when it does not: a CRM that never answers must not hold a
 * writer for ever.
 *
 * @throws Unreachable when the time is over.
 */
export async function writeWithin(
  connector: Pick<Connector, 'write'>,
  writes: readonly RecordWrite[],
  { timeoutMs, signal }: WriteLimits,
): Promise<readonly WriteResult[]> {
  const timeout = new AbortController();
  const answered = new AbortController();
  const tooLate = pause(timeoutMs, undefined, { signal: answered.signal, ref: false }).then(() => {
    timeout.abort();
    throw new Unreachable(`no answer for ${writes.length} records within ${timeoutMs / 1_000} s`);
  });
  try {
    return await Promise.race([connector.write(writes, AbortSignal.any([signal, timeout.signal])), tooLate]);
  } finally {
    tooLate.catch(() => {});
    answered.abort();
  }
}

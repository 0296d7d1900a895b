/** Asks one CRM for a number that the directory does not know: in every spelling, within a time limit, and believing only proof. */
import { type CallerRecord, ConnectorError, RateLimited, Unauthorized } from '../../connectors/connector.ts';
import { createCrmHolds } from './crm-holds.ts';
import type { CallerConnector } from './directory-sync.ts';
import { spellings } from './number-spellings.ts';
import { maskNumber, type ReadOptions, readNumbers } from './phone-number.ts';
import { createRecentAnswers } from './recent-answers.ts';

export interface LiveLookupSettings {
  readonly numbers: ReadOptions;
  /** How long one CRM may take; default 3 s. */
  readonly timeLimitMs?: number;
  /** Look-ups under way at once, over all connectors; further ones are not asked. Default 50. */
  readonly mostAtOnce?: number;
  /** How long an answer counts, also "nobody"; default one minute. */
  readonly rememberMs?: number;
}

export interface LiveLookupDeps {
  readonly now: () => number;
  /** Aborts after so many milliseconds; `AbortSignal.timeout` unless a test says otherwise. */
  readonly timeLimit?: (ms: number) => AbortSignal;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The records that hold the number, best source first; null when the CRM could not be asked just now. Never throws. */
export type LiveLookup = (crm: CallerConnector, e164: string) => Promise<readonly CallerRecord[] | null>;

const mostRecordsWanted = 20;
const mostRemembered = 10_000;
const holdWhenRefusedMs = 30_000;

export function createLiveLookup(settings: LiveLookupSettings, deps: LiveLookupDeps): LiveLookup {
  const timeLimit = deps.timeLimit ?? AbortSignal.timeout;
  const limits = { most: mostRemembered, forMs: settings.rememberMs ?? 60_000 };
  const recent = createRecentAnswers<readonly CallerRecord[]>(limits, deps.now);
  const holds = createCrmHolds(deps.now);
  let underWay = 0;

  return async (crm, e164) => {
    const key = `${crm.name} ${e164}`;
    const remembered = recent.get(key);
    if (remembered !== undefined) return remembered;
    if (holds.isHeld(crm.name) || underWay >= (settings.mostAtOnce ?? 50)) return null;
    underWay += 1;
    try {
      const found = await ask(crm, e164, timeLimit(settings.timeLimitMs ?? 3_000));
      const proven = found.filter((record) => holdsNumber(record, e164, settings.numbers));
      if (proven.length < found.length) {
        const fields = { connector: crm.name, number: maskNumber(e164), dropped: found.length - proven.length };
        deps.log('debug', 'live look-up gave records that do not hold the number', fields);
      }
      recent.set(key, proven);
      return proven;
    } catch (error) {
      hold(crm.name, error);
      deps.log('warn', 'live look-up failed', { connector: crm.name, number: maskNumber(e164), reason: reasonOf(error) });
      return null;
    } finally {
      underWay -= 1;
    }
  };

  function ask(crm: CallerConnector, e164: string, limit: AbortSignal): Promise<readonly CallerRecord[]> {
    const query = { number: e164, spellings: spellings(e164, settings.numbers), sources: crm.sources, limit: mostRecordsWanted };
    return unlessAborted(crm.connector.findByPhone(query, limit), limit);
  }

  function hold(connector: string, error: unknown): void {
    if (error instanceof RateLimited) holds.hold(connector, error.retryAfterMs);
    if (error instanceof Unauthorized) holds.hold(connector, holdWhenRefusedMs);
  }
}

/** The promise, or the signal's reason when that comes first. Who is still waiting is told; the work itself may go on. */
export function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A CRM searches by text and often by a part of it: only a record one of whose fields reads to the number is the caller's. */
export function holdsNumber(record: CallerRecord, e164: string, options: ReadOptions): boolean {
  return record.phones.some(({ value }) =>
    readNumbers(value, options).some((read) => read.kind === 'number' && read.e164 === e164),
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof ConnectorError) return error.kind;
  return error instanceof Error ? error.name : 'unknown';
}

/** Answers the dialplan in time, whatever is slow: every source is asked at once, and what is late is left out. */
import type { CallerMatch } from '../callers/caller-match.ts';
import { unlessAborted } from '../callers/live-lookup.ts';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { CallCustomer, CallRecord } from '../calls/call.ts';
import type { After } from '../telephony/after.ts';
import type { BlockedNumbers } from './blocked-store.ts';
import { decideRoute, type RoutingAgent, type RoutingAnswer, type RoutingFacts, type RoutingSource } from './decide-route.ts';
import type { RoutingRule } from './routing-rule.ts';

export interface RoutingQuestion {
  /** The caller's number as the PBX has it; null or empty when there is none. */
  readonly number: string | null;
  /** The number the customer dialled; null when the dialplan does not say. */
  readonly did: string | null;
}

export interface Routing {
  /** Within the time limit, and never an error. */
  ask(question: RoutingQuestion): Promise<RoutingAnswer>;
}

export interface RoutingDeps {
  readonly resolveCaller: (
    customer: Pick<CallCustomer, 'raw' | 'number' | 'withheld'>,
    signal: AbortSignal,
    onInterim: (match: CallerMatch) => void,
  ) => Promise<CallerMatch>;
  /** Ended calls with this E.164, newest first. */
  readonly earlierCalls: (number: string, limit: number) => Promise<readonly CallRecord[]>;
  readonly blocked: Pick<BlockedNumbers, 'find'>;
  readonly rules: () => readonly RoutingRule[];
  readonly agents: readonly RoutingAgent[];
  readonly numbers: ReadOptions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
  readonly log: (level: 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface RoutingSettings {
  /** A dialplan waits for us: it is answered after this long with what is there. */
  readonly timeLimitMs: number;
  /** How long the last conversation with a caller counts. */
  readonly rememberDays: number;
  readonly blockWithheld: boolean;
}

export const routingDefaults = { timeLimitMs: 800, rememberDays: 30, blockWithheld: false } as const;

const callsLookedThrough = 20;
/** Questions to sources that have not come back, also those nobody waits for any more. */
const mostUnderWay = 500;

class NoTime extends Error {
  override readonly name = 'NoTime';
}

export function createRouting(deps: RoutingDeps, settings: RoutingSettings): Routing {
  const { numbers, now, log } = deps;
  let underWay = 0;

  async function ask({ number, did }: RoutingQuestion): Promise<RoutingAnswer> {
    const read = readNumber(number, numbers);
    const e164 = read.kind === 'number' ? read.e164 : null;
    const isWithheld = read.kind === 'withheld';
    const missing: RoutingSource[] = [];
    const limit = new AbortController();
    const callOff = deps.after(settings.timeLimitMs, () => limit.abort(new NoTime('the time limit')));

    /** What the source says, or what was known instead when it is late, fails or too many are waiting already. */
    async function inTime<Fact>(source: RoutingSource, look: () => Promise<Fact>, instead: () => Fact): Promise<Fact> {
      try {
        return await unlessAborted(counted(look), limit.signal);
      } catch (error) {
        missing.push(source);
        log('warn', 'routing is answered without everything', { source, reason: reasonOf(error) });
        return instead();
      }
    }

    let interim: CallerMatch | null = null;
    const hear = (match: CallerMatch) => {
      interim = match;
    };
    const customer = { raw: number, number: e164, withheld: isWithheld };
    const [match, earlierCalls, listed] = await Promise.all([
      inTime<CallerMatch | null>(
        'caller',
        () => deps.resolveCaller(customer, limit.signal, hear),
        () => interim,
      ),
      inTime(
        'earlierCalls',
        async () => (e164 === null ? [] : deps.earlierCalls(e164, callsLookedThrough)),
        () => [],
      ),
      inTime(
        'blocked',
        async () => (e164 === null ? null : deps.blocked.find(e164)),
        () => null,
      ),
    ]);
    callOff();
    const rememberSince = now() - settings.rememberDays * 86_400_000;
    const block = isWithheld && settings.blockWithheld ? { reason: 'withheld' } : listed;
    const dialled = normalForm(did);
    const facts: RoutingFacts = {
      did: dialled,
      match,
      earlierCalls,
      rememberSince,
      block,
      agents: deps.agents,
      rules: deps.rules(),
      missing,
    };
    return decideRoute(facts);
  }

  async function counted<Fact>(look: () => Promise<Fact>): Promise<Fact> {
    if (underWay >= mostUnderWay) throw new NoTime('too many questions wait already');
    underWay += 1;
    try {
      return await look();
    } finally {
      underWay -= 1;
    }
  }

  function normalForm(did: string | null): string | null {
    const read = did === null ? null : readNumber(did, numbers);
    return read?.kind === 'number' ? read.e164 : did;
  }

  return { ask };
}

/** A source's own words may hold a number. */
function reasonOf(error: unknown): string {
  if (error instanceof NoTime) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}

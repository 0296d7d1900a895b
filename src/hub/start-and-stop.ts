/** Starting and stopping: first what was going on, then the ears; and the other way round. */
import type { DirectorySyncing } from '../callers/directory-job.ts';
import type { CommandClerk } from '../desk/command-clerk.ts';
import type { Desk } from '../desk/desk.ts';
import type { HttpServer } from '../http/http-server.ts';
import { watchMappings } from '../mappings/mapping-watch.ts';
import type { Metrics } from '../observability/metrics.ts';
import { EXCHANGE_MS } from '../quotas/quotas.ts';
import { countMissingCalls } from '../write-back/ledger-summary.ts';
import type { CallerFollower } from './caller-follower.ts';
import type { Crms } from './crms.ts';
import type { Draining } from './draining.ts';
import type { HeardCalls } from './heard-calls.ts';
import type { HubParts } from './hub-parts.ts';
import type { JoinedPbx } from './joined-pbx.ts';
import type { KeptCalls } from './kept-calls.ts';
import type { KnownCallers } from './known-callers.ts';
import { GRACE_MS } from './ledger-joints.ts';
import type { RoutingHelp } from './routing-help.ts';

export interface Hub {
  /** Where browsers find it. */
  readonly url: string;
  /** Resolves when everything has been released; what cannot be finished in time goes on after the next start. */
  stop(): Promise<void>;
}

/** What is restored, run by the clock, opened or closed. */
export interface JoinedHub {
  readonly crms: Crms;
  readonly kept: KeptCalls;
  readonly heard: HeardCalls;
  readonly callers: KnownCallers;
  readonly follower: CallerFollower;
  readonly desk: Desk;
  readonly pbxs: readonly JoinedPbx[];
  readonly clerk: CommandClerk;
  readonly routingHelp: RoutingHelp;
  readonly draining: Draining;
  readonly syncing: DirectorySyncing;
  readonly http: HttpServer;
  readonly metrics: Metrics;
}

type Release = () => Promise<unknown> | unknown;

const DRIFT_MS = 600_000;
const HEARING_MS = 10_000;
const MATCH_AGAIN_MS = 900_000;
const STOP_GRACE_MS = 5_000;

/** What was opened before a start that fails is released all the same. */
export async function startAndStop(parts: HubParts, joined: JoinedHub): Promise<Hub> {
  const { log } = parts;
  const stopping = new AbortController();
  const releases: Release[] = [];
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopping.abort();
    stopped ??= release(stepsOfStopping(parts, joined, releases), log);
    return stopped;
  };

  try {
    await restore(parts, joined);
    await startJobs(parts, joined);
    watchChanges(parts, joined, { releases, signal: stopping.signal });
    keepTimes(parts, joined, { releases, signal: stopping.signal });
    const url = await open(parts, joined, releases);
    log('info', 'the hub is ready', { url });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function restore({ store, quotas }: HubParts, joined: JoinedHub): Promise<void> {
  const { kept, heard, pbxs, clerk, desk, follower } = joined;
  await kept.owed.releaseAbandoned(store.kind === 'sqlite' ? 'all' : 'expired');
  await kept.owed.trySignInsAgain();
  await quotas.exchange();
  await heard.restore();
  for (const { fillIn } of pbxs) await fillIn.restore();
  await clerk.restore();
  await desk.restore();
  await follower.restore();
}

async function startJobs({ jobs }: HubParts, { draining, syncing, kept }: JoinedHub): Promise<void> {
  await jobs.start();
  await draining.schedule();
  await syncing.schedule();
  kept.drainSoon();
}

interface Running {
  readonly releases: Release[];
  /** Aborted when the hub stops. */
  readonly signal: AbortSignal;
}

/** Files that people change while the hub runs. */
function watchChanges(parts: HubParts, { callers, crms, kept }: JoinedHub, { releases, signal }: Running): void {
  const { mappings, routingRules, log } = parts;
  const reload = async () => void (await Promise.all([mappings.reload(), routingRules.reload()]));
  releases.push(watchMappings({ directory: parts.mappingsDirectory, reload, log }));
  releases.push(
    mappings.onChange(() => {
      callers.renew();
      void crms.watchDrift(signal);
      // What the CRM or the old mapping refused is worth another try with the new one.
      void kept.owedAdmin
        .retry({ connector: null })
        .then(kept.drainSoon, (error: unknown) => log('warn', 'nothing was retried', { error }));
    }),
  );
}

function keepTimes(parts: HubParts, joined: JoinedHub, { releases, signal }: Running): void {
  const { quotas, log } = parts;
  const { crms, follower, pbxs } = joined;
  const every = (ms: number, run: () => void) => {
    const timer = setInterval(run, ms);
    releases.push(() => clearInterval(timer));
  };
  const matchAgain = () =>
    follower.matchAgain().catch((error: unknown) => log('warn', 'unknown callers could not be matched again', { error }));
  every(EXCHANGE_MS, () => void quotas.exchange());
  every(DRIFT_MS, () => void crms.watchDrift(signal));
  every(MATCH_AGAIN_MS, () => void matchAgain());
  every(GRACE_MS / 4, () => void measure(parts, joined));
  for (const { fillIn } of pbxs) {
    every(HEARING_MS, () => void fillIn.noteHearing());
    every(parts.fillInMs, () => void fillIn.run());
  }
  void crms.watchDrift(signal);
}

async function measure({ store, now, log }: HubParts, { metrics, heard, kept }: JoinedHub): Promise<void> {
  metrics.liveCalls.set(heard.live().length);
  metrics.callsNotInLedger.set(kept.journal.pending);
  await countMissingCalls(store, { now: now(), graceMs: GRACE_MS }).then(
    (missing) => metrics.callsMissingInCrm.set(missing),
    (error: unknown) => log('warn', 'the ledger could not be counted', { error }),
  );
}

/** For browsers, for what the PBXs tell, and for what their dialplans ask. */
async function open(parts: HubParts, { http, pbxs, routingHelp }: JoinedHub, releases: Release[]): Promise<string> {
  const { url } = await http.listen(parts.http.port, parts.http.host);
  releases.push(() => http.close());
  for (const pbx of pbxs) pbx.start();
  releases.push(() => routingHelp.stop());
  await routingHelp.start();
  return url;
}

function stepsOfStopping(parts: HubParts, joined: JoinedHub, releases: readonly Release[]): readonly Release[] {
  const { clerk, pbxs, follower, kept } = joined;
  return [
    () => clerk.close(),
    () => Promise.all(pbxs.map((pbx) => pbx.stop())),
    ...releases.toReversed(),
    () => parts.jobs.close(STOP_GRACE_MS),
    // Together: those who follow a caller wait for the journal, which tells them when it gives up.
    () => Promise.all([follower.close(), kept.journal.close()]),
    ...parts.connectors.map(
      ({ connector }) =>
        () =>
          connector.close(),
    ),
    () => parts.quotas.close(),
    () => parts.store.close(),
  ];
}

/** Whatever cannot be released keeps nothing else from being. */
async function release(steps: readonly Release[], log: HubParts['log']): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log('error', 'something could not be ended', { error });
    }
  }
}

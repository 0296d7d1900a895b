/** The one place where everything is joined: the way of one call, from the PBX to the operator's browser and into the CRMs. */
import { createChoiceStore } from './callers/choice-store.ts';
import { registerDirectorySync } from './callers/directory-job.ts';
import { directoryRoutes } from './callers/directory-routes.ts';
import { createDirectoryStore } from './callers/directory-store.ts';
import { directoryWebhookRoutes } from './callers/directory-webhook-routes.ts';
import { createCallerResolver } from './callers/resolve-caller.ts';
import type { CallEvent } from './calls/call.ts';
import { createJournal } from './calls/journal.ts';
import { createLedger } from './calls/ledger-store.ts';
import { customerList } from './customer-list/customer-list.ts';
import { callRoutes } from './desk/call-routes.ts';
import { createCommandClerk } from './desk/command-clerk.ts';
import { commandRoutes } from './desk/command-routes.ts';
import { createCommandStore } from './desk/command-store.ts';
import { Desk } from './desk/desk.ts';
import { deskRoutes } from './desk/desk-routes.ts';
import { serveDeskSockets } from './desk/desk-socket.ts';
import { createDraftStore } from './desk/draft-store.ts';
import { followUpRoutes } from './desk/follow-up-routes.ts';
import { owedRoutes } from './desk/owed-routes.ts';
import { createHttpServer } from './http/http-server.ts';
import { createSessionCookies } from './http/session-cookie.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { createCallLogRender, owedForCall } from './hub/call-log.ts';
import { createCallerFollower } from './hub/caller-follower.ts';
import { createCrms } from './hub/crms.ts';
import { deskPorts, GRACE_MS, ledgerPorts } from './hub/desk-joints.ts';
import { registerDraining } from './hub/draining.ts';
import { createHeardCalls } from './hub/heard-calls.ts';
import type { HubParts } from './hub/hub-parts.ts';
import { joinPbx } from './hub/joined-pbx.ts';
import { joinPbxCommands } from './hub/pbx-commands.ts';
import { createReadiness } from './hub/readiness.ts';
import { createRoutingHelp } from './hub/routing-help.ts';
import { trackerSettings } from './hub/tracker-settings.ts';
import { watchMappings } from './mappings/mapping-watch.ts';
import { createMetrics } from './observability/metrics.ts';
import { registerQuotaMetrics } from './quotas/quota-metrics.ts';
import { quotaRoutes } from './quotas/quota-routes.ts';
import { EXCHANGE_MS } from './quotas/quotas.ts';
import { afterRealTime } from './telephony/after.ts';
import { createDrainer } from './write-back/drainer.ts';
import { countMissingCalls } from './write-back/ledger-summary.ts';
import { createLedgerView } from './write-back/ledger-view.ts';
import { createOwedAdmin } from './write-back/owed-admin.ts';
import { createOwedStore } from './write-back/owed-store.ts';
import { createOwing } from './write-back/owing.ts';

export interface Hub {
  /** Where browsers find it. */
  readonly url: string;
  /** Resolves when everything has been released; what cannot be finished in time goes on after the next start. */
  stop(): Promise<void>;
}

const LEASE_MS = 180_000;
const DRIFT_MS = 600_000;
const HEARING_MS = 10_000;
const MATCH_AGAIN_MS = 900_000;
const SESSION_MS = 14 * 24 * 3_600_000;
const STOP_GRACE_MS = 5_000;

export async function startHub(parts: HubParts): Promise<Hub> {
  const { store, jobs, mappings, connectors, agents, style, log, now, newId, random } = parts;
  const deskAgents = agents.map(({ extension, name }) => ({ extension, name }));
  const numbers = { region: style.region };
  const metrics = createMetrics();
  registerQuotaMetrics(metrics.registry, parts.quotas);
  const stopping = new AbortController();
  const releases: (() => Promise<unknown> | unknown)[] = [];

  // Everything a call leaves behind: ledger, what is owed, and who is told.
  const crms = createCrms({ connectors, mappings, style, log });
  const owing = createOwing({ owedFor: (call) => owedForCall(crms, call), now, newId });
  const ledger = createLedger({ store, companion: owing, committed: () => draining.soon() });
  const journal = createJournal({ ledger, log });
  const owed = createOwedStore({ store, now, newId, leaseMs: LEASE_MS });
  const owedAdmin = createOwedAdmin({ store, now });

  // Who is calling?
  const directory = createDirectoryStore(store.db, numbers, now);
  const choices = createChoiceStore(store.db, now);
  const makeResolver = () =>
    createCallerResolver(
      { directory, choices, connectors: crms.callerConnectors(), lists: [customerList], present: crms.present, now, log },
      { numbers },
    );
  let resolver = makeResolver();
  const follower = createCallerFollower({
    resolver: () => resolver,
    journal,
    ledger,
    directory,
    onMatch: (callId, match) => desk.onCallerMatch(callId, match),
    metrics,
    now,
    log,
  });

  // The dialplan asks who is calling.
  const routingHelp = createRoutingHelp(parts.routing, {
    ...{ store, ledger, agents, numbers, now, random, log },
    resolver: () => resolver,
    rules: parts.routingRules.current,
    after: afterRealTime,
  });

  // The PBX tells, the tracker understands, everyone hears of it.
  const onCallEvent = (event: CallEvent) => {
    desk.onCallEvent(event);
    follower.onCallEvent(event);
    if (event.type !== 'callEnded') return;
    const { id, direction, result } = event.call.record;
    metrics.callsEnded.inc({ direction, result: result ?? 'unknown' });
    log('info', 'call ended', { callId: id, direction, result });
  };
  const tracking = trackerSettings(parts.pbxs, style.region);
  const pbxNames = parts.pbxs.map(({ name }) => name);
  const heard = createHeardCalls({
    ...{ settings: tracking, pbxs: pbxNames },
    ...{ journal, ledger, onCallEvent, now, log },
  });
  const pbxs = parts.pbxs.map((pbx) =>
    joinPbx(pbx, {
      ...{ store, settings: tracking, ledger, journal, live: heard.live, matchCaller: follower.follow },
      otherPbxs: pbxNames.filter((name) => name !== pbx.name),
      ...{ fillInMs: parts.fillInMs, onTelephonyEvent: heard.onTelephonyEvent, now, newId, random, log },
      onState: ({ ear, state }) => metrics.pbxListening.set({ pbx: pbx.name, ear }, state === 'listening' ? 1 : 0),
    }),
  );

  // What operators ask of the PBX.
  const commands = joinPbxCommands({
    ...{ pbxs, region: style.region, supervisors: parts.supervisors, listCallerIds: parts.listCallerIds },
    ...{ legsOf: heard.legsOf, findCall: ledger.find, onTelephonyEvent: heard.onTelephonyEvent, now, log },
  });
  const clerk = createCommandClerk({
    ...{ ports: commands, store: createCommandStore(store.db, now), after: afterRealTime, log },
  });

  // Paying the CRMs, and reading who their customers are.
  const callLog = createCallLogRender({ crms, ledger, directory, agents, outcomes: () => mappings.outcomes(), style, log });
  const drainer = createDrainer({
    owed,
    connectors: new Map(connectors.map((one) => [one.name, one])),
    render: callLog,
    now,
    random,
    log,
  });
  const names = connectors.map(({ name }) => name);
  const draining = registerDraining({ jobs, drainer, owed, connectors: names, metrics, now, newId, log });
  const syncing = registerDirectorySync(jobs, {
    directory,
    get connectors() {
      return crms.callerConnectors();
    },
    onNumbersAppeared: follower.onNumbersAppeared,
    everyMs: parts.directorySyncMs,
    now,
    log,
  });

  // The operator's browser.
  const ports = deskPorts({
    liveCalls: heard.live,
    ledger,
    journal,
    drafts: createDraftStore(store.db, now),
    choices,
    resolver: () => resolver,
    outcomes: () => mappings.outcomes(),
    agents: deskAgents,
    numbers,
    now,
  });
  const desk = new Desk(ports, { now, newId, log, recordLanguage: style.locale });
  const view = createLedgerView({ store, connectors: names, recordUrl: crms.recordUrl });
  const admin = ledgerPorts({
    store,
    crms,
    view,
    owedAdmin,
    drainSoon: draining.soon,
    nationalNumber: ports.nationalNumber,
    now,
  });
  const cookies = createSessionCookies({ secret: parts.sessionSecret, maxAgeMs: SESSION_MS, now, newId });
  const secure = parts.http.publicOrigin?.startsWith('https:') ?? false;
  const http = createHttpServer({
    routes: [
      ...sessionRoutes({ cookies, agents: () => deskAgents, secure }),
      ...deskRoutes(desk, ports, { recordLanguage: style.locale, now }),
      ...followUpRoutes(desk, ports, now),
      ...callRoutes(ports),
      ...commandRoutes({ clerk, newId }),
      ...owedRoutes(admin),
      ...directoryRoutes({ directory, recordUrl: crms.recordUrl, now }),
      ...directoryWebhookRoutes({
        ...{ secret: parts.webhookSecret, connectors: crms.callerConnectors },
        ...{ directory, syncSoon: syncing.soon },
      }),
      ...quotaRoutes({ quotas: parts.quotas, holds: owedAdmin.holds }),
      ...routingHelp.routes,
    ],
    cookies,
    version: parts.version,
    webFolder: parts.http.webFolder,
    allowedOrigins: parts.http.publicOrigin === null ? [] : [parts.http.publicOrigin],
    secure,
    trustProxy: parts.http.publicOrigin === null ? false : 'loopback, uniquelocal',
    readiness: createReadiness({
      ...{ store, jobs, crms, mappings, owedAdmin, journal },
      jobsAreOnRedis: parts.jobsAreOnRedis,
      pbxStates: () => pbxs.flatMap((pbx) => pbx.states()),
      stasisStates: routingHelp.stasisStates,
    }),
    metrics: metrics.registry,
    log,
  });
  serveDeskSockets(http.io, desk);

  // Starting: first what was going on, then the ears; stopping goes the other way round.
  async function start(): Promise<string> {
    await owed.releaseAbandoned(store.kind === 'sqlite' ? 'all' : 'expired');
    await parts.quotas.exchange();
    await heard.restore();
    for (const { fillIn } of pbxs) await fillIn.restore();
    await clerk.restore();
    await desk.restore();
    await follower.restore();
    await jobs.start();
    await draining.schedule();
    await syncing.schedule();
    draining.soon();
    releases.push(watchMappings({ directory: parts.mappingsDirectory, reload, log }));
    releases.push(
      mappings.onChange(() => {
        resolver = makeResolver();
        void crms.watchDrift(stopping.signal);
        // What the CRM or the old mapping refused is worth another try with the new one.
        void owedAdmin
          .retry({ connector: null })
          .then(draining.soon, (error: unknown) => log('warn', 'nothing was retried', { error }));
      }),
    );
    releases.push(every(EXCHANGE_MS, () => void parts.quotas.exchange()));
    releases.push(every(DRIFT_MS, () => void crms.watchDrift(stopping.signal)));
    releases.push(every(MATCH_AGAIN_MS, () => void matchAgain()));
    releases.push(every(GRACE_MS / 4, () => void measure()));
    for (const { fillIn } of pbxs) {
      releases.push(every(HEARING_MS, () => void fillIn.noteHearing()));
      releases.push(every(parts.fillInMs, () => void fillIn.run()));
    }
    void crms.watchDrift(stopping.signal);
    const { url } = await http.listen(parts.http.port, parts.http.host);
    releases.push(() => http.close());
    for (const pbx of pbxs) pbx.start();
    releases.push(() => routingHelp.stop());
    await routingHelp.start();
    return url;
  }

  async function reload(): Promise<void> {
    await Promise.all([mappings.reload(), parts.routingRules.reload()]);
  }

  async function matchAgain(): Promise<void> {
    await follower.matchAgain().catch((error: unknown) => log('warn', 'unknown callers could not be matched again', { error }));
  }

  async function measure(): Promise<void> {
    metrics.liveCalls.set(heard.live().length);
    metrics.callsNotInLedger.set(journal.pending);
    await countMissingCalls(store, { now: now(), graceMs: GRACE_MS }).then(
      (missing) => metrics.callsMissingInCrm.set(missing),
      (error: unknown) => log('warn', 'the ledger could not be counted', { error }),
    );
  }

  /** Whatever cannot be released keeps nothing else from being. */
  async function stop(): Promise<void> {
    stopping.abort();
    const steps = [
      () => clerk.close(),
      () => Promise.all(pbxs.map((pbx) => pbx.stop())),
      ...releases.reverse(),
      () => jobs.close(STOP_GRACE_MS),
      // Together: those who follow a caller wait for the journal, which tells them when it gives up.
      () => Promise.all([follower.close(), journal.close()]),
      ...connectors.map(
        ({ connector }) =>
          () =>
            connector.close(),
      ),
      () => parts.quotas.close(),
      () => store.close(),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        log('error', 'something could not be ended', { error });
      }
    }
  }

  const url = await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  log('info', 'the hub is ready', { url });

  let stopped: Promise<void> | null = null;
  return {
    url,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

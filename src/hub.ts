/** The one place where everything is joined: the way of one call, from the PBX to the operator's browser and into the CRMs. */
import { registerDirectorySync } from './callers/directory-job.ts';
import type { CallEvent } from './calls/call.ts';
import { createCommandClerk } from './desk/command-clerk.ts';
import { createCommandStore } from './desk/command-store.ts';
import { Desk } from './desk/desk.ts';
import { createDraftStore } from './desk/draft-store.ts';
import { createCallLogRender } from './hub/call-log.ts';
import { createCallerFollower } from './hub/caller-follower.ts';
import { createCrms } from './hub/crms.ts';
import { deskPorts } from './hub/desk-joints.ts';
import { registerDraining } from './hub/draining.ts';
import { createGoneCustomer } from './hub/gone-customer.ts';
import { createHeardCalls } from './hub/heard-calls.ts';
import type { HubParts } from './hub/hub-parts.ts';
import { joinPbx } from './hub/joined-pbx.ts';
import { keepCalls } from './hub/kept-calls.ts';
import { openKnownCallers } from './hub/known-callers.ts';
import { joinPbxCommands } from './hub/pbx-commands.ts';
import { createRoutingHelp } from './hub/routing-help.ts';
import { serveBrowsers } from './hub/serve-browsers.ts';
import { type Hub, startAndStop } from './hub/start-and-stop.ts';
import { trackerSettings } from './hub/tracker-settings.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { registerQuotaMetrics } from './quotas/quota-metrics.ts';
import { afterRealTime } from './telephony/after.ts';
import { createDrainer } from './write-back/drainer.ts';

export type { Hub } from './hub/start-and-stop.ts';

export async function startHub(parts: HubParts): Promise<Hub> {
  const { store, jobs, mappings, connectors, agents, style, log, now, newId, random } = parts;
  const numbers = { region: style.region };
  const metrics = createMetrics();
  registerQuotaMetrics(metrics.registry, parts.quotas);

  // Everything a call leaves behind.
  const crms = createCrms({ connectors, mappings, style, log });
  const kept = keepCalls(parts, crms);
  const { ledger, journal, owed } = kept;

  // The PBXs tell, the tracker understands, everyone who listens hears of it.
  const tracking = trackerSettings(parts.pbxs, style.region);
  const pbxNames = parts.pbxs.map(({ name }) => name);
  const heard = createHeardCalls({ settings: tracking, pbxs: pbxNames, journal, ledger, now, log });

  // Who is calling?
  const callers = openKnownCallers(parts, crms);
  const { directory, choices, resolver } = callers;

  // What operators see and write.
  const ports = deskPorts({
    ...{ liveCalls: heard.live, ledger, journal, drafts: createDraftStore(store.db, now), choices, resolver },
    ...{ outcomes: () => mappings.outcomes(), crms, numbers, now },
    agents: agents.map(({ extension, name }) => ({ extension, name })),
  });
  const desk = new Desk(ports, { now, newId, log, recordLanguage: style.locale });
  heard.listen((event) => desk.onCallEvent(event));

  const follower = createCallerFollower({
    ...{ resolver, journal, ledger, directory, metrics, now, log },
    onMatch: (callId, match) => desk.onCallerMatch(callId, match),
  });
  heard.listen(follower.onCallEvent);
  heard.listen((event) => noteEnd(event, metrics, log));

  // The ears; what nobody heard is filled in.
  const pbxs = parts.pbxs.map((pbx) =>
    joinPbx(pbx, {
      ...{ store, settings: tracking, ledger, journal, live: heard.live, matchCaller: follower.follow },
      otherPbxs: pbxNames.filter((name) => name !== pbx.name),
      ...{ fillInMs: parts.fillInMs, onTelephonyEvent: heard.onTelephonyEvent, now, newId, random, log },
      onState: ({ ear, state }) => metrics.pbxListening.set({ pbx: pbx.name, ear }, state === 'listening' ? 1 : 0),
    }),
  );

  // The dialplan asks who is calling.
  const routingHelp = createRoutingHelp(parts.routing, {
    ...{ store, ledger, agents, numbers, resolver, now, random, log },
    rules: parts.routingRules.current,
    after: afterRealTime,
  });

  // What operators ask of the PBX.
  const commands = joinPbxCommands({
    ...{ pbxs, region: style.region, supervisors: parts.supervisors, listCallerIds: parts.listCallerIds },
    ...{ legsOf: heard.legsOf, expectLeg: heard.expectLeg, onTelephonyEvent: heard.onTelephonyEvent },
    ...{ findCall: ledger.find, now, log },
  });
  const clerk = createCommandClerk({
    ...{ ports: commands, store: createCommandStore(store.db, now), after: afterRealTime, log },
  });

  // Paying the CRMs, and reading who their customers are.
  const drainer = createDrainer({
    ...{ owed, connectors: new Map(connectors.map((one) => [one.name, one])), now, random, log },
    render: createCallLogRender({ crms, ledger, directory, agents, outcomes: () => mappings.outcomes(), style, log }),
    lookAgain: createGoneCustomer({ crms, ledger, numbers, now, log }),
  });
  const draining = registerDraining({
    ...{ jobs, drainer, owed, connectors: connectors.map(({ name }) => name), metrics, now, log },
  });
  const syncing = registerDirectorySync(jobs, {
    ...{ directory, onNumbersAppeared: follower.onNumbersAppeared, everyMs: parts.directorySyncMs, now, log },
    get connectors() {
      return crms.callerConnectors();
    },
  });

  const http = serveBrowsers(parts, { crms, kept, callers, pbxs, desk, ports, clerk, routingHelp, syncing, metrics });
  return startAndStop(parts, {
    ...{ crms, kept, heard, callers, follower, desk, pbxs, clerk, routingHelp, draining, syncing, http, metrics },
  });
}

function noteEnd(event: CallEvent, metrics: Metrics, log: HubParts['log']): void {
  if (event.type !== 'callEnded') return;
  const { id, direction, result } = event.call.record;
  metrics.callsEnded.inc({ direction, result: result ?? 'unknown' });
  log('info', 'call ended', { callId: id, direction, result });
}

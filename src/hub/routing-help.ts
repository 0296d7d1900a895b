/** Routing help as the hub runs it: one answer behind three doors, and the block list. */
import type { ReadOptions } from '../callers/phone-number.ts';
import type { CallerResolver } from '../callers/resolve-caller.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { Route } from '../http/route.ts';
import type { Log } from '../observability/log.ts';
import { type AgiServer, startAgiServer } from '../routing/agi-server.ts';
import { blockedRoutes } from '../routing/blocked-routes.ts';
import { createBlockedNumbers } from '../routing/blocked-store.ts';
import type { RoutingAgent } from '../routing/decide-route.ts';
import { createRouting, type RoutingSettings } from '../routing/routing.ts';
import { routingRoutes } from '../routing/routing-routes.ts';
import type { RoutingRule } from '../routing/routing-rule.ts';
import { createStasisDoor, type StasisDoorState } from '../routing/stasis-door.ts';
import type { Store } from '../store/open-database.ts';
import type { After } from '../telephony/after.ts';
import type { AriClientFactory, AriSettings } from '../telephony/ari/ari-client.ts';

/** What the settings say of it. */
export interface RoutingParts extends RoutingSettings {
  /** At least 24 characters. Null: no look-up over HTTP, and FastAGI for this machine alone. */
  readonly token: string | null;
  /** Null: no FastAGI. */
  readonly agi: { readonly host: string; readonly port: number } | null;
  /** One for each PBX whose dialplan asks by Stasis. */
  readonly stasis: readonly { readonly pbx: string; readonly ari: AriSettings; readonly clientFactory: AriClientFactory }[];
}

export interface RoutingHelpDeps {
  readonly store: Store;
  readonly resolver: () => CallerResolver;
  readonly ledger: Pick<Ledger, 'earlierWith'>;
  readonly agents: readonly RoutingAgent[];
  readonly rules: () => readonly RoutingRule[];
  readonly numbers: ReadOptions;
  readonly now: () => number;
  readonly after: After;
  readonly random: () => number;
  readonly log: Log;
}

export interface RoutingHelp {
  readonly routes: readonly Route[];
  /** One for each PBX asked by Stasis; the hub works without. */
  stasisStates(): readonly StasisDoorState[];
  /** @throws the system's error when the port of FastAGI cannot be had */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createRoutingHelp(parts: RoutingParts, deps: RoutingHelpDeps): RoutingHelp {
  const { ledger, agents, rules, numbers, now, after, random, log } = deps;
  const blocked = createBlockedNumbers(deps.store.db, now);
  const resolveCaller = (...asked: Parameters<CallerResolver['resolve']>) => deps.resolver().resolve(...asked);
  const { earlierWith: earlierCalls } = ledger;
  const routing = createRouting({ resolveCaller, earlierCalls, blocked, rules, agents, numbers, now, after, log }, parts);
  const doors = parts.stasis.map((one) => createStasisDoor({ ...one, routing, now, after, random, log }));
  let agi: AgiServer | null = null;

  return {
    routes: [...routingRoutes({ routing, token: parts.token }), ...blockedRoutes({ blocked, numbers, now })],
    stasisStates: () => doors.map(({ state }) => state),
    async start() {
      if (parts.agi !== null) agi = await startAgiServer({ ...parts.agi, routing, token: parts.token, after, log });
      for (const door of doors) door.start();
    },
    async stop() {
      await Promise.all([agi?.close(), ...doors.map((door) => door.stop())]);
    },
  };
}

import type { BridgeKind } from '../telephony-event.ts';
import { type Leg, textIn } from './cel-legs.ts';
import type { CelRow } from './record-rows.ts';

/**
 * Who shares a bridge with whom. Only the column `extra` names the bridge; without it, whoever is already there (`peer`) tells which
 * one a channel enters.
 */
export interface CelBridges {
  enter(leg: Leg, row: CelRow, isParked: boolean): { readonly bridgeId: string; readonly kind: BridgeKind };
  /** The bridge it was in. */
  leave(channelId: string): string | null;
  /** Those in one bridge with it, and, through pairs of Local channels, those who hear it. */
  companyOf(channelId: string): readonly Leg[];
  /** The channel has this name from now on. */
  noteName(leg: Leg, name: string): void;
}

interface Bridge {
  readonly id: string;
  readonly kind: BridgeKind;
  readonly members: Set<string>;
}

export function createCelBridges(legs: ReadonlyMap<string, Leg>): CelBridges {
  const bridgeOf = new Map<string, Bridge>();
  const byName = new Map<string, string>();
  const byHalf = new Map<string, string>();
  let made = 0;

  function bridgeFor(row: CelRow, isParked: boolean): Bridge {
    const given = textIn(row.extra, 'bridge_id');
    for (const peer of row.peers) {
      const shared = bridgeOf.get(byName.get(peer) ?? '');
      if (shared !== undefined && (given === null || shared.id === given)) return shared;
    }
    made += 1;
    return { id: given ?? `cel-${row.channelId}-${made}`, kind: kindOf(row, isParked), members: new Set() };
  }

  function leave(channelId: string): string | null {
    const bridge = bridgeOf.get(channelId);
    if (bridge === undefined) return null;
    bridge.members.delete(channelId);
    bridgeOf.delete(channelId);
    return bridge.id;
  }

  function companyOf(channelId: string): readonly Leg[] {
    const seen = new Set<Bridge>();
    const company: Leg[] = [];
    const open = [bridgeOf.get(channelId)];
    for (let bridge = open.pop(); bridge !== undefined; bridge = open.pop()) {
      if (seen.has(bridge) || bridge.kind === 'holding') continue;
      seen.add(bridge);
      for (const id of bridge.members) {
        const leg = legs.get(id);
        if (leg === undefined || id === channelId) continue;
        company.push(leg);
        const { localPair, localHalf } = leg.endpoint;
        if (localPair === null) continue;
        const behind = bridgeOf.get(byHalf.get(`${localPair};${localHalf === 1 ? 2 : 1}`) ?? '');
        if (behind !== undefined) open.push(behind);
      }
    }
    return company;
  }

  return {
    enter(leg, row, isParked) {
      leave(leg.id);
      const bridge = bridgeFor(row, isParked);
      bridge.members.add(leg.id);
      bridgeOf.set(leg.id, bridge);
      return { bridgeId: bridge.id, kind: bridge.kind };
    },
    leave,
    companyOf,
    noteName(leg, name) {
      byName.set(name, leg.id);
      if (leg.endpoint.localPair !== null) byHalf.set(`${leg.endpoint.localPair};${leg.endpoint.localHalf}`, leg.id);
    },
  };
}

function kindOf({ app, extra }: CelRow, isParked: boolean): BridgeKind {
  if (isParked || app === 'BridgeWait' || textIn(extra, 'bridge_technology') === 'holding_bridge') return 'holding';
  return app === 'ConfBridge' ? 'conference' : 'conversation';
}

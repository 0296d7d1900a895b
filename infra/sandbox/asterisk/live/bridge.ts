import type { Channel } from './channel.ts';

/** A bridge of the sandbox PBX itself. */
export interface Bridge {
  readonly id: string;
  readonly kind: BridgeKind;
  readonly name: string;
  readonly since: number;
  readonly channels: Channel[];
}

/** A waiting bridge stays for as long as somebody's dialplan is at `BridgeWait`, even while all of them talk elsewhere. */
export interface WaitingRoom {
  readonly bridge: Bridge;
  users: number;
}

export interface BridgeKind {
  /** As AMI calls it. */
  readonly type: 'basic' | 'base' | 'stasis' | 'parking';
  readonly technology: 'simple_bridge' | 'holding_bridge';
  /** Empty: not known. */
  readonly creator: '' | 'Stasis' | 'Parking' | 'BridgeWait';
  /** When one leaves, nobody stays: a conversation. */
  readonly dissolves: boolean;
}

export const conversation: BridgeKind = { type: 'basic', technology: 'simple_bridge', creator: '', dissolves: true };
export const stasisMixing: BridgeKind = { type: 'stasis', technology: 'simple_bridge', creator: 'Stasis', dissolves: false };
export const stasisHolding: BridgeKind = { type: 'stasis', technology: 'holding_bridge', creator: 'Stasis', dissolves: false };
export const parkingLot: BridgeKind = { type: 'parking', technology: 'holding_bridge', creator: 'Parking', dissolves: false };
export const waitingRoom: BridgeKind = { type: 'base', technology: 'holding_bridge', creator: 'BridgeWait', dissolves: false };

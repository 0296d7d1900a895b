import type { Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { type CelBridges, createCelBridges } from './cel-bridges.ts';
import { type Leg, legsOf } from './cel-legs.ts';
import type { CdrRow, CelRow, QueueLogRow } from './record-rows.ts';
import { each, type Unhurried } from './unhurried.ts';

/** What CEL rows are read together with. */
export interface CelContext {
  readonly numbering: Numbering;
  /** By the Uniqueid of the first party, in the order of their start. */
  readonly cdr: ReadonlyMap<string, readonly CdrRow[]>;
  /** By the Uniqueid of the caller, in order. */
  readonly queueLog: ReadonlyMap<string, readonly QueueLogRow[]>;
}

/** An application at work on a channel. */
export interface AtWork {
  readonly leg: Leg;
  readonly row: CelRow;
}

/** How far a channel has come at the row at hand. */
export interface LegState {
  isKnown: boolean;
  isUp: boolean;
  isOver: boolean;
  isParked: boolean;
  /** It was told that its far end hung up. */
  isRequested: boolean;
  /** It was told what the originated leg was for. */
  isReported: boolean;
  /** Who called it; null when the PBX did, undefined when nobody did: it called us. */
  caller: Leg | null | undefined;
  queue: string | null;
  queuesEntered: number;
  /** With whom it was last in conversation. */
  lastCompany: readonly Leg[];
  /** Those who have put it on hold. */
  holders: readonly Leg[];
}

/** Everything known at the row at hand. Changed in place; lives as long as one translation. */
export interface CelStory {
  readonly context: CelContext;
  readonly legs: ReadonlyMap<string, Leg>;
  readonly bridges: CelBridges;
  readonly states: ReadonlyMap<string, LegState>;
  readonly told: TelephonyEvent[];
  atWork: readonly AtWork[];
  /** The time of the row before. */
  lastAt: number;
}

export function* createCelStory(rows: readonly CelRow[], context: CelContext): Unhurried<CelStory> {
  const legs = yield* legsOf(rows, context.numbering);
  const states = new Map<string, LegState>();
  yield* each(legs.keys(), (id) => states.set(id, unknownLeg()));
  return { context, legs, bridges: createCelBridges(legs), states, told: [], atWork: [], lastAt: 0 };
}

export function stateOf(story: CelStory, leg: Leg): LegState {
  return story.states.get(leg.id) ?? unknownLeg();
}

/** Once, and before what follows from it. */
export function tellHangupRequest(story: CelStory, leg: Leg, at: number): void {
  const state = stateOf(story, leg);
  if (state.isRequested) return;
  state.isRequested = true;
  story.told.push({ type: 'hangupRequested', at, channelId: leg.id });
}

function unknownLeg(): LegState {
  return {
    isKnown: false,
    isUp: false,
    isOver: false,
    isParked: false,
    isRequested: false,
    isReported: false,
    caller: undefined,
    queue: null,
    queuesEntered: 0,
    lastCompany: [],
    holders: [],
  };
}

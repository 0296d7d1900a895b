/** What the commands need from the rest of the hub; `hub.ts` joins them. */
import type { CallId, CallRecord } from '../calls/call.ts';
import type { LiveLeg } from '../calls/tracker-legs.ts';
import type { CommandEnd, CommandOrder, CommandRefusal, CommandStage } from './command.ts';

export type Destination =
  | { readonly kind: 'outside' | 'inside'; readonly dial: string }
  | { readonly kind: 'refused'; readonly because: CommandRefusal };

export interface CommandPorts {
  /** What a number typed at this extension is to its PBX. */
  readDestination(typed: string, extension: string): Destination;
  /** Of a live call, also by an alias; empty when there is none. */
  legsOf(callId: CallId): readonly LiveLeg[];
  /** The id the call of this key has, or will have, when this extension places it. */
  callIdOf(key: string, extension: string): CallId;
  /** By id or alias. */
  findCall(callId: CallId): Promise<CallRecord | null>;
  isSupervisor(extension: string): boolean;
  /** What customers of this list see when this extension calls; null leaves it to the PBX. */
  callerIdOf(list: string | null, extension: string): string | null;
  /** Carries the order out; never rejects. Aborted, it tells what is known by then. */
  run(key: string, order: CommandOrder, onStage: (stage: CommandStage) => void, signal: AbortSignal): Promise<CommandEnd>;
}

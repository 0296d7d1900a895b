import { PbxFailure } from '../pbx-failure.ts';

/**
 * What the hub asks of one PBX for a person: place a call, end it, move it, hold it, listen in.
 *
 * It promises: every command ends, in a result (what people did), in `CommandRefused` (it was not done, and why) or in `PbxAway`;
 * nothing that comes in here can become a header, a variable or a channel of the PBX; the first leg of a placed call has the id that
 * `firstChannelId` makes of its key, so that the call is known before it exists and a second one under the same key cannot.
 *
 * Not in the port: who may do what, remembering of keys (the desk), and which legs a call has (the tracker): legs come in by their ids.
 */
export interface PbxCommands {
  /** Rings the agent's phone, and once it is picked up does what the order says. Resolves when it is known how that went. */
  originate(order: OriginateOrder, onStage: (stage: OriginateStage) => void, signal: AbortSignal): Promise<OriginateResult>;
  /** Ends these legs; those that are gone already are passed over. @throws CommandRefused `gone` when all of them are. */
  hangUp(channelIds: readonly string[]): Promise<void>;
  transfer(order: TransferOrder, signal: AbortSignal): Promise<TransferResult>;
  /** Answers the slot from which the customer can be retrieved. */
  park(legs: Legs & { readonly isHeld: boolean }): Promise<{ readonly slot: string | null }>;
  /** Music for the customer, silence for the agent, whose phone stays off the hook. */
  hold(legs: Legs): Promise<void>;
  /** Back to the customer: from a hold, and from a consultation, however far it has come. */
  resume(legs: Legs): Promise<void>;
  /** Whether the call of this key is on the PBX at this moment. */
  isOnPbx(key: string): Promise<boolean>;
}

export interface OriginateOrder {
  /** Fits `isCommandKey`. */
  readonly key: string;
  /** Of the phone to ring first: digits. */
  readonly extension: string;
  readonly purpose: /** `dial`: as the destination check made it. `callerId`: what the customer sees; null leaves it to the dialplan. */
    | { readonly kind: 'call'; readonly dial: string; readonly callerId: string | null }
    | { readonly kind: 'retrieve'; readonly parkedChannelId: string }
    /** `whisper`: only the agent hears. `barge`: everybody hears everybody. */
    | { readonly kind: 'spy'; readonly mode: SpyMode; readonly agentChannelId: string; readonly agentExtension: string };
}

export type SpyMode = 'listen' | 'whisper' | 'barge';

export type OriginateStage = 'agentRinging' | 'farEndCalled' | 'farEndRinging';

export type OriginateResult =
  | 'answered'
  | 'agentNoAnswer'
  | 'agentBusy'
  | 'agentDeclined'
  /** Not registered, or no such phone. */
  | 'agentUnreachable'
  /** The agent, or somebody for the agent, hung up before the far end answered. */
  | 'agentHungUp'
  | 'customerBusy'
  | 'customerNoAnswer'
  | 'customerDeclined'
  | 'numberUnknown'
  /** No line could be had. */
  | 'lineUnavailable'
  | 'failed'
  /** The PBX was out of hearing at the decisive moment. */
  | 'unknown';

/** The two ends of a conversation, by the ids of their channels. Where `isHeld` is asked for: the customer waits in a hold of ours. */
export interface Legs {
  readonly agentChannelId: string;
  readonly customerChannelId: string;
}

export type TransferOrder =
  | (Legs & { readonly kind: 'blind'; readonly dial: string; readonly isHeld: boolean })
  /** The customer is held while the agent calls the colleague. */
  | (Legs & { readonly kind: 'consult'; readonly agentExtension: string; readonly colleague: string })
  /** The agent leaves, the colleague has the customer. */
  | (Legs & { readonly kind: 'complete'; readonly colleagueChannelId: string });

/** Of a consultation anything but `answered` means that the agent is back with the customer. */
export type TransferResult =
  | 'transferred'
  | 'answered'
  | 'colleagueBusy'
  | 'colleagueNoAnswer'
  | 'colleagueDeclined'
  | 'colleagueUnreachable'
  | 'calledOff'
  | 'unknown';

export type RefusedBecause =
  /** The call, or one of its legs, is over. */
  | 'gone'
  /** The PBX lacks the dialplan of the commands. */
  | 'noDialplan'
  | 'lackingRights'
  /** This PBX is heard in a way that does not allow it. */
  | 'notPossible'
  | 'pbxRefused'
  /** What was given would not be safe on the PBX. */
  | 'unsafe';

/** It was not done. */
export class CommandRefused extends PbxFailure {
  override readonly name = 'CommandRefused';
  readonly reason: RefusedBecause;
  constructor(reason: RefusedBecause, detail: string, remedy: string, options?: ErrorOptions) {
    super(detail, remedy, options);
    this.reason = reason;
  }
}

/** The PBX cannot be reached. */
export class PbxAway extends Error {
  override readonly name = 'PbxAway';
  /** It was sent before the line broke: look before doing it again. */
  readonly mayHaveHappened: boolean;
  constructor(detail: string, mayHaveHappened: boolean, options?: ErrorOptions) {
    super(detail, options);
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** Keys go into channel ids: at most 64 letters, digits, hyphens, underscores. */
export function isCommandKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{8,64}$/.test(text);
}

/** The id of the first channel of the call that this key places. */
export function firstChannelId(key: string): string {
  return `toritsugi-${key}`;
}

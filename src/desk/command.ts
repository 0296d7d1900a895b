/** What an operator or supervisor asks of the PBX, and what they are answered. Pure shapes. */
import type { CallId } from '../calls/call.ts';

export type SpyMode = 'listen' | 'whisper' | 'barge';

/** As asked; checked against the call and against who asks by `planCommand`. */
export type CommandRequest =
  /** `to`: as typed. `list`: the lead list it is for, which may have a caller id of its own. */
  | { readonly kind: 'call'; readonly to: string; readonly list: string | null }
  | { readonly kind: 'hangUp'; readonly callId: CallId }
  | { readonly kind: 'hold'; readonly callId: CallId }
  | { readonly kind: 'resume'; readonly callId: CallId }
  | { readonly kind: 'park'; readonly callId: CallId }
  | { readonly kind: 'retrieve'; readonly callId: CallId }
  | { readonly kind: 'blindTransfer'; readonly callId: CallId; readonly to: string }
  | { readonly kind: 'consult'; readonly callId: CallId; readonly to: string }
  | { readonly kind: 'completeTransfer'; readonly callId: CallId }
  /** `extension`: of which agent; null when only one speaks. */
  | { readonly kind: 'spy'; readonly callId: CallId; readonly mode: SpyMode; readonly extension: string | null };

export type CommandKind = CommandRequest['kind'];

interface Ends {
  readonly agentChannelId: string;
  readonly customerChannelId: string;
}

/** As the PBX gets it: legs by their ids, numbers as digits. `isHeld`: the customer waits in a hold of the hub's. */
export type CommandOrder =
  | { readonly kind: 'call'; readonly extension: string; readonly dial: string; readonly callerId: string | null }
  | { readonly kind: 'retrieve'; readonly extension: string; readonly parkedChannelId: string }
  | {
      readonly kind: 'spy';
      readonly extension: string;
      readonly mode: SpyMode;
      readonly agentChannelId: string;
      readonly agentExtension: string;
    }
  /** The first is the leg of whoever hangs up. */
  | { readonly kind: 'hangUp'; readonly channelIds: readonly string[] }
  | (Ends & { readonly kind: 'hold' | 'resume' })
  | (Ends & { readonly kind: 'park'; readonly isHeld: boolean })
  | (Ends & { readonly kind: 'blindTransfer'; readonly dial: string; readonly isHeld: boolean })
  | (Ends & { readonly kind: 'consult'; readonly agentExtension: string; readonly colleague: string })
  | (Ends & { readonly kind: 'completeTransfer'; readonly colleagueChannelId: string });

/** Why a command was not carried out; pages have plain words for each. */
export type CommandRefusal =
  | 'notAllowed'
  | 'unreadable'
  | 'unknownExtension'
  | 'emergency'
  | 'premium'
  | 'international'
  | 'ownExtension'
  /** A consultation is with a colleague. */
  | 'notAnExtension'
  /** The call is over, or was never there. */
  | 'gone'
  /** Nobody is connected whom it could be about. */
  | 'notTalking'
  | 'notHeld'
  | 'notParked'
  /** The colleague has not answered. */
  | 'noColleague'
  /** The key was used for something else. */
  | 'keyReused'
  /** The same was asked a moment ago: a double click. */
  | 'repeated'
  /** This phone is being rung for another command. */
  | 'alreadyDialling'
  | 'pbxAway'
  | 'noDialplan'
  | 'lackingRights'
  | 'notPossible'
  | 'pbxRefused';

export type CommandResult =
  | ('answered' | 'agentNoAnswer' | 'agentBusy' | 'agentDeclined' | 'agentUnreachable' | 'agentHungUp')
  | ('customerBusy' | 'customerNoAnswer' | 'customerDeclined' | 'numberUnknown' | 'lineUnavailable' | 'failed')
  | ('colleagueBusy' | 'colleagueNoAnswer' | 'colleagueDeclined' | 'colleagueUnreachable' | 'calledOff')
  | ('hungUp' | 'held' | 'resumed' | 'parked' | 'transferred');

export type CommandStage = 'agentRinging' | 'farEndCalled' | 'farEndRinging';

/** How the PBX took an order. */
export type CommandEnd =
  | { readonly state: 'done'; readonly result: CommandResult; readonly slot: string | null }
  | { readonly state: 'refused'; readonly reason: CommandRefusal; readonly detail: string }
  /** It may or may not have happened: look at the call list before asking again. */
  | { readonly state: 'unknown' };

/** What whoever asked is told, now and whenever the same key is asked again. */
export interface CommandAnswer {
  readonly key: string;
  readonly kind: CommandKind;
  readonly callId: CallId | null;
  readonly state: 'working' | CommandEnd['state'];
  readonly stage: CommandStage | null;
  readonly result: CommandResult | null;
  /** Where a parked call waits. */
  readonly slot: string | null;
  readonly reason: CommandRefusal | null;
  readonly detail: string | null;
}

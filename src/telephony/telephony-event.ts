/**
 * What happens on a PBX, in the few words the call tracker needs. Every adapter (AMI, ARI, …) speaks this and nothing else;
 * vendor spelling stays behind. `at` is milliseconds since 1970, the moment of arrival.
 */

/** Who is at the end of a channel: an inside phone, an outside line, or nobody (`helper`: Local halves, announcers, recorders). */
export type PartyKind = 'phone' | 'line' | 'helper';

/** `holding`: nobody hears anybody (parking). `conference`: several conversations may meet without becoming one call. */
export type BridgeKind = 'conversation' | 'conference' | 'holding';

export type DialStatus = 'answered' | 'busy' | 'noAnswer' | 'cancelled' | 'unreachable';

/** All that an event says about one channel. Any event with these facts may be the first to mention the channel. */
export interface ChannelFacts {
  /** Unique on this PBX for all time (AMI Uniqueid, ARI id). */
  readonly id: string;
  /** The id of the oldest channel this one belongs with; null when the interface does not say (ARI). */
  readonly linkedId: string | null;
  readonly party: PartyKind;
  /** Of phones; null for lines and helpers. */
  readonly extension: string | null;
  /** Of Local halves: what both halves have in common, and which one this is. */
  readonly localPair: string | null;
  readonly localHalf: 1 | 2 | null;
  /** The PBX made this channel to call somebody; false when somebody called the PBX on it. */
  readonly outgoing: boolean;
  readonly up: boolean;
  readonly callerNumber: string | null;
  readonly callerName: string | null;
  /** What was dialled on it, or where it now stands in the dialplan. */
  readonly dialled: string | null;
}

export interface SnapshotChannel {
  readonly channel: ChannelFacts;
  readonly ringing: boolean;
  readonly bridgeId: string | null;
  /** The queue it waits in or was connected by. */
  readonly queue: string | null;
  readonly ageMs: number;
}

export type TelephonyEvent =
  /** Nothing can be heard from now on, until the PBX is connected again. */
  | { readonly type: 'connectionLost'; readonly at: number }
  /** Told at every log-in: channels older than `bootedAt` died with the PBX, whatever was heard of them last. */
  | { readonly type: 'pbxBooted'; readonly at: number; readonly bootedAt: number }
  /** Everything that exists on the PBX at this moment. */
  | {
      readonly type: 'snapshotTaken';
      readonly at: number;
      readonly channels: readonly SnapshotChannel[];
      readonly bridges: readonly { readonly bridgeId: string; readonly kind: BridgeKind }[];
      readonly parked: readonly { readonly channelId: string; readonly byExtension: string | null }[];
    }
  | { readonly type: 'channelCreated'; readonly at: number; readonly channel: ChannelFacts }
  | { readonly type: 'channelAnswered'; readonly at: number; readonly channelId: string }
  | { readonly type: 'channelRinging'; readonly at: number; readonly channelId: string }
  /** The PBX tells this channel that the line is busy or congested. */
  | { readonly type: 'channelBusy'; readonly at: number; readonly channelId: string }
  /** The far end of the channel hung up, refused or cancelled. */
  | { readonly type: 'hangupRequested'; readonly at: number; readonly channelId: string }
  /** The channel is gone. `cause` is Q.850; null when none was given. */
  | { readonly type: 'channelHungUp'; readonly at: number; readonly channelId: string; readonly cause: number | null }
  /** `source` is null when the PBX itself calls (originate). `number` is what was sent to the far end. */
  | {
      readonly type: 'dialBegun';
      readonly at: number;
      readonly source: ChannelFacts | null;
      readonly target: ChannelFacts;
      readonly number: string | null;
    }
  | { readonly type: 'dialEnded'; readonly at: number; readonly targetId: string; readonly status: DialStatus }
  /** What an originate was for: which number is to be called once the first leg is up. */
  | {
      readonly type: 'originateReported';
      readonly at: number;
      /** Whether the first leg came up; what becomes of the second is another matter. */
      readonly answered: boolean;
      /** Null when the first leg never came up; then `extension` is all that is known. */
      readonly channelId: string | null;
      readonly extension: string | null;
      readonly number: string | null;
    }
  | {
      readonly type: 'bridgeEntered';
      readonly at: number;
      readonly bridgeId: string;
      readonly kind: BridgeKind;
      readonly channel: ChannelFacts;
    }
  | { readonly type: 'bridgeLeft'; readonly at: number; readonly bridgeId: string; readonly channelId: string }
  | { readonly type: 'holdStarted'; readonly at: number; readonly channelId: string }
  | { readonly type: 'holdEnded'; readonly at: number; readonly channelId: string }
  | { readonly type: 'queueJoined'; readonly at: number; readonly channel: ChannelFacts; readonly queue: string }
  | { readonly type: 'queueLeft'; readonly at: number; readonly channelId: string; readonly queue: string }
  | { readonly type: 'queueAbandoned'; readonly at: number; readonly channelId: string; readonly queue: string }
  /** `byPhone`: the phone asked for it (REFER); false for a feature code, when the PBX played music while the digits were dialled. */
  | {
      readonly type: 'blindTransferred';
      readonly at: number;
      readonly transfererId: string;
      readonly to: string;
      readonly byPhone: boolean;
    }
  /** The two legs of the agent are joined; either may be the customer's. `targetId` is null when the PBX cannot name it. */
  | {
      readonly type: 'attendedTransferred';
      readonly at: number;
      readonly firstLegId: string;
      readonly secondLegId: string;
      readonly transfereeId: string | null;
      readonly targetId: string | null;
    }
  | { readonly type: 'parked'; readonly at: number; readonly channelId: string; readonly byExtension: string | null }
  | { readonly type: 'recordingStarted'; readonly at: number; readonly channelId: string; readonly file: string }
  /** The number the caller dialled to get here, as the dialplan knows it. */
  | { readonly type: 'didLearned'; readonly at: number; readonly channelId: string; readonly number: string }
  | { readonly type: 'voicemailReached'; readonly at: number; readonly channelId: string }
  /** The line leads to, or comes from, another PBX; both ends of it are told the same `wire`. */
  | { readonly type: 'wireLearned'; readonly at: number; readonly channelId: string; readonly wire: string };

/** The channel variable by which a dialplan names the wire between two PBXs. */
export const wireVariable = 'TORITSUGI_WIRE';

export type TelephonyEventType = TelephonyEvent['type'];

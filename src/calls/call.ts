/** A call as people understand it: design, section 3 and 4.2. Pure shapes; `CallRecord` is the public JSON. */

export type CallId = string & { readonly __brand: 'CallId' };

export type CallDirection = 'inbound' | 'outbound' | 'internal';

export type CallResult = 'answered' | 'abandoned' | 'noAnswer' | 'busy' | 'failed' | 'rejected' | 'voicemail';

export interface CallCustomer {
  /** The number as the PBX gave it; null when nothing was given. */
  readonly raw: string | null;
  /** E.164, null when it is withheld or no telephone number. */
  readonly number: string | null;
  readonly name: string | null;
  readonly withheld: boolean;
}

export interface Transfer {
  readonly kind: 'blind' | 'attended' | 'park';
  readonly from: string | null;
  readonly to: string | null;
  readonly answered: boolean;
  readonly at: string;
}

/** The business side of a call, written by people; empty in replay. */
export interface CallOutcome {
  readonly code: string;
  readonly label: string;
}

/** What was promised to the customer: to call again, at that time. */
export interface CallFollowUp {
  /** ISO 8601 UTC. */
  readonly dueAt: string;
  readonly note: string | null;
  /** `cancelled`: somebody took it back after the call was over, when CRMs may have had it already. */
  readonly state: 'open' | 'cancelled';
  /** It was cancelled once and set anew: a CRM may hold it as cancelled. */
  readonly reopened: boolean;
}

/** Which CRM record this call belongs to, one at most per connector. */
export interface CallMatchRef {
  readonly connector: string;
  readonly object: string;
  readonly id: string;
  readonly name: string;
}

/** Times are ISO 8601 UTC with milliseconds; durations are seconds with at most three decimals. */
export interface CallRecord {
  readonly id: CallId;
  readonly pbx: string;
  /** Every Linkedid that belongs to the call. */
  readonly linkedIds: readonly string[];
  readonly direction: CallDirection;
  /** Null for internal calls. */
  readonly customer: CallCustomer | null;
  /** The number the customer dialled; null for outbound and internal calls. */
  readonly did: string | null;
  /** The extension that dialled, for outbound and internal calls. */
  readonly placedBy: string | null;
  readonly queue: string | null;
  readonly queues: readonly string[];
  readonly startedAt: string;
  /** When a person answered; null if nobody did. */
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  /** Agents whose phones rang or refused, in order, each once. */
  readonly rang: readonly string[];
  readonly answered: boolean;
  readonly answeredBy: string | null;
  readonly spokeWith: readonly string[];
  /** Null while the call lives. */
  readonly result: CallResult | null;
  readonly hangupCause: number | null;
  readonly hangupBy: 'customer' | 'agent' | 'pbx' | null;
  readonly waitSeconds: number;
  readonly talkSeconds: number;
  readonly holdSeconds: number;
  readonly talkByAgent: Readonly<Record<string, number>>;
  readonly transfers: readonly Transfer[];
  readonly recordings: readonly string[];
  /** Nobody listened, or not all the time: the call was told, or completed, by what Asterisk itself wrote down. */
  readonly filledIn: boolean;
  readonly leadId: string | null;
  readonly outcome: CallOutcome | null;
  readonly notes: string | null;
  readonly followUp: CallFollowUp | null;
  readonly matches: readonly CallMatchRef[];
}

/** A call that is going on: the record so far, and what only matters while it lives. */
export interface LiveCall {
  readonly record: CallRecord;
  readonly phase: 'started' | 'waiting' | 'ringing' | 'talking' | 'held' | 'parked' | 'ended';
  /** Extensions whose phones ring at this moment for this call. */
  readonly ringing: readonly string[];
  /** Extensions in conversation with the customer at this moment, or with the one who holds the customer; the holder included. */
  readonly talking: readonly string[];
}

/** What the tracker says, in order, for each call. Past tense; `call` is the state after it. */
export type CallEvent =
  | { readonly type: 'callStarted'; readonly at: string; readonly call: LiveCall }
  | { readonly type: 'callChanged'; readonly at: string; readonly call: LiveCall }
  | { readonly type: 'callEnded'; readonly at: string; readonly call: LiveCall }
  /** Two calls turned out to be one: `absorbed` is from now on an alias of `call`. */
  | { readonly type: 'callMerged'; readonly at: string; readonly call: LiveCall; readonly absorbed: CallId };

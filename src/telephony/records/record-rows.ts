/**
 * What Asterisk itself wrote down about calls, row by row: CEL (nearly a stream of events), CDR (one row a pair of parties, after the
 * call) and the queue log. Plain values, whatever file or table they come from. Times are milliseconds since 1970.
 */

export interface CelRow {
  /** `CHAN_START`, `BRIDGE_ENTER` … */
  readonly event: string;
  readonly at: number;
  readonly callerNumber: string | null;
  readonly callerName: string | null;
  readonly exten: string;
  /** `PJSIP/1001-0000002a`; may change in the life of a channel. */
  readonly channel: string;
  readonly app: string;
  /** Null where the source has no such column. */
  readonly appData: string | null;
  readonly channelId: string;
  readonly linkedId: string;
  /** Names of the channels it shares a bridge with. */
  readonly peers: readonly string[];
  /** Null where the source has no such column, or nothing stands in it. */
  readonly extra: Readonly<Record<string, unknown>> | null;
}

export interface CdrRow {
  readonly src: string;
  readonly dst: string;
  /** `"Name" <number>` */
  readonly clid: string;
  readonly channel: string;
  readonly dstChannel: string;
  readonly lastApp: string;
  readonly lastData: string;
  readonly startAt: number;
  /** When the PBX answered, which need not have been a person. */
  readonly answerAt: number | null;
  readonly endAt: number;
  /** `ANSWERED`, `NO ANSWER`, `BUSY`, `FAILED`, `CONGESTION` */
  readonly disposition: string;
  readonly channelId: string;
  /** Null where the source has no such column. */
  readonly linkedId: string | null;
  /** What the dialplan set, or FreePBX's columns of these names. */
  readonly did: string | null;
  readonly recording: string | null;
}

export interface QueueLogRow {
  /** Whole seconds in files. */
  readonly at: number;
  /** The Uniqueid of the caller's channel. */
  readonly callId: string;
  readonly queue: string;
  /** The member's name as the queue knows it. */
  readonly agent: string;
  /** `ENTERQUEUE`, `CONNECT`, `ABANDON` … */
  readonly event: string;
  readonly data: readonly string[];
}

export interface RecordRows {
  readonly cel: readonly CelRow[];
  readonly cdr: readonly CdrRow[];
  readonly queueLog: readonly QueueLogRow[];
}

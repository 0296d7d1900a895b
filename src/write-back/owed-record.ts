import type { Rejected } from '../../connectors/connector.ts';
import type { CallId } from '../calls/call.ts';

/** What one connector is owed about one call, and how far it is. Pure shapes. */

export type OwedId = string & { readonly __brand: 'OwedId' };

/** What an owed record is for. A connector is owed at most one record per purpose and call. */
export interface Purpose {
  readonly connector: string;
  /** `callLog`, `outcome` where the mapping keeps it apart, `followUp`. */
  readonly purpose: string;
}

/**
 * owed → writing → written, and back to `owed` whenever the desired state changes. `refused` is the dead-letter list: it leaves
 * it when the desired state changes or a person retries. `discarded` was given up by a person and stays so until restored.
 * `notNeeded`: the mapping has nothing to write.
 */
export type OwedStatus = 'owed' | 'writing' | 'written' | 'refused' | 'discarded' | 'notNeeded';

export type ProblemCode =
  | 'unreachable'
  | 'rateLimited'
  | 'unauthorized'
  | 'rejected'
  | 'missing'
  /** The connector failed in a way it must not: a bug. */
  | 'unexpected'
  /** The three a renderer may name. */
  | 'mapping'
  | 'ambiguous'
  | 'unknownCaller'
  /** Two calls turned out to be one after the CRM had a record of each. */
  | 'duplicate'
  | 'discarded';

export interface Problem {
  readonly code: ProblemCode;
  /** The CRM's own words where there are any. */
  readonly message: string;
  readonly fields: Rejected['fields'];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The person who discarded it. */
  readonly by?: string;
}

/** What it was first sent as; `field` and `value` are null for records that may repeat. */
export interface SentKey {
  readonly object: string;
  readonly field: string | null;
  readonly value: string | null;
}

/** Instants are milliseconds since 1970. */
export interface OwedRecord extends Purpose {
  readonly id: OwedId;
  readonly callId: CallId;
  readonly version: number;
  readonly status: OwedStatus;
  /** The version the CRM holds; null when it holds none, as far as we know. */
  readonly writtenVersion: number | null;
  readonly remoteId: string | null;
  /** Null: it was never sent. */
  readonly key: SentKey | null;
  /** Tries since the last success, change or retry. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly problem: Problem | null;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** Why nothing is written to a connector for the moment. */
export interface ConnectorHold {
  readonly connector: string;
  /** `heldBack`: by ourselves, because the vendor's day runs short; the CRM works. */
  readonly kind: 'unreachable' | 'rateLimited' | 'unauthorized' | 'heldBack';
  readonly reason: string;
  readonly since: number;
  readonly until: number;
  /** Failures in a row. */
  readonly failures: number;
}

/**
 * The port between Toritsugi and one kind of CRM: all an integrator has to learn.
 *
 * A connector promises: it finds customers by phone, reads who changed, and writes records so that writing the same key
 * twice leaves one record. It throws nothing but the five errors below, named after what should happen next; what is wrong
 * with a single record of a batch comes back in its `WriteResult`.
 *
 * Not in the port: retries, queues, budgets and back-off (write-back and callers do these), number spellings (callers),
 * which fact goes into which field (mappings). A connector reads no environment variable and keeps no record of its own.
 */

/** What a person reads on a screen or in a terminal. Names, addresses and the CRM's own words stay as they are in both. */
export interface InBothLanguages {
  readonly en: string;
  readonly ja: string;
}

/** A value as the CRM's own API takes it in JSON: dates `YYYY-MM-DD`, instants ISO 8601 UTC, choices by their stored value. */
export type FieldValue = string | number | boolean | null | readonly string[];

/** Where callers can be found; from the `callers` part of a mapping. */
export interface CallerSource {
  readonly object: string;
  /** Fields that hold phone numbers, best first. */
  readonly phones: readonly string[];
  /** Field that holds the name to show. */
  readonly name: string;
  /** Further fields to bring along (card, links); a dot follows a reference: `Account.Name`. */
  readonly fields: readonly string[];
}

export interface PhoneQuery {
  /** E.164, for example `+81312345678`. */
  readonly number: string;
  /** Every way the CRM may hold the number, likeliest first; at most 40. */
  readonly spellings: readonly string[];
  readonly sources: readonly CallerSource[];
  /** The most records wanted in all. */
  readonly limit: number;
}

/** One customer record as the CRM holds it. */
export interface CallerRecord {
  readonly object: string;
  readonly id: string;
  readonly name: string;
  /** What stands in the source's phone fields, as written there; empty ones left out. */
  readonly phones: readonly { readonly field: string; readonly value: string }[];
  /** The source's `fields` by name; a field our user may not see is absent. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** ISO 8601 UTC; null where the CRM does not tell. */
  readonly modifiedAt: string | null;
}

/** One page of changes. `cursor` resumes after this page, also after a restart; it means something to its connector alone. */
export interface ChangePage {
  readonly records: readonly CallerRecord[];
  readonly deleted: readonly { readonly object: string; readonly id: string }[];
  readonly cursor: string;
  /** Records in all, where the CRM told; for progress. */
  readonly total: number | null;
  /** Ids that are still there, in a reading of everything that compares ids and brings no records along. */
  readonly present?: readonly string[];
  /**
   * Set on every page of a reading of everything, also one that was interrupted and resumed. When the page with `last` has come,
   * every record of the source's object that no page with this `id` named is gone from the CRM. Absent on pages of mere changes.
   */
  readonly everything?: { readonly id: string; readonly last: boolean };
}

/** What a CRM told by itself (a webhook): a hint that saves waiting, never the truth. `object` as the sources call it. */
export interface ChangeNotice {
  readonly changed: readonly { readonly object: string; readonly id: string }[];
  readonly deleted: readonly { readonly object: string; readonly id: string }[];
}

/** Whose word counts in a field when the record exists already: see design, section 6. */
export type FieldOwner = 'ours' | 'fillEmpty' | 'append' | 'theirs';

/** One record's desired state. */
export interface RecordWrite {
  readonly object: string;
  /** The unique field and our value for it. Null only where the mapping says that this record may repeat. */
  readonly key: { readonly field: string; readonly value: string } | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields not named here are `ours`. */
  readonly owners: Readonly<Record<string, FieldOwner>>;
  /**
   * The hub has never sent this key before: the CRM need not be asked what stands there, whoever owns the fields. Writing it is
   * an upsert all the same, should the hub be wrong.
   */
  readonly isFirst?: boolean;
}

/** What became of one record of a batch, in the batch's order. */
export type WriteResult =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly error: ConnectorError };

export type FieldType =
  | 'string'
  | 'text'
  | 'phone'
  | 'email'
  | 'url'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'time'
  | 'dateTime'
  | 'picklist'
  | 'multiPicklist'
  | 'reference'
  | 'user'
  | 'id'
  | 'file'
  | 'table'
  | 'other';

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters (digits for numbers); null where there is no limit. */
  readonly length: number | null;
  /** A create without it is refused and the CRM fills nothing in. */
  readonly required: boolean;
  readonly unique: boolean;
  /** Usable as the `key` of a write. */
  readonly usableAsKey: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly picklist: readonly string[] | null;
  /** True when a value outside `picklist` is refused. */
  readonly restricted: boolean;
  /** For references: the objects it may point at. */
  readonly referenceTo: readonly string[];
}

export interface ObjectDescription {
  readonly object: string;
  readonly label: string;
  readonly fields: readonly FieldDescription[];
}

/** What `check` found: one line each, with a remedy where something is wrong. */
export interface ConnectionReport {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: InBothLanguages;
    readonly ok: boolean;
    readonly detail: InBothLanguages;
    readonly remedy: InBothLanguages | null;
  }[];
  /** API calls of the CRM's own day, where it tells. */
  readonly quota: { readonly used: number; readonly limit: number } | null;
}

export interface Connector {
  /** Reachable, permitted, quota left? Never throws for a CRM's refusal: it is in the report. */
  check(signal: AbortSignal): Promise<ConnectionReport>;
  /** @throws Missing when there is no such object or our user may not see it. */
  describe(object: string, signal: AbortSignal): Promise<ObjectDescription>;
  /** The live look-up, for a number the directory does not know. Each source's records, in the order of the sources. */
  findByPhone(query: PhoneQuery, signal: AbortSignal): Promise<readonly CallerRecord[]>;
  /** Everything (`since` null), or what changed after the cursor. Pages may repeat a record; they never leave one out. */
  readChanges(source: CallerSource, since: string | null, signal: AbortSignal): AsyncIterable<ChangePage>;
  /** Upsert by key, in the vendor's own batches. One result per record, in order. Throws only when nothing can be said of any record. */
  write(batch: readonly RecordWrite[], signal: AbortSignal): Promise<readonly WriteResult[]>;
  /** The page on which a person sees the record. */
  recordUrl(ref: { readonly object: string; readonly id: string }): string;
  close(): Promise<void>;
  /** Only where the CRM calls us: reads the body of such a call. `objects`: those of the sources. Null: it is none of the CRM's. */
  readonly notices?: { read(body: unknown, objects: readonly string[]): ChangeNotice | null };
}

/** A connector's setting, declared as data: `doctor`, `.env.example` and the documents are made from it. */
export interface ConnectorSetting {
  /** Environment variable, for example `SALESFORCE_CLIENT_ID`. */
  readonly key: string;
  readonly kind: 'text' | 'url' | 'file' | 'number' | 'choice';
  readonly choices?: readonly string[];
  readonly secret: boolean;
  readonly required: boolean;
  readonly default?: string;
  readonly description: InBothLanguages;
}

/** What is wrong with a setting: a problem without a full stop, a remedy with one. Never repeats a secret. */
export interface SettingProblem {
  readonly key: string;
  readonly problem: InBothLanguages;
  readonly remedy: InBothLanguages;
}

/** One request to the vendor, signing in left out, and what its answer told of the vendor's limits. */
export interface RequestNotice {
  /** The object for which the vendor counts it, as mappings call it; null where the vendor counts by account. */
  readonly object: string | null;
  /** Requests of the vendor's day, by everybody who uses the account; null where the answer did not tell. */
  readonly day: { readonly used: number; readonly limit: number } | null;
  /** Requests under way at once, by everybody who uses the account; null where the answer did not tell. */
  readonly atOnce: { readonly running: number; readonly limit: number } | null;
}

/** What a vendor lets one account do, and how much of it the hub takes. */
export interface VendorBudget {
  /** Requests at once, over all processes of the hub. */
  readonly atOnce: number;
  /** Requests a day; null until the vendor tells. */
  readonly perDay: number | null;
  readonly countedBy: 'account' | 'object';
  /** The last 24 hours, or a day that begins at this hour (UTC). */
  readonly day: 'rolling' | { readonly beginsAtUtcHour: number };
}

/** What the hub hands to a connector besides its settings. */
export interface ConnectorWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once for each request that went out, also when no answer came. Left out: nobody counts. */
  readonly onRequest?: (notice: RequestNotice) => void;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** One line of the list in `index.ts`. */
export interface ConnectorDefinition {
  readonly name: string;
  readonly label: string;
  /** How this company calls it, where its settings tell; left out: `label`. */
  readonly ownLabel?: (settings: Readonly<Record<string, string>>) => string;
  readonly settings: readonly ConnectorSetting[];
  /** Most records one `write` passes on in one request; a longer batch is cut by the connector itself. */
  readonly maxBatch: number;
  /** Left out: nothing is known of the vendor's limits but what it tells. */
  readonly budget?: (settings: Readonly<Record<string, string>>) => VendorBudget;
  /** Every problem of the settings at once; empty when all is well. Called before `open`. */
  problems(settings: Readonly<Record<string, string>>): readonly SettingProblem[];
  /** Makes the connector; opens no connection yet. `settings` holds this definition's keys that were set. */
  open(settings: Readonly<Record<string, string>>, world: ConnectorWorld): Connector;
  /** Where a company may have several CRMs of this kind. */
  readonly several?: {
    /** Lists the names of the further ones, separated by commas. */
    readonly setting: ConnectorSetting;
    /** One of them: the same connector, by its own name and with settings of its own. */
    named(name: string): ConnectorDefinition;
  };
}

/** Base of the five. `message` says what failed, for whom, what to do; never a token, never a full phone number. */
export abstract class ConnectorError extends Error {
  abstract readonly kind: 'unreachable' | 'rateLimited' | 'unauthorized' | 'rejected' | 'missing';
}

/** Network, time-out, 5xx, an answer that is no JSON: try again with back-off. The write may have happened. */
export class Unreachable extends ConnectorError {
  readonly kind = 'unreachable';
  override readonly name = 'Unreachable';
}

/** 429 or a limit: wait `retryAfterMs`, hold this connector. */
export class RateLimited extends ConnectorError {
  readonly kind = 'rateLimited';
  override readonly name = 'RateLimited';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Still refused after one refresh of the token: hold the connector, tell the admin, keep what is owed. */
export class Unauthorized extends ConnectorError {
  readonly kind = 'unauthorized';
  override readonly name = 'Unauthorized';
}

/** The CRM refuses this record: a dead letter with the CRM's own words, by field where it named one. */
export class Rejected extends ConnectorError {
  readonly kind = 'rejected';
  override readonly name = 'Rejected';
  readonly fields: readonly { readonly field: string | null; readonly code: string; readonly message: string }[];
  constructor(message: string, fields: Rejected['fields'], options?: ErrorOptions) {
    super(message, options);
    this.fields = fields;
  }
}

/** The record, object or app is not there (any more): a dead letter, or look again. */
export class Missing extends ConnectorError {
  readonly kind = 'missing';
  override readonly name = 'Missing';
}

/** Japanese for what happened; the message, with the CRM's own words, stands behind it in brackets. */
const happenings: Readonly<Record<ConnectorError['kind'], string>> = {
  unreachable: '応答がないか、応答を読めません',
  rateLimited: '利用制限に達しています',
  unauthorized: '認証または権限で拒否されました',
  rejected: '要求が受け付けられませんでした',
  missing: '対象が見つかりません',
};

/** A connector's error as a person reads it in a report. */
export function detailOf(error: ConnectorError): InBothLanguages {
  return { en: error.message, ja: `${happenings[error.kind]} (${error.message})` };
}

import type { CallerSource, Connector, FieldValue, RequestNotice } from '../../connectors/connector.ts';

/** Accidents on the CRM's side. They strike the CRM's data calls, not its sign-in. */
export type Accident =
  /** 500 with the vendor's own error body. */
  | 'serverError'
  /** 503 with an HTML page. */
  | 'htmlUnavailable'
  /** 200 with a body that is no JSON. */
  | 'notJson'
  /** The vendor's own "you may not" for the whole request (403). */
  | 'forbidden'
  /** The vendor's own answer when a limit is reached. */
  | 'limitReached'
  /** 401: the session or token is refused. */
  | 'unauthorized'
  /** The request is taken and never answered. */
  | 'stall'
  /** The work is done, then the connection is cut before the answer. */
  | 'commitThenCut';

export interface Customer {
  readonly name: string;
  readonly phone: string;
}

/** One running sandbox with a connector open on it. */
export interface ConnectorSandbox {
  readonly connector: Connector;
  /** Where customers are found. `phones[0]` is the field that `addCustomers` fills. */
  readonly source: CallerSource;
  /** A field of `source.object` that a create must bring along. */
  readonly requiredField: string;
  /** An object for call logs with the fields the suite writes. */
  readonly callLog: {
    readonly object: string;
    /** Unique, text. */
    readonly key: string;
    /** One line of text with a limit of `titleLength` characters. */
    readonly title: string;
    readonly titleLength: number;
    /** Long text. */
    readonly notes: string;
    /** Whole number. */
    readonly seconds: string;
    /** A choice; a value outside `choices` is refused. */
    readonly choice: string;
    readonly choices: readonly string[];
    /** What every create needs besides, for example a status. */
    readonly always: Readonly<Record<string, FieldValue>>;
  };
  /** Customers enough for at least three pages of a first load. */
  readonly customersForThreePages: number;
  /** Requests that writing 250 fresh records may cost at most, sign-in included. */
  readonly requestsFor250Writes: number;
  /** What must never stand in an error: tokens, secrets, passwords. */
  readonly secrets: readonly string[];
  /** Puts customers into the CRM as a colleague would; answers with their ids in order. */
  addCustomers(customers: readonly Customer[]): Promise<readonly string[]>;
  editCustomer(id: string, customer: Customer): Promise<void>;
  deleteCustomer(id: string): Promise<void>;
  /** The call logs with this key as they stand in the CRM: the `callLog` fields by name. */
  callLogs(key: string): Promise<readonly Readonly<Record<string, FieldValue>>[]>;
  /** All call logs in the CRM. */
  countCallLogs(): Promise<number>;
  /** A colleague types something into the call log. */
  editCallLog(key: string, fields: Readonly<Record<string, FieldValue>>): Promise<void>;
  /** The next `times` data calls meet this accident. */
  strike(accident: Accident, times: number): Promise<void>;
  /** What the connector told of its requests so far. */
  readonly notices: readonly RequestNotice[];
  /** Requests received since the start, of whatever kind. */
  requestCount(): number;
  /** Moves the CRM's clock. */
  passTime(ms: number): void;
  /** From now on nobody listens on the CRM's address. */
  vanish(): Promise<void>;
  /** Closes connector and sandbox; called after every test, also after `vanish`. */
  close(): Promise<void>;
}

export interface ConnectorHarness {
  start(): Promise<ConnectorSandbox>;
  /** Cases that make no sense for this vendor, each with its reason. */
  readonly leftOut?: {
    /** The vendor's credentials cannot be renewed. */
    readonly tokenRefresh?: string;
    /** The vendor does not tell deletions. */
    readonly deletions?: string;
    /** The service can only be written to by looking first. */
    readonly firstWrite?: string;
  };
}

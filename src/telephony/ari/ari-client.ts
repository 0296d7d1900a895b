import type { After } from '../after.ts';
import { PbxFailure } from '../pbx-failure.ts';

/**
 * The port to one ARI connection: the event socket of one application, and requests beside it. One client is one connection; when it
 * is gone, make another.
 *
 * It promises: every event in the order of the socket, to one callback; a request answered, refused or timed out, never left hanging;
 * a bound on everything a peer can make us hold; and no throw out of a socket, whatever the peer sends.
 *
 * Not in the port: reconnecting, watching and snapshots (the listener), and what the events mean (the translator).
 */
export interface AriClient {
  /** Opens the event socket; resolves when Asterisk has accepted it. Once. @throws AriRefused, AriUnreachable */
  connect(): Promise<void>;
  /**
   * One request and its answer. A status that says "not so" (404, 409, 422 …) is an answer, not an error. Works only while connected.
   * @throws AriRequestRefused (nothing was sent), AriRefused (401, 403), AriUnreachable (time-out, connection lost: it may have been
   * carried out; 5xx)
   */
  request(request: AriRequest): Promise<AriResponse>;
  /** Asks over the event socket itself whether it is alive: one whose other end is gone says nothing for ever. @throws AriUnreachable */
  ping(): Promise<void>;
  /** Final, and harmless when repeated. Rejects what is waiting. `onClose` is not called. */
  close(): Promise<void>;
}

export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/ari`, its parts encoded: `/channels`, `/bridges/7/addChannel`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface AriResponse {
  readonly status: number;
  /** Parsed JSON; null when there was none. */
  readonly body: unknown;
}

export interface AriHandlers {
  /** Every event, as parsed JSON, in order; what is no JSON is passed over. `at`: when it came, ms since 1970. */
  readonly onEvent: (event: unknown, at: number) => void;
  /** Once, when an open connection ended by itself; also when another client took the application over (`ApplicationReplaced`). */
  readonly onClose: (reason: AriUnreachable | AriRefused) => void;
}

export interface AriSettings {
  /** `http://host:8088` or `https://…`; `/ari` is added. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Unique per connection: a second one with the same name deafens the first. */
  readonly app: string;
  /** Hear of all channels and bridges, not only of those in the application. */
  readonly subscribeAll: boolean;
  /** PEM text where the certificate is not from a public authority. */
  readonly ca: string | null;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxMessageBytes: number;
}

export const ariDefaults = {
  ca: null,
  subscribeAll: true,
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 10_000,
  maxMessageBytes: 4_194_304,
} as const;

export interface AriWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
}

/** Makes a client; opens nothing yet. */
export type AriClientFactory = (settings: AriSettings, world: AriWorld, handlers: AriHandlers) => AriClient;

/** The PBX refuses us: wrong user, password or rights, or another hub has taken our application's name. An admin has to change something. */
export class AriRefused extends PbxFailure {
  override readonly name = 'AriRefused';
}

/** Not there, gone, or silent: try again with back-off. */
export class AriUnreachable extends PbxFailure {
  override readonly name = 'AriUnreachable';
  constructor(detail: string, remedy = 'Check the network and the PBX.', options?: ErrorOptions) {
    super(detail, remedy, options);
  }
}

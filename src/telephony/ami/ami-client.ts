import type { After } from '../after.ts';
import { PbxFailure } from '../pbx-failure.ts';
import type { AmiAction } from './ami-action.ts';
import type { AmiMessage } from './ami-message.ts';
import type { AmiProtocolError } from './ami-parser.ts';

/**
 * The port to one AMI connection: connect and log in, hear every message, act, close. One client is one connection; when it is
 * gone, make another.
 *
 * It promises: every message in the order of the stream, to one callback; an action answered, refused or timed out, never left
 * hanging; a bound on everything a peer can make us hold; and no throw out of a socket, whatever the peer sends.
 *
 * Not in the port: reconnecting, pinging and snapshots (the PBX listener), and what the messages mean (the translator).
 */
export interface AmiClient {
  /** Connects and logs in; once. @throws AmiRefused, AmiUnreachable, AmiProtocolError. */
  connect(): Promise<void>;
  /**
   * Sends one action and waits for its answer; for a list, until it is complete. `Response: Error` is an answer, not an error,
   * unless it says that the user lacks the right.
   * @throws AmiActionRefused (nothing was sent), AmiRefused (permission denied), AmiUnreachable (time-out, connection lost: it may
   * have been carried out), AmiProtocolError (list beyond the limit).
   */
  act(action: AmiAction): Promise<AmiResponse>;
  /** Final, and harmless when repeated. Rejects what is waiting. `onClose` is not called. */
  close(): Promise<void>;
}

export interface AmiResponse {
  /** False when Asterisk answered `Response: Error`. */
  readonly ok: boolean;
  /** The `Message` header; empty when there is none. */
  readonly text: string;
  readonly message: AmiMessage;
  /** The events of a list answer, without its completing one. They went to `onMessage` as well. */
  readonly events: readonly AmiMessage[];
}

export interface AmiHandlers {
  /** Every message after the greeting, answers included, in order. `at` is when its last byte came, in ms since 1970. */
  readonly onMessage: (message: AmiMessage, at: number) => void;
  /** Once, when a logged-in connection ended by itself. */
  readonly onClose: (reason: AmiUnreachable | AmiProtocolError) => void;
}

export interface AmiSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
  /** What to hear: `on`, `off`, or classes (`call,agent,system`). */
  readonly events: string;
  /** Null: plain TCP. `ca` is PEM text where the PBX's certificate is not from a public authority. */
  readonly tls: { readonly ca: string | null; readonly servername: string | null } | null;
  /** For connecting and logging in together. */
  readonly loginTimeoutMs: number;
  readonly actionTimeoutMs: number;
  /** The most events a list answer may have. */
  readonly maxListEvents: number;
}

export const amiDefaults = {
  port: 5038,
  // Not among them: security, reporting, cdr, dtmf and the like, of which nothing is made.
  events: 'system,call,agent,user,dialplan',
  tls: null,
  loginTimeoutMs: 10_000,
  actionTimeoutMs: 10_000,
  maxListEvents: 50_000,
} as const;

export interface AmiWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable; makes the ActionIDs. */
  readonly newId: () => string;
  readonly after: After;
}

/** Makes a client; opens nothing yet. */
export type AmiClientFactory = (settings: AmiSettings, world: AmiWorld, handlers: AmiHandlers) => AmiClient;

/** The PBX refuses us: wrong user, secret or rights. An admin has to change something; trying again fast does not help. */
export class AmiRefused extends PbxFailure {
  override readonly name = 'AmiRefused';
}

/** Not there, gone, or silent: try again with back-off. */
export class AmiUnreachable extends PbxFailure {
  override readonly name = 'AmiUnreachable';
  constructor(detail: string, remedy = 'Check the network and the PBX.', options?: ErrorOptions) {
    super(detail, remedy, options);
  }
}

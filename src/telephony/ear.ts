import type { Ear } from './join-ears.ts';
import type { TelephonyEvent } from './telephony-event.ts';

/**
 * What differs between the interfaces a PBX can be heard on: how one is connected to, questioned and understood. What they have in
 * common (coming back, watching, order, limits) is the ear listener's.
 */
export interface EarKind<Client> {
  readonly ear: Ear;
  /** For people: `10.0.0.5:5038`. */
  readonly where: string;
  /** What to do where more is told than can be worked off. */
  readonly floodRemedy: string;
  /** Makes one connection; opens nothing yet. */
  connect(handlers: EarHandlers): EarConnection<Client>;
  /** What any failure of a connection means to an admin. */
  troubleOf(error: unknown): EarTrouble;
}

/** One connection and what belongs to it; replaced as a whole. */
export interface EarConnection<Client> {
  readonly client: Client;
  /** Connects and logs in. Once. */
  open(): Promise<void>;
  /** Has the PBX tell all that exists. Resolves, when all of it is on its way to `onArrival`, with what the PBX would not tell. */
  takeSnapshot(): Promise<EarTrouble | null>;
  /** Rejects when the line is dead. */
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

export interface EarHandlers {
  /** Something came. `read` is called when its turn has come, in order, and says what it means. */
  readonly onArrival: (read: () => readonly TelephonyEvent[]) => void;
  /** The connection ended by itself, or is good for nothing any more. */
  readonly onClose: (reason: unknown) => void;
}

export interface EarTrouble {
  /** An admin has to change something: knocking fast does not help. */
  readonly isRefusal: boolean;
  readonly detail: string;
  readonly remedy: string;
}

import type { AmiUser } from './ami-user.ts';
import type { LivePbx } from './live/live-pbx.ts';

/** An action at hand. */
export interface AmiAsk {
  /** null: absent or empty. */
  readonly header: (name: string) => string | null;
  /** All headers of this name. */
  readonly all: (name: string) => readonly string[];
  readonly actionId: string | null;
  readonly user: AmiUser;
}

/** The one answer to an action. Until it is given, the session answers nothing else. */
export interface AmiReply {
  success(message: string | null, headers?: readonly (readonly [string, string])[]): void;
  /** A packet that belongs to the answer and comes behind it. */
  follow(headers: readonly (readonly [string, string])[]): void;
  error(message: string): void;
}

export type AmiCommand = (pbx: LivePbx, ask: AmiAsk, reply: AmiReply) => void;

export type AmiCommands = Readonly<Record<string, AmiCommand>>;

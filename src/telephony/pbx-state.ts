import type { Ear } from './join-ears.ts';

/** How it stands with one ear at one PBX, in the words of an admin; for `/readyz`, `doctor` and the log. */
export interface PbxState {
  readonly pbx: string;
  readonly ear: Ear;
  readonly state: 'connecting' | 'listening' | 'refused' | 'unreachable' | 'stopped';
  /** Milliseconds since 1970 at which this state began. */
  readonly since: number;
  readonly detail: string;
  /** What to do about it; null while all is well. */
  readonly remedy: string | null;
}

import type { Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import type { AriEvent, AriEventType } from './ari-event.ts';

/** What an adapter must be told about a PBX to translate its events. */
export interface AriTranslation {
  readonly numbering: Numbering;
  /** Channel variables that hold the number the customer dialled. */
  readonly didVariables: ReadonlySet<string>;
  /** Channel variables that hold the path of a recording. */
  readonly recordingVariables: ReadonlySet<string>;
}

/** One translator per ARI event type, for what an event tells by itself; null when that is nothing. */
export type Vocabulary = {
  readonly [Type in AriEventType]?: (event: AriEvent<Type>, at: number, translation: AriTranslation) => TelephonyEvent | null;
};

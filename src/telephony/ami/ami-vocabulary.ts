import type { Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import type { AmiMessage } from './ami-message.ts';

/** What an adapter must be told about a PBX to translate its events. */
export interface AmiTranslation {
  readonly numbering: Numbering;
  /** Channel variables that hold the number the customer dialled. */
  readonly didVariables: ReadonlySet<string>;
  /** Channel variables that hold the path of a recording. */
  readonly recordingVariables: ReadonlySet<string>;
}

export type Translation<Told> = Told | null;

/** One translator per AMI event name; events without one are passed over unread. */
export type Vocabulary = Readonly<
  Record<string, (message: AmiMessage, at: number, translation: AmiTranslation) => Translation<TelephonyEvent>>
>;

import { type AriTranslatorSettings, createAriTranslator } from '../ari/ari-translator.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import type { AriRecording } from './ari-recording.ts';

export interface AriReplaySettings extends AriTranslatorSettings {
  /** Told at the end how many lines were no recorded ARI event, when there were any. */
  readonly onUnreadable?: (lines: number) => void;
}

/**
 * What ARI recordings tell, one after the other: successive subscriptions at one PBX, each ending with the loss of the connection.
 * The same code as live.
 */
export function* replayAriRecordings(
  recordings: readonly AriRecording[],
  settings: AriReplaySettings = {},
): Generator<TelephonyEvent, void, void> {
  const translator = createAriTranslator(settings);
  let unreadable = 0;
  for (const recording of recordings) {
    let at = 0;
    for (const recorded of recording.events()) {
      if (recorded === null) {
        unreadable += 1;
        continue;
      }
      at = recorded.at;
      yield* translator.translate(recorded.event, at);
    }
    yield { type: 'connectionLost', at };
  }
  unreadable += translator.unreadable;
  if (unreadable > 0) settings.onUnreadable?.(unreadable);
}

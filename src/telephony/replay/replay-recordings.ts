import { createAmiParser } from '../ami/ami-parser.ts';
import { type AmiTranslatorSettings, createAmiTranslator } from '../ami/ami-translator.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import type { Recording } from './recording.ts';

/**
 * What the recordings tell, one after the other: successive connections of one PBX, each ending with the loss of the connection.
 * The same code as live. Throws `AmiProtocolError` when a file is no AMI.
 */
export function* replayRecordings(
  recordings: readonly Recording[],
  settings: AmiTranslatorSettings = {},
): Generator<TelephonyEvent, void, void> {
  for (const recording of recordings) {
    const parser = createAmiParser();
    const translator = createAmiTranslator(settings);
    let at = 0;
    for (const chunk of recording.chunks) {
      at = chunk.at;
      for (const message of parser.push(chunk.bytes)) yield* translator.translate(message, at);
    }
    yield { type: 'connectionLost', at };
  }
}

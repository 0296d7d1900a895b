import { createEarJoiner } from '../join-ears.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { isAriRecording, readAriRecording } from './ari-recording.ts';
import { mergeByTime } from './merge-by-time.ts';
import { readRecording } from './recording.ts';
import { type AriReplaySettings, replayAriRecordings } from './replay-ari.ts';
import { replayRecordings } from './replay-recordings.ts';

/**
 * What recordings of one PBX tell. Those of one kind are successive connections; AMI and ARI recordings together are two ears that
 * listened at the same time. Throws `RecordingError` and `AmiProtocolError`.
 */
export function* replayFiles(files: readonly string[], settings: AriReplaySettings = {}): Generator<TelephonyEvent, void, void> {
  const ami = files.filter((file) => !isAriRecording(file)).map((file) => readRecording(file));
  const ari = files.filter((file) => isAriRecording(file)).map((file) => readAriRecording(file));
  if (ari.length === 0) yield* replayRecordings(ami, settings);
  else if (ami.length === 0) yield* replayAriRecordings(ari, settings);
  else yield* joined(mergeByTime(replayRecordings(ami, settings), replayAriRecordings(ari, settings)));
}

function* joined(heard: ReturnType<typeof mergeByTime>): Generator<TelephonyEvent, void, void> {
  const joiner = createEarJoiner();
  for (const { ear, event } of heard) yield* joiner.hear(ear, event);
}

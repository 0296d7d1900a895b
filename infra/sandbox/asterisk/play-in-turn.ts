import type { After, Pace } from './player.ts';
import type { RecordedCall } from './recorded-calls.ts';
import type { Recording } from './recording.ts';
import type { SandboxAsterisk } from './sandbox-asterisk.ts';

export interface TurnOptions {
  readonly pace: Exclude<Pace, 'byHand'>;
  /** Between the end of one recording and the beginning of the next. */
  readonly pauseMs: number;
  /** Begin again after the last one, for ever. */
  readonly loop: boolean;
  readonly after: After;
  /** Told when a recording begins. */
  readonly onStart?: (recording: Recording) => void;
}

/**
 * Plays recordings one after the other, each copy with ids of its own, without the calls for which a phone would ring on which
 * somebody is making a call of their own at that moment. The function it returns stops it.
 */
export function playInTurn(pbx: SandboxAsterisk, recordings: readonly Recording[], options: TurnOptions): () => void {
  let stopped = false;
  let stopCurrent = () => {};

  const mayBegin = ({ phones }: RecordedCall) => phones.every((phone) => pbx.calls.channelsOf(phone).length === 0);

  function begin(index: number): void {
    const recording = recordings[index % Math.max(1, recordings.length)];
    if (stopped || recording === undefined || (!options.loop && index >= recordings.length)) return;
    options.onStart?.(recording);
    const playback = pbx.play(recording, { pace: options.pace, mayBegin });
    stopCurrent = playback.stop;
    void playback.whenEnded.then(() => {
      if (!stopped) stopCurrent = options.after(options.pauseMs, () => begin(index + 1));
    });
  }

  begin(0);
  return () => {
    stopped = true;
    stopCurrent();
  };
}

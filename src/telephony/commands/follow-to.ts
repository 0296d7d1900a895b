import type { After } from '../after.ts';
import type { TelephonyEvent } from '../telephony-event.ts';

export interface FollowOptions<Progress> {
  /** Everything heard from now on; returns how to end it. */
  readonly listen: (listener: (event: TelephonyEvent) => void) => () => void;
  readonly after: After;
  readonly begin: Progress;
  readonly step: (progress: Progress, event: TelephonyEvent) => Progress;
  readonly isOver: (progress: Progress) => boolean;
  /** Sets off what is followed; what happens before it resolves counts too. */
  readonly send: () => Promise<unknown>;
  readonly longestMs: number;
  /** Aborted: what is known by then is the answer. Null for what is short. */
  readonly signal: AbortSignal | null;
}

/** Follows something on the PBX to its end, or to the end of patience; answers how far it had come by then. @throws what `send` throws */
export function followTo<Progress>(options: FollowOptions<Progress>): Promise<Progress> {
  const { after, begin, step, isOver, send, longestMs, signal } = options;
  return new Promise((resolve, reject) => {
    let progress = begin;
    const release = () => {
      stopListening();
      callOff();
      signal?.removeEventListener('abort', finish);
    };
    const finish = () => {
      release();
      resolve(progress);
    };
    const stopListening = options.listen((event) => {
      progress = step(progress, event);
      if (isOver(progress)) finish();
    });
    const callOff = after(longestMs, finish);
    signal?.addEventListener('abort', finish);
    send().catch((error: unknown) => {
      release();
      reject(error);
    });
    if (signal?.aborted) finish();
  });
}

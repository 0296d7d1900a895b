import type { After } from '../after.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { followOriginate, type OriginateProgress } from './originate-progress.ts';
import type { OriginateResult, OriginateStage } from './pbx-commands.ts';

export interface Following {
  /** Everything heard of this PBX from now on; returns how to end it. */
  readonly listen: (listener: (event: TelephonyEvent) => void) => () => void;
  readonly after: After;
}

export interface Followed<Progress> {
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
export function followTo<Progress>({ listen, after }: Following, followed: Followed<Progress>): Promise<Progress> {
  const { begin, step, isOver, send, longestMs, signal } = followed;
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
    const stopListening = listen((event) => {
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

/** From the pressing of a button to the last ring of the far end. */
const longestOriginateMs = 180_000;

export interface FollowedOriginate {
  readonly begin: OriginateProgress;
  readonly send: () => Promise<unknown>;
  readonly onStage: (stage: OriginateStage) => void;
  readonly signal: AbortSignal;
}

/** Rings, and tells how it went. */
export async function followOriginateTo(
  following: Following,
  { begin, send, onStage, signal }: FollowedOriginate,
): Promise<OriginateResult> {
  let told: OriginateStage | null = null;
  const { result } = await followTo(following, {
    begin,
    step(progress, event) {
      const next = followOriginate(progress, event);
      if (next.stage !== null && next.stage !== told) onStage(next.stage);
      told = next.stage;
      return next;
    },
    isOver: (progress) => progress.result !== null,
    send,
    longestMs: longestOriginateMs,
    signal,
  });
  return result ?? 'unknown';
}

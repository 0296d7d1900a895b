import type { After, Playback } from './player.ts';
import { callsOf, selectCalls } from './recorded-calls.ts';
import type { Recording } from './recording.ts';
import type { PlayOptions } from './sandbox-asterisk.ts';

export interface LoadOptions {
  readonly callsPerSecond: number;
  /** Their calls are played one after the other, again and again, each with ids of its own. */
  readonly recordings: readonly Recording[];
  /** How much faster than life each call itself goes. */
  readonly speed?: number;
  /** Another caller for each call: the number of the n-th. As recorded when absent. */
  readonly callerOf?: (index: number) => string;
  /** Stops by itself after so many calls. */
  readonly calls?: number;
}

/** Calls at a rate, under way. */
export interface Load {
  /** Begins no more calls; those that are under way end as they are. */
  stop(): void;
  readonly begun: number;
  /** Calls that are under way. */
  readonly live: number;
  /** Resolves when no call is to come and the last one has ended. */
  readonly whenEnded: Promise<void>;
}

interface LoadWorld {
  readonly now: () => number;
  readonly after: After;
  readonly play: (recording: Recording, options: PlayOptions) => Playback;
}

/** @throws when the recordings have no call. */
export function startLoad({ now, after, play }: LoadWorld, options: LoadOptions): Load {
  const calls = options.recordings.flatMap((recording) =>
    callsOf(recording).map((call) => ({ recording: selectCalls(recording, [call.id]), callerNumber: call.callerNumber })),
  );
  if (calls.length === 0) throw new Error('There is no call in the recordings to make load of.');
  const gapMs = 1_000 / options.callsPerSecond;
  const startedAt = now();
  let begun = 0;
  let live = 0;
  let isStopped = false;
  let callOff = () => {};
  let tellEnded = () => {};
  const whenEnded = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });

  function beginCall(): void {
    const call = calls[begun % calls.length];
    if (call === undefined) return;
    const caller = options.callerOf?.(begun);
    const numbers = caller === undefined ? {} : { [call.callerNumber]: caller };
    begun += 1;
    live += 1;
    const playback = play(call.recording, { pace: { speed: options.speed ?? 1, maxGapMs: 60_000 }, numbers });
    void playback.whenEnded.then(() => {
      live -= 1;
      settle();
    });
  }

  function settle(): void {
    if (isStopped && live === 0) tellEnded();
  }

  function tick(): void {
    const due = Math.floor((now() - startedAt) / gapMs) + 1;
    while (!isStopped && begun < due) {
      beginCall();
      if (begun === options.calls) stop();
    }
    if (!isStopped) callOff = after(Math.max(1, startedAt + begun * gapMs - now()), tick);
  }

  function stop(): void {
    isStopped = true;
    callOff();
    settle();
  }

  tick();
  return {
    stop,
    whenEnded,
    get begun() {
      return begun;
    },
    get live() {
      return live;
    },
  };
}

import { headerOf, type PacketText } from './ami-packet-text.ts';
import type { FreshIds } from './fresh-ids.ts';
import type { Recording } from './recording.ts';

/** Runs `run` once after `ms` milliseconds; the function it returns calls that off. */
export type After = (ms: number, run: () => void) => () => void;

/** By hand, for tests; or by the clock, with long silences cut to `maxGapMs` of recorded time. */
export type Pace = 'byHand' | { readonly speed: number; readonly maxGapMs: number };

/** Headers and their values as recorded, or a question about the recorded packet. */
export type PacketMatch = Readonly<Record<string, string>> | ((recorded: PacketText) => boolean);

/** One copy of a recording on its way out. */
export interface Playback {
  /** Sends up to and with the next packet that matches, and returns it as sent. @throws when there is none; nothing is sent then. */
  advanceTo(match: PacketMatch): PacketText;
  /** Sends what came within the next `ms` milliseconds of recorded time. */
  advanceMs(ms: number): void;
  /** Sends all the rest. */
  finish(): void;
  /** Sends nothing more; the calls stay as they are. */
  stop(): void;
  /** What a recorded Uniqueid, Linkedid, bridge id or channel name is called in this copy; null before it was played. */
  freshOf(recordedId: string): string | null;
  readonly ended: boolean;
  /** Resolves when the last packet was sent or the playback was stopped. */
  readonly whenEnded: Promise<void>;
}

export function startPlayback(options: {
  readonly recording: Recording;
  readonly ids: FreshIds;
  readonly pace: Pace;
  readonly send: (packet: PacketText) => void;
  readonly clock: { readonly now: () => number; readonly after: After };
}): Playback {
  const { recording, ids, pace, clock } = options;
  const { packets } = recording;
  let next = 0;
  let heardUntil = packets[0]?.at ?? 0;
  let stopped = false;
  let callOff = () => {};
  let tellEnded = () => {};
  const whenEnded = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });

  function sendNext(): PacketText {
    const packet = packets[next];
    if (packet === undefined) throw new Error(`${recording.name} is at its end.`);
    next += 1;
    heardUntil = Math.max(heardUntil, packet.at);
    const text = ids.rewrite(packet.text, clock.now() - packet.at);
    options.send(text);
    if (next === packets.length) stop();
    return text;
  }

  function stop(): void {
    stopped = true;
    callOff();
    tellEnded();
  }

  function advanceTo(match: PacketMatch): PacketText {
    const last = stopped ? -1 : packets.findIndex((packet, index) => index >= next && matches(packet.text, match));
    if (last === -1) throw new Error(`${recording.name} has no further packet that matches ${JSON.stringify(match)}.`);
    while (next < last) sendNext();
    return sendNext();
  }

  function advanceMs(ms: number): void {
    const until = heardUntil + ms;
    while (!stopped && isDue(until)) sendNext();
    heardUntil = until;
  }

  function isDue(until: number): boolean {
    const packet = packets[next];
    return packet !== undefined && packet.at <= until;
  }

  function playByTheClock(speed: number, maxGapMs: number, dueAt: number): void {
    let due = dueAt;
    while (!stopped && due <= clock.now()) {
      const sentAt = packets[next]?.at ?? 0;
      sendNext();
      const gap = Math.max(0, (packets[next]?.at ?? sentAt) - sentAt);
      due += Math.min(gap, maxGapMs) / speed;
    }
    if (!stopped) callOff = clock.after(Math.max(0, due - clock.now()), () => playByTheClock(speed, maxGapMs, due));
  }

  if (packets.length === 0) stop();
  else if (pace !== 'byHand') playByTheClock(pace.speed, pace.maxGapMs, clock.now());

  return {
    advanceTo,
    advanceMs,
    finish: () => {
      while (!stopped) sendNext();
    },
    stop,
    freshOf: ids.freshOf,
    get ended() {
      return stopped;
    },
    whenEnded,
  };
}

function matches(packet: PacketText, match: PacketMatch): boolean {
  if (typeof match === 'function') return match(packet);
  return Object.entries(match).every(([header, value]) => headerOf(packet, header) === value);
}

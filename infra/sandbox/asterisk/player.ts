import { headerOf, type PacketText } from './ami-packet-text.ts';
import type { FreshIds } from './fresh-ids.ts';
import { belongsToCallOf, callsOf, type RecordedCall } from './recorded-calls.ts';
import type { Recording } from './recording.ts';

/** What one of the two ears heard next. */
type Step =
  | { readonly at: number; readonly packet: PacketText; readonly json: null }
  | { readonly at: number; readonly packet: null; readonly json: string };

/** Runs `run` once after `ms` milliseconds; the function it returns calls that off. */
export type After = (ms: number, run: () => void) => () => void;

/** By hand, for tests; or by the clock, with long silences cut to `maxGapMs` of recorded time. */
export type Pace = 'byHand' | { readonly speed: number; readonly maxGapMs: number };

/** Headers and their values as recorded, or a question about the recorded packet. */
export type PacketMatch = Readonly<Record<string, string>> | ((recorded: PacketText) => boolean);

/** One copy of a recording on its way out. */
export interface Playback {
  /** Sends up to and with the next AMI packet that matches, and returns it as sent. @throws when there is none; nothing is sent then. */
  advanceTo(match: PacketMatch): PacketText;
  /** The same by ARI: up to and with the next event that has these properties. Returns it as sent. */
  advanceToEvent(match: Readonly<Record<string, unknown>>): string;
  /** Sends what came within the next `ms` milliseconds of recorded time. */
  advanceMs(ms: number): void;
  /** Sends all the rest. */
  finish(): void;
  /** Sends nothing more; the calls stay as they are. */
  stop(): void;
  /** What a recorded Uniqueid, Linkedid, bridge id or channel name is called in this copy; null before it was played. */
  freshOf(recordedId: string): string | null;
  /** Plays on without the call this fresh channel id is in; false: it is none of this playback. */
  leaveOut(freshId: string): boolean;
  readonly ended: boolean;
  /** Resolves when the last packet was sent or the playback was stopped. */
  readonly whenEnded: Promise<void>;
}

export function startPlayback(options: {
  readonly recording: Recording;
  readonly ids: FreshIds;
  readonly pace: Pace;
  readonly send: (packet: PacketText) => void;
  /** An ARI event as JSON. */
  readonly sendEvent: (json: string) => void;
  readonly clock: { readonly now: () => number; readonly after: After };
  /** By the clock: asked when a call is about to begin; false plays on without it. */
  readonly mayBegin?: (call: RecordedCall) => boolean;
}): Playback {
  const { recording, ids, pace, clock, mayBegin } = options;
  let steps = inStep(recording);
  const beginnings = mayBegin === undefined ? new Map<Step, Beginning>() : beginningsOf(recording, steps);
  let next = 0;
  let heardUntil = steps[0]?.at ?? 0;
  let stopped = false;
  let callOff = () => {};
  let tellEnded = () => {};
  const whenEnded = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });

  function sendNext(): string {
    const step = steps[next];
    if (step === undefined) throw new Error(`${recording.name} is at its end.`);
    next += 1;
    heardUntil = Math.max(heardUntil, step.at);
    const text = ids.rewrite(step.packet ?? step.json, clock.now() - step.at);
    if (step.packet === null) options.sendEvent(text);
    else options.send(text);
    if (next === steps.length) stop();
    return text;
  }

  function stop(): void {
    stopped = true;
    callOff();
    tellEnded();
  }

  function sendUpTo(kind: string, match: unknown, isWanted: (step: Step) => boolean): string {
    const last = stopped ? -1 : steps.findIndex((step, index) => index >= next && isWanted(step));
    if (last === -1) throw new Error(`${recording.name} has no further ${kind} that matches ${JSON.stringify(match)}.`);
    while (next < last) sendNext();
    return sendNext();
  }

  function advanceMs(ms: number): void {
    const until = heardUntil + ms;
    while (!stopped && isDue(until)) sendNext();
    heardUntil = until;
  }

  function isDue(until: number): boolean {
    const step = steps[next];
    return step !== undefined && step.at <= until;
  }

  function leaveOut(freshId: string): boolean {
    const recorded = stopped ? null : ids.recordedOf(freshId);
    if (recorded === null) return false;
    passOver(stepsOfCall(recording, recorded));
    return true;
  }

  function passOver(isLeftOut: (step: Step) => boolean): void {
    steps = [...steps.slice(0, next), ...steps.slice(next).filter((step) => !isLeftOut(step))];
    if (next === steps.length) stop();
  }

  /** The call that would begin now. True when it was passed over. */
  function passOverUnwanted(): boolean {
    const step = steps[next];
    const begun = step && beginnings.get(step);
    if (begun === undefined || mayBegin?.(begun.call) !== false) return false;
    passOver(begun.isStep);
    return true;
  }

  function playByTheClock(speed: number, maxGapMs: number, dueAt: number): void {
    let due = dueAt;
    while (!stopped && due <= clock.now()) {
      const sentAt = steps[next]?.at ?? 0;
      if (!passOverUnwanted()) sendNext();
      const gap = Math.max(0, (steps[next]?.at ?? sentAt) - sentAt);
      due += Math.min(gap, maxGapMs) / speed;
    }
    if (!stopped) callOff = clock.after(Math.max(0, due - clock.now()), () => playByTheClock(speed, maxGapMs, due));
  }

  if (steps.length === 0) stop();
  else if (pace !== 'byHand') playByTheClock(pace.speed, pace.maxGapMs, clock.now());

  return {
    advanceTo: (match) => sendUpTo('packet', match, ({ packet }) => packet !== null && matches(packet, match)),
    advanceToEvent: (match) => sendUpTo('event', match, ({ json }) => json !== null && matchesEvent(json, match)),
    ...{ advanceMs, leaveOut },
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

interface Beginning {
  readonly call: RecordedCall;
  readonly isStep: (step: Step) => boolean;
}

/** By the first step of each call, on whichever ear. */
function beginningsOf(recording: Recording, steps: readonly Step[]): Map<Step, Beginning> {
  const beginnings = new Map<Step, Beginning>();
  for (const call of callsOf(recording)) {
    const isStep = stepsOfCall(recording, call.id);
    const first = steps.find(isStep);
    if (first !== undefined) beginnings.set(first, { call, isStep });
  }
  return beginnings;
}

function stepsOfCall(recording: Recording, channelId: string): (step: Step) => boolean {
  const belongs = belongsToCallOf(recording, channelId);
  return ({ packet, json }) => belongs(packet === null ? { json } : { packet });
}

/** Both ears by the time at which they heard; what came at the same time as it was recorded, AMI first. */
function inStep({ packets, events = [] }: Recording): readonly Step[] {
  return [
    ...packets.map(({ at, text }): Step => ({ at, packet: text, json: null })),
    ...events.map(({ at, json }): Step => ({ at, packet: null, json })),
  ].sort((a, b) => a.at - b.at);
}

function matches(packet: PacketText, match: PacketMatch): boolean {
  if (typeof match === 'function') return match(packet);
  return Object.entries(match).every(([header, value]) => headerOf(packet, header) === value);
}

function matchesEvent(json: string, match: Readonly<Record<string, unknown>>): boolean {
  const event = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return Object.entries(match).every(([property, value]) => event[property] === value);
}

import type { Channel, Interruption, Place } from './channel.ts';
import { stepsAt } from './dialplan.ts';
import { expand } from './expand.ts';
import { change, endChannel, type LivePbx } from './live-pbx.ts';

/** What becomes of a channel when an application has done its part. */
export type Outcome = { readonly goto: Place } | 'next' | { readonly hangup: number };

/** An application at work on a channel. It says how it ended once, at once or later. */
export interface Work {
  readonly pbx: LivePbx;
  readonly channel: Channel;
  readonly data: string;
  readonly end: (outcome: Outcome) => void;
  /** What calls off that it waits for something: the channel is hung up, or sent somewhere else. */
  readonly whenInterrupted: (callOff: (reason: Interruption) => void) => void;
  /** Where Gosub came from, last first. */
  readonly returns: Place[];
}

export type Application = (work: Work) => void;

/** Applications by name, filled by the files that hold them. */
export type Applications = Readonly<Record<string, Application>>;

/** More than this in a row without waiting is a circle. */
const maxStepsAtOnce = 1_000;

/** Runs the dialplan on a channel from a place on, until it ends or is interrupted. */
export function runDialplan(pbx: LivePbx, channel: Channel, from: Place): void {
  const returns: Place[] = [];
  let isOver = false;
  let callOff: ((reason: Interruption) => void) | null = null;
  let stepsAtOnce = 0;
  let place = from;
  let isTurning = false;
  let ended: Outcome | null = null;

  channel.interrupt = (reason) => {
    isOver = true;
    callOff?.(reason);
  };
  channel.atHangup = () => runHangupExtension(pbx, channel);

  function turn(): void {
    isTurning = true;
    while (!isOver) {
      const step = stepsAt(pbx.dialplan, place.context, place.exten)?.[place.priority - 1];
      stepsAtOnce += 1;
      if (step === undefined || stepsAtOnce > maxStepsAtOnce) {
        channel.place = place;
        stop(16);
        break;
      }
      ended = null;
      begin(step[0], step[1]);
      if (ended === null) break;
      follow(ended);
    }
    isTurning = false;
  }

  function begin(application: string, template: string): void {
    channel.place = place;
    const data = expand(pbx, channel, template);
    change(pbx, channel, { application, applicationData: data });
    const run = pbx.applications[application];
    callOff = null;
    if (run === undefined) ended = { hangup: 16 };
    else run({ pbx, channel, data, returns, end: once(hear), whenInterrupted: (off) => (callOff = off) });
  }

  function hear(outcome: Outcome): void {
    if (isOver || channel.isGone) return;
    if (isTurning) ended = outcome;
    else {
      stepsAtOnce = 0;
      callOff = null;
      follow(outcome);
      turn();
    }
  }

  function follow(outcome: Outcome): void {
    if (outcome === 'next') place = { ...place, priority: place.priority + 1 };
    else if ('goto' in outcome) place = outcome.goto;
    else stop(outcome.hangup);
  }

  function stop(cause: number): void {
    isOver = true;
    callOff = null;
    endChannel(pbx, channel, cause);
  }

  turn();
}

/** Extension `h` of the context, straight through: what would wait has nobody left to wait for. */
function runHangupExtension(pbx: LivePbx, channel: Channel): void {
  const { context } = channel.place;
  const steps = stepsAt(pbx.dialplan, context, 'h') ?? [];
  for (const [index, [application, template]] of steps.entries()) {
    channel.place = { context, exten: 'h', priority: index + 1 };
    const data = expand(pbx, channel, template);
    change(pbx, channel, { application, applicationData: data });
    let outcome: Outcome | null = null;
    const end = (value: Outcome) => {
      outcome = value;
    };
    pbx.applications[application]?.({ pbx, channel, data, returns: [], end, whenInterrupted: () => {} });
    if (outcome !== 'next') return;
    channel.place = { context, exten: 'h', priority: index + 2 };
  }
}

/** One application in place of a dialplan, as Originate may ask for: the channel ends with it. */
export function runApplication(pbx: LivePbx, channel: Channel, name: string, data: string): void {
  let callOff: ((reason: Interruption) => void) | null = null;
  channel.interrupt = (reason) => callOff?.(reason);
  channel.atHangup = null;
  change(pbx, channel, { application: name, applicationData: data });
  const end = once((outcome: Outcome) => {
    if (channel.isGone) return;
    if (typeof outcome === 'object' && 'goto' in outcome) runDialplan(pbx, channel, outcome.goto);
    else endChannel(pbx, channel, typeof outcome === 'object' ? outcome.hangup : 16);
  });
  const run = pbx.applications[name];
  if (run === undefined) end({ hangup: 16 });
  else run({ pbx, channel, data, returns: [], end, whenInterrupted: (off) => (callOff = off) });
}

function once<Value>(hear: (value: Value) => void): (value: Value) => void {
  let isHeard = false;
  return (value) => {
    if (isHeard) return;
    isHeard = true;
    hear(value);
  };
}

import { asPacketBytes, channelHeaders } from '../ami-packet-text.ts';
import { channelText } from './announce.ts';
import { conversation } from './bridge.ts';
import { answer, createCallee, type Destination, parseDestination, startCall } from './call-out.ts';
import { blockOf, type Channel } from './channel.ts';
import { change, createBridge, endChannel, enterBridge, inheritVariables, type LivePbx, setVariable } from './live-pbx.ts';
import type { Application } from './run-dialplan.ts';

/** How a call to somebody is told: who calls, if somebody does. */
export function tellDial(
  pbx: LivePbx,
  event: 'DialBegin' | 'DialState' | 'DialEnd',
  caller: Channel | null,
  callee: Channel,
  { status = '', dialString = '' },
): void {
  const by = caller === null ? [] : channelHeaders(blockOf(caller));
  const last: readonly (readonly [string, string])[] =
    event === 'DialBegin' ? [['DialString', asPacketBytes(dialString)]] : [['DialStatus', status]];
  const body = {
    ...{ dialstatus: status, forward: '', dialstring: dialString },
    ...(caller === null ? {} : { caller: channelText(caller) }),
    peer: channelText(callee),
  };
  pbx.announce.say(event, 'call', [...by, ...channelHeaders(blockOf(callee), 'Dest'), ...last], 'Dial', body);
}

interface Attempt {
  readonly callee: Channel;
  readonly giveUp: () => void;
}

export interface DialListener {
  readonly answered: (callee: Channel) => void;
  /** Nobody did: the DIALSTATUS and the cause. */
  readonly failed: (status: string, cause: number) => void;
}

/** Calls one or several at once on behalf of a channel; the first to answer gets it. What it returns calls it off. */
export function dialFor(
  pbx: LivePbx,
  caller: Channel,
  destinations: readonly Destination[],
  timeoutMs: number,
  listener: DialListener,
): () => void {
  const attempts = new Set<Attempt>();
  let cause = 20;
  let status = 'CHANUNAVAIL';
  let isOver = false;
  let callOffTimeout = () => {};

  function begin(destination: Destination): void {
    const callee = createCallee(pbx, destination, { parent: caller });
    if (callee === null || isOver) return;
    setVariable(pbx, callee, 'DIALEDPEERNUMBER', destination.resource);
    inheritVariables(pbx, caller, callee);
    const ownCaller = callee.caller.number === '' ? { number: caller.place.exten, name: caller.connected.name } : callee.caller;
    change(pbx, callee, {
      ...{ application: 'AppDial', applicationData: '(Outgoing Line)', place: { ...callee.place, exten: caller.place.exten } },
      ...{ caller: callee.half === null ? ownCaller : callee.caller, connected: caller.caller },
    });
    tellDial(pbx, 'DialBegin', caller, callee, { dialString: destination.resource });
    if (destinations.length === 1 && callee.half === null) change(pbx, caller, { connected: callee.caller });
    const attempt: Attempt = { callee, giveUp: () => stop() };
    attempts.add(attempt);
    // Hung up while it rings, by whomever.
    callee.atEnd.push(() => lose(attempt, 16));
    const stop = startCall(pbx, callee, destination, {
      ringing() {
        tellDial(pbx, 'DialState', caller, callee, { status: 'RINGING' });
        caller.progress?.ringing();
      },
      answered: () => connect(attempt),
      failed: (why) => lose(attempt, why),
    });
  }

  function connect(attempt: Attempt): void {
    if (isOver) return;
    finish();
    attempts.delete(attempt);
    const { callee } = attempt;
    setVariable(pbx, caller, 'DIALSTATUS', 'ANSWER');
    setVariable(pbx, caller, 'DIALEDPEERNAME', callee.name);
    callee.place = { ...callee.place, exten: '' };
    tellDial(pbx, 'DialEnd', caller, callee, { status: 'ANSWER' });
    giveUpAll(26);
    listener.answered(callee);
  }

  function lose(attempt: Attempt, why: number): void {
    if (!attempts.delete(attempt) || isOver) return;
    cause = why;
    status = why === 17 || why === 21 ? 'BUSY' : why === 1 || why === 20 ? 'CHANUNAVAIL' : 'NOANSWER';
    tellDial(pbx, 'DialEnd', caller, attempt.callee, { status: status === 'BUSY' ? 'BUSY' : 'NOANSWER' });
    endChannel(pbx, attempt.callee, why);
    if (attempts.size === 0) fail();
  }

  function fail(): void {
    finish();
    listener.failed(status, cause);
  }

  function finish(): void {
    isOver = true;
    callOffTimeout();
  }

  function giveUpAll(why: number, told = 'CANCEL'): void {
    for (const { callee, giveUp } of [...attempts]) {
      giveUp();
      tellDial(pbx, 'DialEnd', caller, callee, { status: told });
      endChannel(pbx, callee, why);
    }
    attempts.clear();
  }

  callOffTimeout = pbx.after(timeoutMs, () => {
    finish();
    giveUpAll(0, 'NOANSWER');
    listener.failed('NOANSWER', 0);
  });
  for (const destination of destinations) begin(destination);
  if (attempts.size === 0 && !isOver) fail();
  return () => {
    finish();
    giveUpAll(0);
  };
}

/** Both into a conversation. `over` goes on with the caller when it ends while the caller stays. */
export function connectCaller(pbx: LivePbx, caller: Channel, callee: Channel, over: () => void): void {
  answer(pbx, caller);
  const bridge = createBridge(pbx, conversation);
  change(pbx, callee, {});
  enterBridge(pbx, bridge, callee, null);
  enterBridge(pbx, bridge, caller, over);
  setVariable(pbx, callee, 'BRIDGEPEER', caller.name);
  setVariable(pbx, caller, 'BRIDGEPEER', callee.name);
}

/** `Dial(PJSIP/1003&PJSIP/1004,20,tT)`. */
export const dialApplication: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  const [targets = '', seconds = '', options = ''] = data.split(',');
  const destinations = targets.split('&').flatMap((target) => parseDestination(target) ?? []);
  for (const name of ['DIALSTATUS', 'DIALEDPEERNUMBER', 'DIALEDPEERNAME']) setVariable(pbx, channel, name, '');
  const timeoutMs = (seconds === '' ? 136 : Number(seconds)) * 1_000;
  const callOff = dialFor(pbx, channel, destinations, timeoutMs, {
    answered(callee) {
      whenInterrupted(() => setVariable(pbx, channel, 'DIALSTATUS', 'ANSWER'));
      connectCaller(pbx, channel, callee, () => {
        setVariable(pbx, channel, 'DIALSTATUS', 'ANSWER');
        // Whoever called goes on only with `g`.
        end(options.includes('g') ? 'next' : { hangup: 16 });
      });
    },
    failed(status, cause) {
      setVariable(pbx, channel, 'DIALSTATUS', status);
      channel.variables.set('HANGUPCAUSE', String(cause));
      end('next');
    },
  });
  whenInterrupted(callOff);
};

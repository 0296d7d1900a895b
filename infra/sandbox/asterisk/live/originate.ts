import { asPacketBytes } from '../ami-packet-text.ts';
import { createCallee, type Destination, startCall } from './call-out.ts';
import type { Channel, Party } from './channel.ts';
import { tellDial } from './dial.ts';
import { change, endChannel, type LivePbx, setVariable } from './live-pbx.ts';

export interface Originate {
  readonly destination: Destination;
  readonly timeoutMs: number;
  readonly callerId: Party | null;
  readonly variables: readonly (readonly [string, string])[];
  readonly channelId: string | null;
  readonly otherChannelId: string | null;
  /** The channel whose linked id it shares. */
  readonly originator: Channel | null;
  /** It is there, and not called yet. */
  readonly whenCreated?: (channel: Channel) => void;
  /** It has answered: what it is wanted for begins. */
  readonly whenAnswered: (channel: Channel) => void;
  /** `reason` as OriginateResponse counts: 0 failed, 3 rang in vain. */
  readonly whenFailed: (reason: 0 | 3) => void;
}

/** Calls somebody on nobody's behalf; null when there is nobody to call (`whenFailed` is not told then). */
export function originate(pbx: LivePbx, wanted: Originate): Channel | null {
  const { destination, callerId } = wanted;
  const callee = createCallee(pbx, destination, {
    ...(wanted.originator === null ? {} : { parent: wanted.originator }),
    ...(wanted.channelId === null ? {} : { id: wanted.channelId }),
    ...(wanted.otherChannelId === null ? {} : { otherId: wanted.otherChannelId }),
  });
  if (callee === null) return null;
  change(pbx, callee, { application: 'AppDial2', applicationData: '(Outgoing Line)' });
  for (const [name, value] of wanted.variables) setVariable(pbx, callee, name, value);
  if (callerId !== null) {
    const number = callerId.number === '' ? callee.caller.number : callerId.number;
    callee.connected = callerId;
    change(pbx, callee, { caller: { number, name: callerId.name } });
  }
  wanted.whenCreated?.(callee);
  tellDial(pbx, 'DialBegin', null, callee, { dialString: destination.resource });
  let isOver = false;
  const giveUp = startCall(pbx, callee, destination, {
    ringing: () => tellDial(pbx, 'DialState', null, callee, { status: 'RINGING' }),
    answered() {
      if (isOver) return;
      finish();
      tellDial(pbx, 'DialEnd', null, callee, { status: 'ANSWER' });
      wanted.whenAnswered(callee);
    },
    failed(cause) {
      if (isOver) return;
      finish();
      tellDial(pbx, 'DialEnd', null, callee, { status: 'BUSY' });
      wanted.whenFailed(0);
      endChannel(pbx, callee, cause);
    },
  });
  const callOffTimeout = pbx.after(wanted.timeoutMs, () => lose(19));
  callee.atEnd.push(() => {
    if (!isOver) lose(null);
  });

  /** null: it is gone already. */
  function lose(cause: number | null): void {
    finish();
    giveUp();
    wanted.whenFailed(3);
    if (cause !== null) endChannel(pbx, callee as Channel, cause);
  }

  function finish(): void {
    isOver = true;
    callOffTimeout();
  }

  return callee;
}

/** `"Name" <number>`, `Name <number>`, or a number alone. */
export function parseCallerId(text: string): Party | null {
  if (text.trim() === '') return null;
  const [, name = '', number] = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(text) ?? [];
  if (number !== undefined) return { name, number };
  const alone = text.trim();
  return /^[\d+*#]+$/.test(alone) ? { name: '', number: alone } : { name: alone.replace(/^"|"$/g, ''), number: '' };
}

/** What everybody is told of an asynchronous originate, in the end. */
export interface OriginateReport {
  readonly actionId: string | null;
  readonly asked: string;
  readonly goal: readonly (readonly [string, string])[];
  readonly callerId: Party | null;
}

export function reportOriginate(
  pbx: LivePbx,
  report: OriginateReport,
  channel: Channel | null,
  reason: number,
  id: string | null,
): void {
  pbx.announce.say('OriginateResponse', 'call', [
    ...(report.actionId === null ? [] : [['ActionID', report.actionId] as const]),
    ['Response', channel === null ? 'Failure' : 'Success'],
    ['Channel', channel?.name ?? report.asked],
    ...report.goal,
    ['Reason', String(reason)],
    ['Uniqueid', channel?.id ?? id ?? '<unknown>'],
    ['CallerIDNum', orUnknown(report.callerId?.number)],
    ['CallerIDName', orUnknown(report.callerId?.name)],
  ]);
}

function orUnknown(text: string | undefined): string {
  return text === undefined || text === '' ? '<unknown>' : asPacketBytes(text);
}

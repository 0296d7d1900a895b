import { type Channel, nobody, type Place } from './channel.ts';
import { change, createChannel, endChannel, type LivePbx, requestHangup } from './live-pbx.ts';
import { phoneOwners } from './phone-rules.ts';
import { runDialplan } from './run-dialplan.ts';

/** Somebody to call, as Dial and Originate spell it: `PJSIP/1002`, `PJSIP/09011110001@trunk-out`, `Local/1002@agent-local/n`. */
export interface Destination {
  readonly technology: string;
  /** What stands behind the technology. */
  readonly resource: string;
}

/** What comes of calling somebody. */
export interface CallListener {
  readonly ringing: () => void;
  readonly answered: () => void;
  /** The channel is gone then. */
  readonly failed: (cause: number) => void;
}

/** null: no destination. */
export function parseDestination(text: string): Destination | null {
  const slash = text.indexOf('/');
  return slash < 1 ? null : { technology: text.slice(0, slash), resource: text.slice(slash + 1) };
}

export interface CalleeOptions {
  readonly parent?: Channel;
  readonly id?: string;
  readonly otherId?: string;
}

/** The channel towards a destination, still silent; null where there is none: nobody is signed on, or there is no such line. */
export function createCallee(pbx: LivePbx, destination: Destination, options: CalleeOptions = {}): Channel | null {
  if (destination.technology === 'Local') return createLocalPair(pbx, destination.resource, options);
  const number = numberOf(destination);
  if (destination.technology !== 'PJSIP' || number === null || pbx.phones.of(number) === 'unregistered') return null;
  const owner = phoneOwners.find(({ extension }) => extension === destination.resource);
  const device = owner === undefined ? 'PJSIP/trunk-out' : `PJSIP/${owner.extension}`;
  return createChannel(pbx, {
    ...{ device, state: 'Down', caller: owner === undefined ? nobody : { number: owner.extension, name: owner.name } },
    place: { context: owner === undefined ? 'from-trunk' : 'from-internal', exten: 's', priority: 1 },
    ...identity(options),
  });
}

function identity({ parent, id }: CalleeOptions): { parent?: Channel; id?: string } {
  return { ...(parent === undefined ? {} : { parent }), ...(id === undefined ? {} : { id }) };
}

/** A Local channel is two: `;1` stands for who is called, `;2` goes through the dialplan. The sandbox never optimises them away. */
function createLocalPair(pbx: LivePbx, resource: string, options: CalleeOptions): Channel | null {
  const [address = ''] = resource.split('/');
  const at = address.indexOf('@');
  const place: Place = { exten: address.slice(0, at), context: address.slice(at + 1), priority: 1 };
  if (at < 1) return null;
  const device = `Local/${address}`;
  const name = `${device}-${pbx.counters.nextChannelSuffix('Local')}`;
  const one = createChannel(pbx, { device, place, state: 'Down', name: `${name};1`, ...identity(options) });
  const other = options.otherId === undefined ? {} : { id: options.otherId };
  const two = createChannel(pbx, { device, place, state: 'Ring', name: `${name};2`, parent: one, ...other });
  one.half = two;
  two.half = one;
  one.atEnd.push(() => endChannel(pbx, two, 16));
  two.atEnd.push(() => endChannel(pbx, one, 16));
  return one;
}

/** The number that is called there; null: no such phone or line. */
function numberOf({ resource }: Destination): string | null {
  const [number = '', line] = resource.split('@');
  if (line !== undefined) return line === 'trunk-out' ? number : null;
  return phoneOwners.some(({ extension }) => extension === number) ? number : null;
}

/** Begins the call. What it returns gives it up, without ending the channel. */
export function startCall(pbx: LivePbx, callee: Channel, destination: Destination, listener: CallListener): () => void {
  if (callee.half !== null) return startLocalCall(pbx, callee, callee.half, listener);
  const rule = pbx.phones.of(numberOf(destination) ?? '');
  if (rule === 'noAnswer' || typeof rule === 'object') {
    ringNow(pbx, callee, listener);
    if (rule === 'noAnswer') return () => {};
    return pbx.after(rule.answersAfterMs, () => {
      if (callee.isGone) return;
      change(pbx, callee, { state: 'Up' });
      listener.answered();
      if (rule.hangsUpAfterMs !== undefined) pbx.after(rule.hangsUpAfterMs, () => hangUpPhone(pbx, callee));
    });
  }
  const [afterMs, cause] = rule === 'busy' ? [500, 17] : rule === 'declines' ? [500, 21] : [300, 1];
  return pbx.after(afterMs, () => {
    if (callee.isGone) return;
    requestHangup(pbx, callee, cause);
    listener.failed(cause);
  });
}

function ringNow(pbx: LivePbx, callee: Channel, listener: CallListener): void {
  change(pbx, callee, { state: 'Ringing' });
  listener.ringing();
}

function startLocalCall(pbx: LivePbx, one: Channel, two: Channel, listener: CallListener): () => void {
  two.progress = {
    answered() {
      if (one.isGone || one.state === 'Up') return;
      change(pbx, one, { state: 'Up' });
      listener.answered();
    },
    ringing() {
      if (one.isGone || one.state !== 'Down') return;
      change(pbx, one, { state: 'Ringing' });
      listener.ringing();
    },
  };
  const fail = () => listener.failed(16);
  one.atEnd.push(fail);
  change(pbx, two, { caller: one.connected, connected: one.caller });
  runDialplan(pbx, two, two.place);
  return () => void one.atEnd.splice(one.atEnd.indexOf(fail), 1);
}

/** Somebody at the phone, or outside, hangs up. */
export function hangUpPhone(pbx: LivePbx, channel: Channel): void {
  if (channel.isGone) return;
  // Why a call of theirs failed before stays with the channel.
  const cause = Number(channel.variables.get('HANGUPCAUSE') ?? 0) || 16;
  requestHangup(pbx, channel, cause);
  endChannel(pbx, channel, cause);
}

/** Answers a channel that calls in; a Local one tells its other half. */
export function answer(pbx: LivePbx, channel: Channel): void {
  if (channel.state !== 'Up') change(pbx, channel, { state: 'Up' });
  channel.progress?.answered();
}

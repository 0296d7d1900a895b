import type { PartyKind } from './telephony-event.ts';

/**
 * How an inside phone is told from an outside line: the one thing about a dialplan the hub must be told, and seldom has to be.
 *
 * A channel is `Technology/endpoint-suffix`. It is a *phone* when `phones` matches `Technology/endpoint`; its first group is the
 * extension. It is a *helper* (nobody is at the end of it) when its technology is in `helpers`. Everything else is an outside line.
 */
export interface Numbering {
  /** Matched against e.g. `PJSIP/1001`. The first group is the extension. */
  readonly phones: readonly RegExp[];
  /** Technologies of channels without a person. */
  readonly helpers: readonly string[];
  /** Digits before an outside number that are no part of it; empty where agents dial none. */
  readonly outsidePrefix: string;
  /** What is dialled inside; null: whatever has at most six digits. */
  readonly insideNumbers: readonly NumberRange[] | null;
}

/** From the first number to the last one, both included; both have the same count of digits. */
export interface NumberRange {
  readonly first: string;
  readonly last: string;
}

/** Endpoints named by an extension of two to six digits are phones; DAHDI ports and trunks of any name are lines. */
export const defaultNumbering: Numbering = {
  phones: [/^(?:PJSIP|SIP|IAX2|SCCP|Skinny|MGCP|H323|Agent)\/(\d{2,6})$/],
  helpers: [
    ...['Local', 'CBAnn', 'CBRec', 'Announcer', 'Recorder', 'Surrogate', 'Snoop', 'Message', 'Bridge', 'Parked', 'AsyncGoto'],
    ...['MulticastRTP', 'UnicastRTP', 'AudioSocket', 'WebSocket', 'Rtp', 'Phantom', 'Null'],
  ],
  outsidePrefix: '',
  insideNumbers: null,
};

const mostInsideDigits = 6;

export interface Endpoint {
  readonly party: PartyKind;
  readonly extension: string | null;
  readonly localPair: string | null;
  readonly localHalf: 1 | 2 | null;
}

const line: Endpoint = { party: 'line', extension: null, localPair: null, localHalf: null };
const helper: Endpoint = { party: 'helper', extension: null, localPair: null, localHalf: null };

/** Reads a channel name as Asterisk writes it: `PJSIP/1001-0000002a`, `Local/1001@queue-00000003;1`. */
export function endpointOfChannel(numbering: Numbering, channelName: string): Endpoint {
  const slash = channelName.indexOf('/');
  const technology = slash === -1 ? channelName : channelName.slice(0, slash);
  if (technology === 'Local') return localHalfOf(channelName);
  if (numbering.helpers.includes(technology)) return helper;
  const suffix = channelName.lastIndexOf('-');
  return endpointOfDevice(numbering, suffix > slash ? channelName.slice(0, suffix) : channelName);
}

/** Reads a device as queues and parking name it: `PJSIP/1001`. */
export function endpointOfDevice(numbering: Numbering, device: string): Endpoint {
  for (const pattern of numbering.phones) {
    const extension = pattern.exec(device)?.[1];
    if (extension !== undefined) return { party: 'phone', extension, localPair: null, localHalf: null };
  }
  return line;
}

/** A number that is somewhere outside, even when no line could be seized for it. */
export function isOutsideNumber(numbering: Numbering, dialled: string): boolean {
  const { outsidePrefix } = numbering;
  if (!/^\+?\d+$/.test(dialled)) return false;
  const isListed = isListedInside(numbering, dialled);
  if (isListed !== null) return !isListed;
  const isPrefixed = outsidePrefix !== '' && dialled.startsWith(outsidePrefix);
  return (isPrefixed ? dialled.length - outsidePrefix.length : dialled.replace('+', '').length) > mostInsideDigits;
}

function isWithin({ first, last }: NumberRange, dialled: string): boolean {
  return dialled.length === first.length && dialled >= first && dialled <= last;
}

/** Whether the list of inside numbers has it; null where there is no list. */
export function isListedInside({ insideNumbers }: Numbering, dialled: string): boolean | null {
  return insideNumbers?.some((range) => isWithin(range, dialled)) ?? null;
}

/** Reads `1000-1999,600,700-710`; null when it is no such list. */
export function readNumberRanges(text: string): readonly NumberRange[] | null {
  const ranges: NumberRange[] = [];
  for (const entry of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{2,8})(?:\s*-\s*(\d{2,8}))?\s*$/.exec(entry) ?? [];
    if (first === undefined || last === undefined || first.length !== last.length || first > last) return null;
    ranges.push({ first, last });
  }
  return ranges;
}

function localHalfOf(channelName: string): Endpoint {
  const semicolon = channelName.lastIndexOf(';');
  if (semicolon === -1) return helper;
  const localPair = channelName.slice(0, semicolon);
  return { party: 'helper', extension: null, localPair, localHalf: channelName.endsWith('1') ? 1 : 2 };
}

import { fromPacketBytes } from '../ari-text.ts';
import type { LiveChannel } from '../pbx-state.ts';
import type { Channel } from './channel.ts';
import { evaluate, isTrue } from './expression.ts';
import { type LivePbx, variableOf } from './live-pbx.ts';

const pbxZoneMs = 9 * 3_600_000;

/** Text of the dialplan with its `${…}` and `$[…]` filled in. What was filled in is not looked at again. */
export function expand(pbx: LivePbx, channel: Channel, text: string): string {
  const start = text.search(/\$[{[]/);
  const end = start === -1 ? -1 : closingOf(text, start + 1);
  if (end === -1) return text;
  const inside = expand(pbx, channel, text.slice(start + 2, end));
  const value = text[start + 1] === '[' ? evaluate(inside) : (variableValue(pbx, channel, inside) ?? '');
  return text.slice(0, start) + value + expand(pbx, channel, text.slice(end + 1));
}

function closingOf(text: string, opening: number): number {
  const [open, close] = text[opening] === '[' ? '[]' : '{}';
  let depth = 0;
  for (let at = opening; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** A variable, or one of the few functions the sandbox knows; null: not set. */
export function variableValue(pbx: LivePbx, channel: Channel, name: string): string | null {
  const [, plain = name, from, length] = /^(\w+):(-?\d+)(?::(\d+))?$/.exec(name) ?? [];
  if (from !== undefined) return sliced(variableValue(pbx, channel, plain) ?? '', Number(from), length);
  const known = builtIn[name]?.(channel, pbx);
  if (known !== undefined) return known;
  const [, called = '', given = ''] = /^(\w+)\((.*)\)$/s.exec(name) ?? [];
  const run = Object.hasOwn(functions, called) ? functions[called] : undefined;
  if (run !== undefined) return run(given, pbx);
  return variableOf(channel, name) ?? pbx.globals.get(name) ?? null;
}

const functions: Readonly<Record<string, (given: string, pbx: LivePbx) => string | null>> = {
  /** Of a text what is allowed: `0-9`. */
  FILTER(given) {
    const [allowed = '', text = ''] = cut(given, ',');
    return [...text].filter((mark) => isAllowed(mark, allowed)).join('');
  },
  IF(given) {
    const [condition = '', choices = ''] = cut(given, '?');
    const [yes = '', no = ''] = cut(choices, ':');
    return isTrue(condition.trim()) ? yes : no;
  },
  /** A variable of another channel. */
  IMPORT(given, pbx) {
    const [wanted = '', name = ''] = cut(given, ',');
    const other = [...pbx.channels.values()].find((channel) => channel.name === wanted || channel.id === wanted);
    return other === undefined ? '' : variableValue(pbx, other, name);
  },
  STRFTIME(given) {
    const [seconds] = /^\d+(?=,[^,]*,%Y%m%d-%H%M%S$)/.exec(given) ?? [];
    return seconds === undefined ? null : stamp(Number(seconds) * 1_000);
  },
};

function cut(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isAllowed(mark: string, allowed: string): boolean {
  const ranges = allowed.match(/.-.|./gs) ?? [];
  return ranges.some((range) => (range.length === 3 ? range.charAt(0) <= mark && mark <= range.charAt(2) : range === mark));
}

const builtIn: Readonly<Record<string, (channel: Channel, pbx: LivePbx) => string>> = {
  EXTEN: ({ place }) => place.exten,
  CONTEXT: ({ place }) => place.context,
  PRIORITY: ({ place }) => String(place.priority),
  UNIQUEID: ({ id }) => id,
  CHANNEL: ({ name }) => name,
  EPOCH: (_, { now }) => String(Math.floor(now() / 1_000)),
  'CALLERID(num)': ({ caller }) => caller.number,
  'CALLERID(name)': ({ caller }) => caller.name,
  'CALLERID(all)': ({ caller }) => `"${caller.name}" <${caller.number}>`,
  'CONNECTEDLINE(num)': ({ connected }) => connected.number,
  'CHANNEL(exten)': ({ place }) => place.exten,
  'CHANNEL(context)': ({ place }) => place.context,
  'CHANNEL(linkedid)': ({ linked }) => linked.id,
  'CHANNEL(uniqueid)': ({ id }) => id,
  'CHANNEL(name)': ({ name }) => name,
  'CHANNEL(state)': ({ state }) => state,
};

/** The same of a channel that is played. */
export function playedValue({ block, variables }: LiveChannel, name: string): string | null {
  const known: Readonly<Record<string, string>> = {
    EXTEN: block.Exten,
    CONTEXT: block.Context,
    UNIQUEID: block.Uniqueid,
    CHANNEL: block.Channel,
    'CALLERID(num)': block.CallerIDNum,
    'CHANNEL(linkedid)': block.Linkedid,
    'CHANNEL(uniqueid)': block.Uniqueid,
    'CHANNEL(name)': block.Channel,
    'CHANNEL(state)': block.ChannelStateDesc,
  };
  const value = Object.hasOwn(known, name) ? known[name] : variables.get(name);
  return value === undefined || value === '' ? null : fromPacketBytes(value);
}

function sliced(text: string, from: number, length: string | undefined): string {
  const start = from < 0 ? Math.max(0, text.length + from) : from;
  return length === undefined ? text.slice(start) : text.slice(start, start + Number(length));
}

/** The clock of the recorded PBX is that of Japan. */
function stamp(ms: number): string {
  const [date = '', time = ''] = new Date(ms + pbxZoneMs).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

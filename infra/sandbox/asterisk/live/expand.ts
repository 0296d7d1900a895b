import { fromPacketBytes } from '../ari-text.ts';
import type { LiveChannel } from '../pbx-state.ts';
import type { Channel } from './channel.ts';
import { type LivePbx, variableOf } from './live-pbx.ts';

const pbxZoneMs = 9 * 3_600_000;

/** Variables within variables. */
const maxDepth = 5;

/** Text of the dialplan with its `${…}` filled in, innermost first. */
export function expand(pbx: LivePbx, channel: Channel, text: string): string {
  let expanded = text;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    expanded = expanded.replace(/\$\{([^${}]*)\}/g, (_, name: string) => variableValue(pbx, channel, name) ?? '');
  }
  return expanded;
}

/** A variable, or one of the few functions the sandbox knows; null: not set. */
export function variableValue(pbx: LivePbx, channel: Channel, name: string): string | null {
  const [, plain = name, from, length] = /^(\w+):(-?\d+)(?::(\d+))?$/.exec(name) ?? [];
  if (from !== undefined) return sliced(variableValue(pbx, channel, plain) ?? '', Number(from), length);
  const known = builtIn[name]?.(channel, pbx);
  if (known !== undefined) return known;
  const [, seconds] = /^STRFTIME\((\d+),[^,]*,%Y%m%d-%H%M%S\)$/.exec(name) ?? [];
  if (seconds !== undefined) return stamp(Number(seconds) * 1_000);
  return variableOf(channel, name) ?? pbx.globals.get(name) ?? null;
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

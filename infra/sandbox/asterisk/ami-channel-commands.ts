import type { AmiCommand, AmiCommands, AmiReply } from './ami-command.ts';
import { channelHeaders } from './ami-packet-text.ts';
import { channelText } from './live/announce.ts';
import { blockOf, type Channel } from './live/channel.ts';
import { playedValue, variableValue } from './live/expand.ts';
import { endChannel, findChannel, type LivePbx, setVariable } from './live/live-pbx.ts';

const hangup: AmiCommand = (pbx, { header, actionId }, reply) => {
  const name = header('Channel');
  const cause = Number(header('Cause') ?? '16');
  if (name === null) return reply.error('No channel specified');
  if (name.startsWith('/')) return hangUpAll(pbx, name, { cause, actionId }, reply);
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('No such channel');
  reply.success('Channel Hungup');
  endChannel(pbx, channel, isCause(cause) ? cause : 16);
};

function isCause(cause: number): boolean {
  return Number.isInteger(cause) && cause >= 0 && cause <= 127;
}

/** A name between slashes is a pattern: all channels it fits are hung up. */
function hangUpAll(
  pbx: LivePbx,
  pattern: string,
  { cause, actionId }: { cause: number; actionId: string | null },
  reply: AmiReply,
): void {
  if (!/^\/.+\/$/.test(pattern)) {
    reply.error('Regex format invalid, Channel param should be /regex/');
    return;
  }
  const expression = asRegExp(pattern.slice(1, -1));
  if (expression === null) {
    reply.error(`Regex compile failed on: ${pattern}`);
    return;
  }
  const found = [...pbx.state.channels()].map(({ block }) => block.Channel).filter((name) => expression.test(name));
  const id: [string, string][] = actionId === null ? [] : [['ActionID', actionId]];
  const list = found.map((name): [string, string][] => [['Event', 'ChannelHungup'], ['Channel', name], ...id]);
  const end: [string, string][] = [
    ['Event', 'ChannelsHungupListComplete'],
    ...id,
    ['EventList', 'Complete'],
    ['ListItems', String(found.length)],
  ];
  reply.success('Channels hung up will follow', [['EventList', 'start']]);
  for (const headers of [...list, end]) reply.follow(headers);
  for (const name of found) {
    const channel = findChannel(pbx, name);
    if (channel !== null) endChannel(pbx, channel, isCause(cause) ? cause : 16);
  }
}

function asRegExp(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern);
  } catch {
    return null;
  }
}

const setvar: AmiCommand = (pbx, { header }, reply) => {
  const [name, variable, value] = [header('Channel'), header('Variable'), header('Value') ?? ''];
  if (variable === null) return reply.error('No variable specified');
  if (name === null) {
    pbx.globals.set(variable, value);
    reply.success('Variable Set');
    return pbx.announce.variable(null, variable, value);
  }
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('No such channel');
  reply.success('Variable Set');
  setVariable(pbx, channel, variable, value);
};

const getvar: AmiCommand = (pbx, { header }, reply) => {
  const [name, variable] = [header('Channel'), header('Variable')];
  if (variable === null) return reply.error('No variable specified');
  const value = name === null ? (pbx.globals.get(variable) ?? null) : valueOn(pbx, name, variable);
  if (value === undefined) return reply.error('No such channel');
  reply.success(null, [
    ['Variable', variable],
    ['Value', value ?? ''],
  ]);
};

/** Asking does not take a played channel out of its recording. undefined: no such channel. */
function valueOn(pbx: LivePbx, name: string, variable: string): string | null | undefined {
  const channel = [...pbx.channels.values()].find((one) => one.name === name || one.id === name);
  if (channel !== undefined) return variableValue(pbx, channel, variable);
  const played = [...pbx.state.channels()].find(({ block }) => block.Channel === name || block.Uniqueid === name);
  return played === undefined ? undefined : playedValue(played, variable);
}

const playDtmf: AmiCommand = (pbx, { header }, reply) => {
  const channel = findNamed(pbx, header('Channel'));
  if (channel === null) return reply.error('Channel not found');
  const digit = header('Digit');
  if (digit === null) return reply.error('No digit specified');
  reply.success('DTMF successfully queued');
  // Played towards the phone it makes no event; played as if the phone had sent it, it does.
  if (/^(?:yes|true|1|on)$/i.test(header('Receive') ?? '')) {
    tellDigit(pbx, channel, digit.slice(0, 1));
  }
};

function tellDigit(pbx: LivePbx, channel: Channel, digit: string): void {
  const headers: [string, string][] = [
    ...channelHeaders(blockOf(channel)),
    ['Digit', digit],
    ['DurationMs', '0'],
    ['Direction', 'Received'],
  ];
  const body = { digit, duration_ms: 0, channel: channelText(channel) };
  pbx.announce.say('DTMFEnd', 'dtmf', headers, 'ChannelDtmfReceived', body);
}

const localOptimizeAway: AmiCommand = (pbx, { header }, reply) => {
  const name = header('Channel');
  if (name === null) return reply.error("'Channel' not specified.");
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('Channel does not exist.');
  if (channel.half === null) return reply.error('Unable to find channel');
  reply.success('Queued channel to be optimized away');
};

const muteAudio: AmiCommand = (pbx, { header }, reply) => {
  if (header('Channel') === null) return reply.error('Channel not specified');
  if (header('State') === null) return reply.error('State not specified');
  if (findNamed(pbx, header('Channel')) === null) return reply.error('No such channel');
  reply.success(null);
};

function findNamed(pbx: LivePbx, name: string | null): Channel | null {
  return name === null ? null : findChannel(pbx, name);
}

/** What AMI can do with one channel. */
export const channelCommands: AmiCommands = {
  hangup,
  setvar,
  getvar,
  playdtmf: playDtmf,
  localoptimizeaway: localOptimizeAway,
  muteaudio: muteAudio,
};

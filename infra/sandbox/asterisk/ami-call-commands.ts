import type { AmiAsk, AmiCommand, AmiCommands, AmiReply } from './ami-command.ts';
import { channelHeaders } from './ami-packet-text.ts';
import { channelText } from './live/announce.ts';
import { parseDestination } from './live/call-out.ts';
import { blockOf, type Channel, type Place } from './live/channel.ts';
import { playedValue, variableValue } from './live/expand.ts';
import { endChannel, findChannel, type LivePbx, setVariable } from './live/live-pbx.ts';
import { originate, parseCallerId, reportOriginate } from './live/originate.ts';
import { park, parkingTimeoutMs } from './live/parking.ts';
import { runApplication, runDialplan } from './live/run-dialplan.ts';
import {
  attendedTransfer,
  blindTransfer,
  bridgeTogether,
  cancelAttendedTransfer,
  doesExist,
  partnerOf,
  redirect,
} from './live/transfer.ts';

/** Asterisk's own limit on an id that is asked for. */
const maxIdLength = 149;

/** What Originate may start only for users who may do as much anyway. */
const guardedApplications = /^(?:agi|eagi|externalivr|mixmonitor|originate|system|trysystem|exec|execif|shell|curl)$/i;

const originateCommand: AmiCommand = (pbx, ask, reply) => {
  const read = readOriginate(pbx, ask);
  if (typeof read === 'string') return reply.error(read);
  const { timeoutMs, place, application } = read;
  const isAsync = /^(?:yes|true|y|t|1|on)$/i.test(ask.header('Async') ?? '');
  const asked = ask.header('Channel') ?? '';
  const destination = parseDestination(asked);
  const channelId = ask.header('ChannelId');
  const isTaken = channelId !== null && pbx.channels.has(channelId);
  const callerId = parseCallerId(ask.header('CallerID') ?? '');
  const goal: [string, string][] =
    application !== null
      ? [
          ['Application', application],
          ['Data', ask.header('Data') ?? ''],
        ]
      : [
          ['Context', place?.context ?? ''],
          ['Exten', place?.exten ?? ''],
        ];
  const report = { actionId: ask.actionId, asked, goal, callerId };

  function fail(reason: 0 | 3): void {
    if (isAsync) reportOriginate(pbx, report, null, reason, channelId);
    else reply.error('Originate failed');
  }

  if (isAsync) reply.success('Originate successfully queued');
  if (destination === null || isTaken) return fail(0);
  const channel = originate(pbx, {
    ...{ destination, timeoutMs, callerId, channelId, otherChannelId: ask.header('OtherChannelId'), originator: null },
    variables: variablesOf(ask),
    whenFailed: fail,
    whenAnswered(answered) {
      if (isAsync) reportOriginate(pbx, report, answered, 4, null);
      else reply.success('Originate successfully queued');
      if (application !== null) runApplication(pbx, answered, application, ask.header('Data') ?? '');
      else if (place !== null) runDialplan(pbx, answered, place);
    },
  });
  if (channel === null) fail(0);
};

interface OriginateGoal {
  readonly timeoutMs: number;
  readonly place: Place | null;
  readonly application: string | null;
}

/** In the order in which Asterisk looks at it; the text says what it has against it. */
function readOriginate(pbx: LivePbx, { header, user }: AmiAsk): OriginateGoal | string {
  const [channel, priority, timeout] = [header('Channel'), header('Priority'), header('Timeout')];
  const ids = [header('ChannelId'), header('OtherChannelId')];
  if (ids.some((id) => id !== null && id.length > maxIdLength)) return `Uniqueid length exceeds maximum of ${maxIdLength}\n`;
  if (channel === null) return 'Channel not specified';
  if (priority !== null && !/^\s*[+-]?\d/.test(priority)) return 'Invalid priority';
  if (timeout !== null && !/^\s*[+-]?\d/.test(timeout)) return 'Invalid timeout';
  if (parseDestination(channel) === null) return 'Invalid channel';
  const [application, exten, context] = [header('Application'), header('Exten'), header('Context')];
  const mayAll = user.write.includes('all') || user.write.includes('system') || user.write.includes('command');
  if (application !== null && guardedApplications.test(application) && !mayAll) {
    return 'Originate Access Forbidden: app or data blacklisted';
  }
  const timeoutMs = timeout === null ? 30_000 : Number.parseInt(timeout, 10);
  const isWhole = exten !== null && context !== null && priority !== null;
  const place: Place | null = isWhole ? { context, exten, priority: Number.parseInt(priority, 10) } : null;
  if (place !== null && !doesExist(pbx, place)) return 'Extension does not exist.';
  if (application === null && place === null) return "Originate with 'Exten' requires 'Context' and 'Priority'";
  return { timeoutMs, place, application };
}

/** One header may set several, divided by commas. */
function variablesOf({ all }: AmiAsk): readonly (readonly [string, string])[] {
  return all('Variable')
    .flatMap((header) => header.split(','))
    .filter((setting) => setting.includes('='))
    .map((setting) => [setting.slice(0, setting.indexOf('=')).trim(), setting.slice(setting.indexOf('=') + 1)] as const);
}

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
  const found = [...pbx.channels.values()].filter(({ name }) => expression.test(name));
  const id: [string, string][] = actionId === null ? [] : [['ActionID', actionId]];
  const list = found.map(({ name }): [string, string][] => [['Event', 'ChannelHungup'], ['Channel', name], ...id]);
  const end: [string, string][] = [
    ['Event', 'ChannelsHungupListComplete'],
    ...id,
    ['EventList', 'Complete'],
    ['ListItems', String(found.length)],
  ];
  reply.success('Channels hung up will follow', [['EventList', 'start']]);
  for (const headers of [...list, end]) reply.follow(headers);
  for (const channel of found) endChannel(pbx, channel, isCause(cause) ? cause : 16);
}

function asRegExp(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern);
  } catch {
    return null;
  }
}

const redirectCommand: AmiCommand = (pbx, { header }, reply) => {
  const [name, context, exten, priority] = [header('Channel'), header('Context'), header('Exten'), header('Priority')];
  if (name === null) return reply.error('Channel not specified');
  if (context === null) return reply.error('Context not specified');
  if (exten === null) return reply.error('Exten not specified');
  if (priority === null) return reply.error('Priority not specified');
  if (!/^\s*[+-]?\d/.test(priority)) return reply.error('Priority is invalid');
  const extraContext = header('ExtraContext');
  const [extraExten, extraPriority] = [header('ExtraExten'), header('ExtraPriority')];
  const extraName = header('ExtraChannel');
  if (extraName !== null && extraContext !== null) {
    if (extraExten === null) return reply.error('ExtraExten not specified');
    if (extraPriority === null) return reply.error('ExtraPriority not specified');
    if (!/^\s*[+-]?\d/.test(extraPriority)) return reply.error('ExtraPriority is invalid');
  }
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error(`Channel does not exist: ${name}`);
  const place: Place = { context, exten, priority: Number.parseInt(priority, 10) };
  if (extraName === null) {
    // Whether the extension exists nobody asks: where it does not, the call just ends.
    reply.success('Redirect successful');
    return redirect(pbx, [{ channel, place }]);
  }
  const extra = findChannel(pbx, extraName);
  if (extra === null) return reply.error(`ExtraChannel does not exist: ${extraName}`);
  const extraPlace: Place =
    extraContext === null
      ? place
      : { context: extraContext, exten: extraExten ?? '', priority: Number.parseInt(extraPriority ?? '1', 10) };
  reply.success('Dual Redirect successful');
  redirect(pbx, [
    { channel: extra, place: extraPlace },
    { channel, place },
  ]);
};

const blindTransferCommand: AmiCommand = (pbx, { header }, reply) => {
  const [name, exten] = [header('Channel'), header('Exten')];
  if (name === null) return reply.error('No channel specified');
  if (exten === null) return reply.error('No extension specified');
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('Channel specified does not exist');
  const target = { context: header('Context') ?? channel.place.context, exten };
  if (partnerOf(channel) === null) reply.error('Transfer invalid');
  else reply.success('Transfer succeeded');
  blindTransfer(pbx, channel, target);
};

const attended: AmiCommand = (pbx, { header }, reply) => {
  const [name, exten] = [header('Channel'), header('Exten')];
  if (name === null) return reply.error('No channel specified');
  if (exten === null) return reply.error('No extension specified');
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('Channel specified does not exist');
  const context = header('Context');
  // Whatever comes of it: it is done by digits that are dialled in the channel's stead.
  reply.success('Atxfer successfully queued');
  if (context !== null) setVariable(pbx, channel, 'TRANSFER_CONTEXT', context);
  attendedTransfer(pbx, channel, { context: context ?? channel.place.context, exten });
};

const cancelAttended: AmiCommand = (pbx, { header }, reply) => {
  const name = header('Channel');
  if (name === null) return reply.error('No channel specified');
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error('Channel specified does not exist');
  reply.success('CancelAtxfer successfully queued');
  cancelAttendedTransfer(pbx, channel);
};

const parkCommand: AmiCommand = (pbx, { header }, reply) => {
  const [name, timeout] = [header('Channel'), header('Timeout')];
  if (name === null) return reply.error('Channel not specified');
  if (timeout !== null && !/^\d+$/.test(timeout)) return reply.error('Invalid Timeout value.');
  const channel = findChannel(pbx, name);
  if (channel === null) return reply.error(`Channel does not exist: ${name}`);
  const backTo = header('TimeoutChannel') ?? header('Channel2');
  const parker = backTo === null ? channel.device : (findChannel(pbx, backTo)?.device ?? backTo.replace(/-[0-9a-f]{8}$/, ''));
  // Asterisk adds a line end of its own, and with it an empty line behind the answer.
  reply.success('Park successful\r\n');
  park(pbx, channel, parker, timeout === null ? parkingTimeoutMs : Number(timeout));
};

const bridgeCommand: AmiCommand = (pbx, { header }, reply) => {
  const [first, second] = [header('Channel1'), header('Channel2')];
  if (first === null || second === null) return reply.error('Missing channel parameter in request');
  const one = findChannel(pbx, first);
  if (one === null) return reply.error(`Channel1 does not exist: ${first}`);
  const two = findChannel(pbx, second);
  if (two === null) return reply.error(`Channel2 does not exist: ${second}`);
  reply.success('Channels have been bridged');
  bridgeTogether(pbx, one, two);
};

const setvar: AmiCommand = (pbx, { header }, reply) => {
  const [name, variable, value] = [header('Channel'), header('Variable'), header('Value') ?? ''];
  if (variable === null) return reply.error('No variable specified');
  if (name === null) {
    pbx.globals.set(variable, value);
    return reply.success('Variable Set');
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

/** What AMI can do with calls. */
export const callCommands: AmiCommands = {
  originate: originateCommand,
  hangup,
  redirect: redirectCommand,
  blindtransfer: blindTransferCommand,
  atxfer: attended,
  cancelatxfer: cancelAttended,
  park: parkCommand,
  bridge: bridgeCommand,
  setvar,
  getvar,
  playdtmf: playDtmf,
  localoptimizeaway: localOptimizeAway,
  muteaudio: muteAudio,
};

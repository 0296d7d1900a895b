import type { AmiCommand, AmiCommands } from './ami-command.ts';
import { bridgeTogether } from './live/bridging.ts';
import type { Place } from './live/channel.ts';
import { findChannel, setVariable } from './live/live-pbx.ts';
import { park, parkingTimeoutMs } from './live/parking.ts';
import { attendedTransfer, blindTransfer, cancelAttendedTransfer, partnerOf, redirect } from './live/transfer.ts';

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

/** What AMI can do to have a call go on somewhere else, or with somebody else. */
export const transferCommands: AmiCommands = {
  redirect: redirectCommand,
  blindtransfer: blindTransferCommand,
  atxfer: attended,
  cancelatxfer: cancelAttended,
  park: parkCommand,
  bridge: bridgeCommand,
};

import type { AmiCommand, AmiCommands } from './ami-command.ts';
import { asPacketBytes } from './ami-packet-text.ts';
import type { LivePbx } from './live/live-pbx.ts';
import { type LiveQueue, memberFields, memberHeaders, type QueueMember } from './queue-board.ts';

const isTrue = (text: string | null) => /^(?:yes|true|y|t|1|on)$/i.test(text ?? '');

function tellMember(pbx: LivePbx, event: string, queue: LiveQueue, member: QueueMember): void {
  pbx.announce.say(event, 'agent', memberHeaders(asPacketBytes(queue.name), member));
}

/** The memberships of an interface: in one queue, or in all when none is named. */
function memberships(pbx: LivePbx, at: string, queueName: string | null): readonly (readonly [LiveQueue, QueueMember])[] {
  return [...pbx.state.queues.queues()].flatMap((queue) => {
    const member = queueName === null || queue.name === queueName ? queue.members.get(at) : undefined;
    return member === undefined ? [] : [[queue, member] as const];
  });
}

const pause: AmiCommand = (pbx, { header }, reply) => {
  const [at, paused] = [header('Interface'), header('Paused')];
  if (at === null || paused === null) return reply.error("Need 'Interface' and 'Paused' parameters.");
  const found = memberships(pbx, at, header('Queue'));
  if (found.length === 0) return reply.error('Interface not found');
  const isPaused = isTrue(paused);
  reply.success(isPaused ? 'Interface paused successfully' : 'Interface unpaused successfully');
  for (const [queue, member] of found) {
    const LastPause = isPaused ? String(Math.floor(pbx.now() / 1_000)) : member.fields.LastPause;
    const PausedReason = asPacketBytes(header('Reason') ?? '');
    const fields = { ...member.fields, LastPause, PausedReason, Paused: isPaused ? '1' : '0' };
    tellMember(pbx, 'QueueMemberPause', queue, { ...member, fields });
  }
};

const add: AmiCommand = (pbx, { header }, reply) => {
  const [name, at] = [header('Queue'), header('Interface')];
  if (name === null) return reply.error("'Queue' not specified.");
  if (at === null) return reply.error("'Interface' not specified.");
  const queue = pbx.state.queues.find(name);
  if (queue === null) return reply.error('Unable to add interface to queue: No such queue');
  if (queue.members.has(at)) return reply.error('Unable to add interface: Already there');
  reply.success('Added interface to queue');
  const zeros = Object.fromEntries(memberFields.map((field) => [field, '0'])) as QueueMember['fields'];
  const fields = {
    ...zeros,
    StateInterface: header('StateInterface') ?? at,
    Membership: 'dynamic',
    Penalty: header('Penalty') ?? '0',
    LoginTime: String(Math.floor(pbx.now() / 1_000)),
    Status: '1',
    Paused: isTrue(header('Paused')) ? '1' : '0',
    PausedReason: asPacketBytes(header('Reason') ?? ''),
  };
  tellMember(pbx, 'QueueMemberAdded', queue, { name: asPacketBytes(header('MemberName') ?? at), interface: at, fields });
};

const remove: AmiCommand = (pbx, { header }, reply) => {
  const [name, at] = [header('Queue'), header('Interface')];
  if (name === null || at === null) return reply.error("Need 'Queue' and 'Interface' parameters.");
  const queue = pbx.state.queues.find(name);
  if (queue === null) return reply.error('Unable to remove interface from queue: No such queue');
  const member = queue.members.get(at);
  if (member === undefined) return reply.error('Unable to remove interface: Not there');
  if (member.fields.Membership !== 'dynamic') return reply.error('Member not dynamic');
  reply.success('Removed interface from queue');
  tellMember(pbx, 'QueueMemberRemoved', queue, member);
};

const penalty: AmiCommand = (pbx, { header }, reply) => {
  const [at, value] = [header('Interface'), header('Penalty')];
  if (at === null || value === null) return reply.error("Need 'Interface' and 'Penalty' parameters.");
  const found = memberships(pbx, at, header('Queue'));
  if (found.length === 0) return reply.error('Invalid interface, queuename or penalty');
  reply.success('Interface penalty set successfully');
  for (const [queue, member] of found) {
    const fields = { ...member.fields, Penalty: String(Number(value) || 0) };
    tellMember(pbx, 'QueueMemberPenalty', queue, { ...member, fields });
  }
};

/** What AMI can do with the members of queues. */
export const queueCommands: AmiCommands = { queuepause: pause, queueadd: add, queueremove: remove, queuepenalty: penalty };

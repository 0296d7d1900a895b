import { asPacketBytes, type ChannelBlock, channelBlock, headerOf, type PacketText } from './ami-packet-text.ts';
import type { QueueSetting } from './queues.ts';

/** A member as `QueueMemberStatus` describes it; the values as they stand in packets. */
export interface QueueMember {
  readonly name: string;
  readonly interface: string;
  readonly fields: Readonly<Record<(typeof memberFields)[number], string>>;
}

export interface QueueEntry {
  readonly block: ChannelBlock;
  readonly since: number;
}

export interface LiveQueue {
  readonly name: string;
  readonly strategy: string;
  readonly members: Map<string, QueueMember>;
  /** By Uniqueid, in the order in which they wait. */
  readonly entries: Map<string, QueueEntry>;
  completed: number;
  abandoned: number;
}

/** The queues at this moment: who waits, who is a member, how it went so far. */
export interface QueueBoard {
  apply(packet: PacketText, now: number): void;
  queues(): Iterable<LiveQueue>;
  find(name: string): LiveQueue | null;
  /** The memberships of a phone, by its state interface. */
  membersAt(device: string): readonly { readonly queue: LiveQueue; readonly member: QueueMember }[];
}

export const memberFields = [
  'StateInterface',
  'Membership',
  'Penalty',
  'CallsTaken',
  'LastCall',
  'LastPause',
  'LoginTime',
  'InCall',
  'Status',
  'Paused',
  'PausedReason',
  'Wrapuptime',
] as const;

/** A member as the events about it tell of it. */
export function memberHeaders(queue: string, { name, interface: at, fields }: QueueMember): [string, string][] {
  const values = memberFields.flatMap((field): [string, string][] =>
    field === 'Wrapuptime'
      ? [
          ['Ringinuse', '0'],
          [field, fields[field]],
        ]
      : [[field, fields[field]]],
  );
  return [['Queue', queue], ['MemberName', name], ['Interface', at], ...values];
}

export function createQueueBoard(settings: readonly QueueSetting[]): QueueBoard {
  const queues = new Map<string, LiveQueue>(settings.map((setting) => [setting.name, opened(setting)]));

  function apply(packet: PacketText, now: number): void {
    const queue = queues.get(headerOf(packet, 'Queue') ?? '');
    const event = headerOf(packet, 'Event');
    if (event === 'Hangup') for (const each of queues.values()) each.entries.delete(headerOf(packet, 'Uniqueid') ?? '');
    if (queue !== undefined && event !== null) changes[event]?.(queue, packet, now);
  }

  return {
    apply,
    queues: () => queues.values(),
    find: (name) => queues.get(name) ?? null,
    membersAt: (device) =>
      [...queues.values()].flatMap((queue) =>
        [...queue.members.values()]
          .filter((member) => member.fields.StateInterface === device)
          .map((member) => ({ queue, member })),
      ),
  };
}

const changes: Readonly<Record<string, (queue: LiveQueue, packet: PacketText, now: number) => void>> = {
  QueueCallerJoin(queue, packet, now) {
    const block = channelBlock(packet, '');
    if (block !== null) queue.entries.set(block.Uniqueid, { block, since: now });
  },
  QueueCallerLeave: (queue, packet) => void queue.entries.delete(headerOf(packet, 'Uniqueid') ?? ''),
  QueueCallerAbandon(queue) {
    queue.abandoned += 1;
  },
  AgentComplete(queue) {
    queue.completed += 1;
  },
  QueueMemberStatus: updateMember,
  QueueMemberAdded: updateMember,
  QueueMemberPause: updateMember,
  QueueMemberPenalty: updateMember,
  QueueMemberRinginuse: updateMember,
  QueueMemberRemoved: (queue, packet) => void queue.members.delete(headerOf(packet, 'Interface') ?? ''),
};

function updateMember(queue: LiveQueue, packet: PacketText): void {
  const at = headerOf(packet, 'Interface') ?? '';
  const fields = Object.fromEntries(memberFields.map((field) => [field, headerOf(packet, field) ?? ''])) as QueueMember['fields'];
  queue.members.set(at, { name: headerOf(packet, 'MemberName') ?? '', interface: at, fields });
}

function opened(setting: QueueSetting): LiveQueue {
  const members = setting.members.map((member): [string, QueueMember] => {
    const zeros = Object.fromEntries(memberFields.map((field) => [field, '0'])) as QueueMember['fields'];
    const fields = { ...zeros, StateInterface: member.stateInterface, Membership: 'static', Status: '1', PausedReason: '' };
    return [member.interface, { name: asPacketBytes(member.name), interface: member.interface, fields }];
  });
  return {
    ...{ name: setting.name, strategy: setting.strategy, completed: 0, abandoned: 0 },
    ...{ members: new Map(members), entries: new Map() },
  };
}

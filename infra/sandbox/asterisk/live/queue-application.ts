import { asPacketBytes, channelHeaders } from '../ami-packet-text.ts';
import { fromPacketBytes } from '../ari-text.ts';
import type { LiveQueue, QueueMember } from '../queue-board.ts';
import { createCallee, parseDestination, startCall } from './call-out.ts';
import { blockOf, type Channel } from './channel.ts';
import { connectCaller, tellDial } from './dial.ts';
import { change, endChannel, inheritVariables, say, setVariable } from './live-pbx.ts';
import type { Application, Work } from './run-dialplan.ts';

/** Members ring so long before the next try. */
const ringMs = 8_000;
const retryMs = 5_000;

interface Ring {
  readonly member: QueueMember;
  readonly callee: Channel;
  readonly since: number;
  readonly giveUp: () => void;
}

/**
 * `Queue(sales,tT,,,60)`: all members that are free ring at once, whatever the strategy of the queue is; the first to answer gets the
 * caller.
 */
export const queueApplication: Application = (work) => {
  const { pbx, channel, data, end, whenInterrupted } = work;
  const [name = '', , , , seconds = ''] = data.split(',');
  const queue = pbx.state.queues.find(name);
  if (queue === null) {
    setVariable(pbx, channel, 'QUEUESTATUS', 'UNKNOWN');
    end('next');
    return;
  }
  const joinedAt = pbx.now();
  const rings = new Set<Ring>();
  let callOffTry = () => {};
  const position = queue.entries.size + 1;
  const told = (more: [string, string][] = []): [string, string][] => [
    ...channelHeaders(blockOf(channel)),
    ['Queue', asPacketBytes(name)],
    ...more,
  ];
  const tell = (event: string, more: [string, string][] = []) => pbx.announce.say(event, 'agent', told(more));
  const held = () => String(Math.round((pbx.now() - joinedAt) / 1_000));

  function leave(): void {
    callOffTimeout();
    callOffTry();
    tell('QueueCallerLeave', [
      ['Position', String(position)],
      ['Count', String(Math.max(0, queue === null ? 0 : queue.entries.size - 1))],
    ]);
  }

  function giveUpRings(cause: number): void {
    for (const ring of [...rings]) {
      rings.delete(ring);
      ring.giveUp();
      tellDial(pbx, 'DialEnd', channel, ring.callee, { status: 'CANCEL' });
      endChannel(pbx, ring.callee, cause);
    }
  }

  function tryMembers(): void {
    for (const member of freeMembers(queue)) ringMember(member);
    callOffTry = pbx.after(ringMs, () => {
      for (const ring of [...rings]) loseRing(ring, 'NOANSWER', 0);
      callOffTry = pbx.after(retryMs, tryMembers);
    });
  }

  function ringMember(member: QueueMember): void {
    const called = parseDestination(member.interface);
    const callee = called === null ? null : createCallee(pbx, called, { parent: channel });
    if (called === null || callee === null) return;
    inheritVariables(pbx, channel, callee);
    callee.connected = channel.caller;
    pbx.announce.say('AgentCalled', 'agent', [...channelHeaders(blockOf(channel)), ...destination(callee, member)]);
    tellDial(pbx, 'DialBegin', channel, callee, { dialString: member.interface });
    change(pbx, callee, { application: 'AppQueue', applicationData: '(Outgoing Line)' });
    const stop = startCall(pbx, callee, called, {
      ringing: () => tellDial(pbx, 'DialState', channel, callee, { status: 'RINGING' }),
      answered: () => connect(ring),
      failed: (cause) => loseRing(ring, 'BUSY', cause),
    });
    const ring: Ring = { member, callee, since: pbx.now(), giveUp: stop };
    rings.add(ring);
    // Hung up while it rings, by whomever.
    callee.atEnd.push(() => loseRing(ring, 'NOANSWER', 16));
  }

  function loseRing(ring: Ring, status: string, cause: number): void {
    if (!rings.delete(ring)) return;
    const { callee, member, since, giveUp } = ring;
    giveUp();
    tell('AgentRingNoAnswer', [...destination(callee, member), ['RingTime', String(pbx.now() - since)]]);
    tellDial(pbx, 'DialEnd', channel, callee, { status });
    endChannel(pbx, callee, cause);
  }

  function destination(callee: Channel, member: QueueMember): [string, string][] {
    return [
      ...channelHeaders(blockOf(callee), 'Dest'),
      ['Queue', asPacketBytes(name)],
      ['Interface', member.interface],
      ['MemberName', member.name],
    ];
  }

  function connect(ring: Ring): void {
    const { callee, member } = ring;
    rings.delete(ring);
    const ringSeconds = String(Math.round((pbx.now() - ring.since) / 1_000));
    const holdSeconds = held();
    tellDial(pbx, 'DialEnd', channel, callee, { status: 'ANSWER' });
    change(pbx, channel, { connected: callee.caller });
    say(pbx, channel, 'MusicOnHoldStop');
    setVariable(pbx, channel, 'MEMBERINTERFACE', fromPacketBytes(member.interface));
    leave();
    const times: [string, string][] = [
      ['HoldTime', holdSeconds],
      ['RingTime', ringSeconds],
    ];
    pbx.announce.say('AgentConnect', 'agent', [...channelHeaders(blockOf(channel)), ...destination(callee, member), ...times]);
    giveUpRings(26);
    talk(work, callee, () => destination(callee, member), holdSeconds);
  }

  tell('QueueCallerJoin', [
    ['Position', String(position)],
    ['Count', String(position)],
  ]);
  say(pbx, channel, 'MusicOnHoldStart', [['Class', 'default']]);
  const callOffTimeout = pbx.after((Number(seconds) || 300) * 1_000, () => {
    giveUpRings(0);
    say(pbx, channel, 'MusicOnHoldStop');
    leave();
    setVariable(pbx, channel, 'QUEUESTATUS', 'TIMEOUT');
    end('next');
  });
  whenInterrupted((reason) => {
    say(pbx, channel, 'MusicOnHoldStop');
    giveUpRings(0);
    const places: [string, string][] = [
      ['Position', String(position)],
      ['OriginalPosition', String(position)],
    ];
    if (reason === 'gone') tell('QueueCallerAbandon', [...places, ['HoldTime', held()]]);
    leave();
  });
  tryMembers();
};

function talk(
  { pbx, channel, end, whenInterrupted }: Work,
  callee: Channel,
  destination: () => [string, string][],
  holdSeconds: string,
): void {
  const talkingSince = pbx.now();
  function complete(reason: 'caller' | 'agent' | 'transfer'): void {
    const times: [string, string][] = [
      ['HoldTime', holdSeconds],
      ['TalkTime', String(Math.round((pbx.now() - talkingSince) / 1_000))],
      ['Reason', reason],
    ];
    pbx.announce.say('AgentComplete', 'agent', [...channelHeaders(blockOf(channel)), ...destination(), ...times]);
  }
  whenInterrupted((reason) => {
    if (reason === 'transferred') complete('transfer');
    else if (reason === 'gone') complete('caller');
    // Sent away by the PBX, it is complete for the queue only when the caller is gone.
    else channel.atEnd.push(() => complete('caller'));
  });
  connectCaller(pbx, channel, callee, () => {
    complete('agent');
    end({ hangup: 16 });
  });
}

function freeMembers(queue: LiveQueue | null): readonly QueueMember[] {
  return [...(queue?.members.values() ?? [])].filter(({ fields }) => fields.Paused !== '1' && fields.Status === '1');
}

import { exactList, sharedList, withItem } from './tracker-lists.ts';
import {
  type Bridge,
  type Call,
  type Channel,
  channelsOf,
  type Partner,
  type Tracker,
  type TransferSoFar,
  touch,
} from './tracker-state.ts';

/** Who talks with whom, and for how long: worked out anew from the bridges after every event that can have changed it. */

export function settleConversation(tracker: Tracker, call: Call, at: number): void {
  addUpConversation(call, at);
  const before = call.partners;
  const now = partnersOf(tracker, call);
  const isSame = before.length === now.length && before.every((partner, index) => partner.channelId === now[index]?.channelId);
  if (!isSame) {
    call.partners = now;
    touch(tracker, call, at);
    const came = now.filter((partner) => !before.some(({ channelId }) => channelId === partner.channelId));
    if (came.length > 0) partnersCame(tracker, call, came, at);
    call.aloneSince = now.length > 0 ? null : (call.aloneSince ?? at);
  }
  settleHold(tracker, call, at);
}

/** Adds the time since the last look to whoever talked or waited in it. */
export function addUpConversation(call: Call, at: number): void {
  const elapsed = at - call.addedUpTo;
  if (elapsed <= 0) return;
  call.addedUpTo = at;
  if (call.onHold) {
    call.holdMs += elapsed;
    return;
  }
  for (const extension of new Set(agentsAmong(call.partners))) addTalk(call, extension, elapsed);
}

export function addTalk(call: Call, extension: string, ms: number): void {
  const position = call.spokeWith.indexOf(extension);
  if (position === -1) return;
  call.talkMs = call.spokeWith.map((_, index) => (call.talkMs[index] ?? 0) + (index === position ? ms : 0));
}

/** All that can hear one another with this channel, through Local pairs too; itself not included. */
export function companyOf(tracker: Tracker, channel: Channel): Channel[] {
  const seenBridges = new Set<string>();
  const company: Channel[] = [];
  const open = channel.bridgeId === null ? [] : [channel.bridgeId];
  for (let bridgeId = open.pop(); bridgeId !== undefined; bridgeId = open.pop()) {
    const bridge = tracker.bridges.get(bridgeId);
    if (bridge === undefined || bridge.kind === 'holding' || seenBridges.has(bridgeId)) continue;
    seenBridges.add(bridgeId);
    for (const member of membersOf(tracker, bridge)) {
      if (member.party !== 'helper') {
        if (member.id !== channel.id) company.push(member);
        continue;
      }
      const behind = otherHalf(tracker, member)?.bridgeId;
      if (behind) open.push(behind);
    }
  }
  return company;
}

function membersOf(tracker: Tracker, bridge: Bridge): Channel[] {
  const members: Channel[] = [];
  for (const id of bridge.members) {
    const member = tracker.channels.get(id);
    if (member !== undefined) members.push(member);
  }
  return members;
}

export function otherHalf(tracker: Tracker, half: Channel): Channel | undefined {
  if (half.localPair === null) return undefined;
  return tracker.channels.get(tracker.localHalves.get(`${half.localPair};${half.localHalf === 1 ? 2 : 1}`) ?? '');
}

/**
 * The customer's partners are all phones in company with a leg of the customer, and outside lines of the same call (a forwarded
 * mobile). Of an internal call it is everybody in company, whoever began it.
 */
function partnersOf(tracker: Tracker, call: Call): readonly Partner[] {
  const partners = new Map<string, Partner>();
  for (const channel of channelsOf(tracker, call)) {
    if (channel.bridgeId === null || channel.party === 'helper') continue;
    if (call.hadCustomer && !channel.isCustomer) continue;
    for (const other of companyOf(tracker, channel)) {
      const isOurs = other.party === 'phone' || (other.callId === call.id && !other.isCustomer);
      if (isOurs) partners.set(other.id, { channelId: other.id, extension: other.extension });
    }
  }
  return exactList([...partners.values()]);
}

function partnersCame(tracker: Tracker, call: Call, came: readonly Partner[], at: number): void {
  call.endedBy = null;
  const agents = agentsAmong(call.partners);
  // The one who began an internal call did not answer it.
  const answering = came.filter((partner) => call.hadCustomer || partner.channelId !== call.initiatorId);
  if (call.answeredAt === null) {
    call.answeredAt = at;
    call.addedUpTo = at;
    call.answeredBy = call.direction === 'outbound' ? null : (answering[0]?.extension ?? null);
  } else {
    moveToNewAgents(tracker, call, answering, at);
  }
  for (const agent of agents) call.spokeWith = sharedList(tracker, withItem(tracker, call.spokeWith, agent));
  if (agents.length > 0) call.lastAgents = sharedList(tracker, agents);
  call.isTransferring = false;
  call.consulting = null;
  call.parked = null;
  call.isParkedNow = false;
}

/** The customer is connected again after a time alone: which transfer was that? */
function moveToNewAgents(tracker: Tracker, call: Call, came: readonly Partner[], at: number): void {
  const stayed = call.partners.some((partner) => !came.includes(partner));
  const to = came.find(({ extension }) => extension === null || !call.lastAgents.includes(extension));
  const transfer = call.transfers.at(-1);
  if (call.isTransferring && transfer !== undefined) {
    transfer.answered = came.some(({ extension }) => extension === null || extension !== transfer.from);
    if (transfer.to === null || transfer.implied) transfer.to = to?.extension ?? transfer.to;
    return;
  }
  if (stayed || to === undefined || call.lastAgents.length === 0) return;
  if (call.consulting?.to === to.extension) {
    addTransfer(tracker, call, {
      kind: 'attended',
      from: call.consulting.by,
      to: to.extension,
      answered: true,
      at,
      implied: true,
    });
    return;
  }
  const from = call.parked === null ? (call.lastAgents.at(-1) ?? null) : (call.parked.by ?? call.lastAgents.at(-1) ?? null);
  const kind: TransferSoFar['kind'] = call.parked === null ? 'blind' : 'park';
  const began = call.parked?.at ?? call.aloneSince ?? at;
  addTransfer(tracker, call, { kind, from, to: to.extension, answered: true, at: began, implied: call.parked === null });
}

export function addTransfer(tracker: Tracker, call: Call, transfer: TransferSoFar): void {
  call.transfers = withItem(tracker, call.transfers, transfer);
}

/**
 * The customer is on hold while everybody there holds, or while the one who holds has gone to consult somebody (a feature code
 * takes the agent out of the bridge and never says "unhold").
 */
function settleHold(tracker: Tracker, call: Call, at: number): void {
  const holder = call.partners.find(({ channelId }) => tracker.channels.get(channelId)?.holding === true);
  const everybodyHolds = holder !== undefined && call.partners.every(({ channelId }) => tracker.channels.get(channelId)?.holding);
  const holderIsAway =
    call.partners.length === 0 && call.lastHold?.to === null && tracker.channels.get(call.lastHold.channelId)?.holding === true;
  const onHold = call.hadCustomer && (everybodyHolds || (holderIsAway && !call.isTransferring && call.parked === null));
  if (onHold === call.onHold) return;
  call.onHold = onHold;
  touch(tracker, call, at);
  if (onHold && holder !== undefined) {
    call.lastHold = { channelId: holder.channelId, extension: holder.extension, from: at, to: null };
  } else if (!onHold && call.lastHold !== null) {
    call.lastHold.to = at;
  }
}

function agentsAmong(partners: readonly Partner[]): string[] {
  const agents: string[] = [];
  for (const { extension } of partners) if (extension !== null) agents.push(extension);
  return agents;
}

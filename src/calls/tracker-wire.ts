import { addUpConversation, settleConversation } from './tracker-conversation.ts';
import { exactList } from './tracker-lists.ts';
import { uniteHalves } from './tracker-local.ts';
import { type Call, type Channel, callOf, channelsOf, type Tracker } from './tracker-state.ts';

/**
 * Two PBXs with a trunk between them: the leg that leaves one and the leg that arrives at the other are two ends of one wire, and what
 * is behind them is one call. Only once both ends are known: until then each is an outside line, so that a call is never lost
 * because the other PBX is not heard.
 */
export function wireLearned(tracker: Tracker, channel: Channel, wire: string, at: number): void {
  if (channel.party !== 'line') return;
  const other = tracker.channels.get(tracker.wires.get(wire) ?? '');
  if (other === undefined || other.party !== 'line') {
    rememberEnd(tracker, channel, wire);
    return;
  }
  if (other.pbx === channel.pbx) return;
  tracker.wires.delete(wire);
  becomeEnd(tracker, other, { wire, half: 1, at });
  becomeEnd(tracker, channel, { wire, half: 2, at });
  const [leaving, arriving] = channel.outgoing ? [channel, other] : [other, channel];
  const first = callOf(tracker, leaving);
  const call = first ?? callOf(tracker, arriving);
  if (call === null) return;
  const beginning = first && beginningOf(first);
  const whole = uniteHalves(tracker, call, channel, at);
  // What comes out of a wire has begun at its other end, whichever PBX was heard first.
  if (beginning !== null && whole.initiatorId === arriving.id) Object.assign(whole, beginning);
  if (!whole.hadCustomer) findCustomer(tracker, whole, arriving);
  settleConversation(tracker, whole, at);
}

function beginningOf({ initiatorId, initiatorUpAt, isOriginated, placedBy }: Call): Partial<Call> {
  return { initiatorId, initiatorUpAt, isOriginated, placedBy };
}

/**
 * Somebody calls out over the line of the other PBX, which dialled it before the name of the wire was heard, and took it for that of a
 * colleague: the customer is at its end.
 */
function findCustomer(tracker: Tracker, call: Call, { dialled }: Channel): void {
  const line = channelsOf(tracker, call).find(({ party, outgoing }) => party === 'line' && outgoing);
  if (line === undefined) return;
  line.isCustomer = true;
  call.hadCustomer = true;
  call.direction = 'outbound';
  call.customerRaw = dialled;
}

function rememberEnd(tracker: Tracker, channel: Channel, wire: string): void {
  const [oldest] = tracker.wires.keys();
  if (tracker.wires.size >= tracker.limits.maxRemembered && oldest !== undefined) tracker.wires.delete(oldest);
  tracker.wires.set(wire, channel.id);
}

function becomeEnd(tracker: Tracker, channel: Channel, end: { wire: string; half: 1 | 2; at: number }): void {
  channel.party = 'helper';
  channel.localPair = `wire ${end.wire}`;
  channel.localHalf = end.half;
  tracker.localHalves.set(`${channel.localPair};${end.half}`, channel.id);
  const call = callOf(tracker, channel);
  if (call?.partners.some(({ channelId }) => channelId === channel.id)) losePartner(call, channel, end.at);
  if (!channel.isCustomer) return;
  channel.isCustomer = false;
  if (call !== null && !channelsOf(tracker, call).some((leg) => leg.isCustomer)) loseCustomer(call, end.at);
}

/** The two PBXs are heard over two lines: that the far queue has answered may be heard before the name of the wire to it. */
function losePartner(call: Call, channel: Channel, at: number): void {
  addUpConversation(call, at);
  call.partners = exactList(call.partners.filter(({ channelId }) => channelId !== channel.id));
  if (call.partners.length > 0) return;
  call.aloneSince = at;
  const transfer = call.transfers.at(-1);
  if (call.spokeWith.length === 0) call.answeredAt = null;
  else if (transfer?.answered) {
    transfer.answered = false;
    call.isTransferring = true;
  }
}

/** What seemed to be a customer is a colleague's PBX. */
function loseCustomer(call: Call, at: number): void {
  addUpConversation(call, at);
  call.hadCustomer = false;
  call.direction = 'internal';
  call.customerRaw = null;
  call.customerName = null;
  call.did = null;
}

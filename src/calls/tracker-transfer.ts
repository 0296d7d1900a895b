import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import { addTalk, addTransfer, settleConversation } from './tracker-conversation.ts';
import { mergeCalls } from './tracker-merge.ts';
import { type Call, type Channel, callOf, channelsOf, type Tracker, type TransferSoFar, touch } from './tracker-state.ts';

/** Transfers and parking as the PBX announces them. They may be announced before or after the channels have moved. */

type Told<Type extends TelephonyEvent['type']> = Extract<TelephonyEvent, { type: Type }>;

/** How far apart the events of one and the same move may come. */
const sameMoveMs = 2_000;

export function blindTransferred(tracker: Tracker, { at, transfererId, to, byPhone }: Told<'blindTransferred'>): void {
  const transferer = tracker.channels.get(transfererId);
  const call = callOf(tracker, transferer);
  if (transferer === undefined || call === null || transferer.isCustomer) return;
  if (call.parked !== null && at - call.parked.at < sameMoveMs) return;
  settleConversation(tracker, call, at);
  if (!byPhone) takeBackHold(call, transferer, at);
  announce(tracker, call, { kind: 'blind', from: transferer.extension, to, answered: false, at, implied: false });
  call.isTransferring = true;
  call.endedBy = null;
  touch(tracker, call, at);
}

/** While an agent dials a feature code the PBX plays music to the customer: that is dialling, not a hold. */
function takeBackHold(call: Call, transferer: Channel, at: number): void {
  const hold = call.lastHold;
  if (hold === null || hold.channelId !== transferer.id) return;
  const until = hold.to ?? at;
  if (at - until > sameMoveMs) return;
  call.holdMs -= until - hold.from;
  call.onHold = false;
  call.lastHold = null;
  if (hold.extension !== null) addTalk(call, hold.extension, until - hold.from);
}

export function attendedTransferred(tracker: Tracker, event: Told<'attendedTransferred'>): void {
  const { at } = event;
  const first = tracker.channels.get(event.firstLegId);
  const second = tracker.channels.get(event.secondLegId);
  const transferee = tracker.channels.get(event.transfereeId ?? '');
  const target = tracker.channels.get(event.targetId ?? '');
  const calls = [first, second, transferee, target].map((channel) => callOf(tracker, channel)).filter((call) => call !== null);
  const [one, ...others] = calls;
  if (one === undefined) return;
  const outsideNumber = numberOfConsultation(calls);
  const call = others.reduce((into, other) => mergeCalls(tracker, into, other, at), one);
  settleConversation(tracker, call, at);

  const from = first?.extension ?? second?.extension ?? call.lastAgents.at(-1) ?? null;
  const joined = target !== undefined && !target.isCustomer ? target : transferee;
  const partner = call.partners.find(({ extension }) => extension === null || extension !== from);
  const dialled = second !== undefined && second !== first ? second.dialled : dialledThroughHelper(tracker, call);
  const to = agentAmong(joined) ?? partner?.extension ?? outsideNumber ?? dialled;
  announce(tracker, call, { kind: 'attended', from, to, answered: partner !== undefined, at, implied: to === null });
  call.isTransferring = partner === undefined;
  call.endedBy = null;
  touch(tracker, call, at);
}

/** By feature code the target is reached through a Local channel, which knows what was dialled. */
function dialledThroughHelper(tracker: Tracker, call: Call): string | null {
  const helper = channelsOf(tracker, call).findLast(
    ({ party, dialled }) => party === 'helper' && /^\+?\d{2,}$/.test(dialled ?? ''),
  );
  return helper?.dialled ?? null;
}

/** Whom the agent had on the other line, when that was somebody outside. */
function numberOfConsultation(calls: readonly Call[]): string | null {
  const outside = [...new Set(calls)].filter((call) => call.hadCustomer).sort((a, b) => a.startedAt - b.startedAt);
  return outside[1]?.customerRaw ?? null;
}

function agentAmong(channel: Channel | undefined): string | null {
  return channel?.isCustomer ? null : (channel?.extension ?? null);
}

/** The announcement replaces what was concluded from the moving of the channels. */
function announce(tracker: Tracker, call: Call, transfer: TransferSoFar): void {
  const last = call.transfers.at(-1);
  if (last === undefined || !last.implied || transfer.at - last.at > longestConsultationMs(transfer)) {
    addTransfer(tracker, call, transfer);
    return;
  }
  Object.assign(last, transfer, { answered: transfer.answered || last.answered });
}

/** An attended transfer by feature code leaves the customer alone for the whole consultation. */
function longestConsultationMs(transfer: TransferSoFar): number {
  return transfer.kind === 'attended' ? 600_000 : sameMoveMs;
}

export function parked(tracker: Tracker, channel: Channel, byExtension: string | null, at: number): void {
  const call = callOf(tracker, channel);
  if (call === null || (call.hadCustomer && !channel.isCustomer)) return;
  const last = call.transfers.at(-1);
  // Parking by REFER or by feature code is announced as a blind transfer to the parking extension as well.
  if (call.isTransferring && last !== undefined && !last.answered && at - last.at < sameMoveMs) {
    call.transfers = call.transfers.slice(0, -1);
  }
  call.isTransferring = false;
  call.parked = { by: byExtension ?? call.lastAgents.at(-1) ?? null, at };
  call.isParkedNow = true;
  settleConversation(tracker, call, at);
  touch(tracker, call, at);
}

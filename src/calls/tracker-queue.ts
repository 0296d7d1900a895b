import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import { knownChannel } from './tracker-birth.ts';
import { isDialling, noticeMove } from './tracker-dial.ts';
import { sharedList, sharedWord } from './tracker-lists.ts';
import { type Channel, callOf, channelsOf, type Tracker, touch } from './tracker-state.ts';

/** Waiting in queues. Leaving one is no answer; the bridges tell who answered. */

export function queueJoined(tracker: Tracker, event: Extract<TelephonyEvent, { type: 'queueJoined' }>): void {
  const { at } = event;
  const queue = sharedWord(tracker, event.queue);
  const channel = knownChannel(tracker, event.channel, at);
  const call = callOf(tracker, channel ?? undefined);
  if (channel === null || call === null || call.queuedIn === queue) return;
  call.queuedIn = queue;
  if (call.queues.at(-1) !== queue && call.queues.length < tracker.limits.maxListItems)
    call.queues = sharedList(tracker, call.queues.concat([queue]));
  if (call.answeredAt === null) call.firstQueuedAt ??= at;
  const dialled = event.channel.dialled;
  if (channel.isCustomer) noticeMove(tracker, call, dialled !== null && /^\d+$/.test(dialled) ? dialled : queue, at);
  touch(tracker, call, at);
}

export function queueLeft(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  if (call === null || call.queuedIn === null) return;
  call.queuedIn = null;
  // An agent who has answered is about to be joined to the caller; nobody has failed to answer.
  const isBeingConnected = channelsOf(tracker, call).some(
    ({ party, up, id }) => party !== 'helper' && up && id !== call.initiatorId,
  );
  if (call.answeredAt === null && !call.gaveUp && !isBeingConnected) {
    call.attempt ??= 'noAnswer';
    call.wasCancelled = false;
  }
  if (!isDialling(tracker, call)) call.waitedUntil = at;
  touch(tracker, call, at);
}

/** Asterisk says so when the caller hangs up, and just the same when the queue's own time is over: only then does the call go on. */
export function queueAbandoned(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  if (call === null) return;
  const hasHungUp = call.endedBy !== null;
  if (!hasHungUp) {
    queueLeft(tracker, channel, at);
    return;
  }
  call.queuedIn = null;
  call.waitedUntil = at;
  if (call.answeredAt === null) call.gaveUp = true;
  touch(tracker, call, at);
}

import { hasGivenUp } from './cdr-endings.ts';
import { failureOf } from './cel-dials.ts';
import { causeOf, dispositionOf, endsAfter, hungUpItself, isLeavingAt, type Leg, textIn } from './cel-legs.ts';
import { queueLeft } from './cel-queues.ts';
import { type CelStory, stateOf, tellHangupRequest } from './cel-story.ts';
import type { CelRow } from './record-rows.ts';

/** Hanging up, and who did. */

const sameMoveMs = 2_000;
const transfers = new Set(['BLINDTRANSFER', 'ATTENDEDTRANSFER']);
const busyStatuses = new Set(['BUSY', 'CONGESTION']);
const busyApps = new Set(['Busy', 'Congestion']);

export function hungUp(story: CelStory, leg: Leg, row: CelRow): void {
  const { told } = story;
  const state = stateOf(story, leg);
  const cause = causeOf(row);
  const isUnanswered = leg.outgoing && !state.isUp && state.caller !== undefined;
  if (isUnanswered) calledInVain(story, leg, row);
  else callerGone(story, leg, row);
  queueLeft(story, leg, row.at);
  if (isUnanswered && cause === null) {
    told.push({ type: 'dialEnded', at: row.at, targetId: leg.id, status: failureOf(story, leg, state.caller ?? null) });
  }
  story.bridges.leave(leg.id);
  story.atWork = story.atWork.filter((work) => work.leg !== leg);
  state.isOver = true;
  told.push({ type: 'channelHungUp', at: row.at, channelId: leg.id, cause });
}

/** It ceases to be called: because its end refused, because the caller gives up, or because the time is over. */
function calledInVain(story: CelStory, leg: Leg, row: CelRow): void {
  const caller = stateOf(story, leg).caller ?? null;
  if (caller === null) {
    if (hungUpItself(leg) === true) tellHangupRequest(story, leg, row.at);
    return;
  }
  const isGivenUp = !failsByItself(story, caller, leg) && isLeavingAt(caller, row.at) && gaveUp(story, caller);
  if (isGivenUp) tellHangupRequest(story, caller, row.at);
}

function callerGone(story: CelStory, leg: Leg, row: CelRow): void {
  const cdr = story.context.cdr.get(leg.id)?.at(-1);
  if (/^voicemail$/i.test(cdr?.lastApp ?? '')) story.told.push({ type: 'voicemailReached', at: row.at, channelId: leg.id });
  if (gaveUp(story, leg)) tellHangupRequest(story, leg, row.at);
}

/** The called end refused: that the caller is soon gone too does not mean that the caller gave up. */
function failsByItself(story: CelStory, caller: Leg, called: Leg): boolean {
  const itself = hungUpItself(called);
  if (itself !== null) return itself;
  const disposition = dispositionOf(story.context.cdr, caller, called);
  return disposition === 'BUSY' || disposition === 'FAILED' || disposition === 'CONGESTION';
}

/** The one who had called hung up, as far as any of the sources tells. */
export function gaveUp(story: CelStory, leg: Leg): boolean {
  const state = stateOf(story, leg);
  if (leg.end === null || state.isRequested) return state.isRequested;
  if (wasToldBusy(story, leg.end)) return false;
  const itself = hungUpItself(leg);
  if (itself !== null) return itself;
  if (story.context.queueLog.get(leg.id)?.at(-1)?.event === 'ABANDON') return true;
  return !state.isUp && hasGivenUp(story.context.cdr.get(leg.id) ?? []);
}

/** The PBX played the busy tone; that the channel then hung up is nobody's giving up. */
function wasToldBusy({ context }: CelStory, { channelId, extra }: CelRow): boolean {
  return busyStatuses.has(textIn(extra, 'dialstatus') ?? '') || busyApps.has(context.cdr.get(channelId)?.at(-1)?.lastApp ?? '');
}

/** At the end of a conversation, before it falls apart. */
export function tellWhoEnds(story: CelStory, leaving: Leg, row: CelRow): void {
  const company = story.bridges.companyOf(leaving.id);
  for (const one of [leaving, ...company]) {
    if (endsConversation(one, leaving, row, company.length > 0)) tellHangupRequest(story, one, row.at);
  }
}

/** Whoever hangs up leaves first; where `extra` names who did, that counts. */
function endsConversation(one: Leg, leaving: Leg, row: CelRow, isInCompany: boolean): boolean {
  const itself = hungUpItself(one);
  if (itself !== null && one.end?.extra) return itself && one.end.at - row.at < sameMoveMs;
  const isMoving = one.rows.some(({ event, at }) => transfers.has(event) && Math.abs(at - row.at) < sameMoveMs);
  return one === leaving && !isMoving && isInCompany && endsAfter(one, row);
}

/** An application that ends with the channel was cut off: the queue, say, in which the caller gave up. */
export function appCutOff(story: CelStory, leg: Leg, row: CelRow): void {
  const isAlone = story.bridges.companyOf(leg.id).length === 0;
  if (isAlone && endsAfter(leg, row) && gaveUp(story, leg)) tellHangupRequest(story, leg, row.at);
}

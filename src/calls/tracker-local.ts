import { joinCall } from './tracker-birth.ts';
import { otherHalf } from './tracker-conversation.ts';
import { mergeCalls } from './tracker-merge.ts';
import { type Call, type Channel, callOf, type Tracker } from './tracker-state.ts';

/** The two halves of a Local channel are one wire, whichever of them is heard of first. Only linked ids would say so (ARI has none). */

/** The call of a channel or of what is behind it; null when neither belongs to one. */
export function callOfEitherHalf(tracker: Tracker, channel: Channel, at: number): Call | null {
  const call = callOf(tracker, channel) ?? callOf(tracker, otherHalf(tracker, channel));
  return call && uniteHalves(tracker, call, channel, at);
}

/** Sees to it that a channel of this call and what is behind it belong to the same. */
export function uniteHalves(tracker: Tracker, call: Call, channel: Channel, at: number): Call {
  const half = otherHalf(tracker, channel);
  if (half === undefined) return call;
  let whole = call;
  for (const end of [channel, half]) {
    const other = callOf(tracker, end);
    if (other === null) joinHelper(tracker, whole, end);
    else whole = mergeCalls(tracker, whole, other, at);
  }
  return whole;
}

export function joinHelper(tracker: Tracker, call: Call, helper: Channel): void {
  joinCall(tracker, call, helper, { linkedId: null, callerNumber: null, callerName: null });
}

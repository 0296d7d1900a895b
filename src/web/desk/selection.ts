/** Which call's card is in front, and the order of the list. Pure. */
import { isPuttableStage, type Pop, type PopStage } from '../../desk/pop.ts';

export interface Front {
  readonly selected: string | null;
  /** News the operator has had: a call that began to ring, one that was answered. */
  readonly noticed: readonly string[];
  /** What was in front before news took its place. */
  readonly returnTo: string | null;
}

export const NOTHING_IN_FRONT: Front = { selected: null, noticed: [], returnTo: null };

/** What wants to be in front, most urgent first. */
const URGENCY: readonly PopStage[] = ['talking', 'held', 'ringing', 'dialling', 'parked', 'afterCall', 'handedOver'];

/** The list from its top: what rings must be seen, whatever else lies about. */
const LIST_ORDER: readonly PopStage[] = ['ringing', 'dialling', 'talking', 'held', 'parked', 'handedOver', 'afterCall'];

/** Ringing calls first, the one that waits longest on top; after-call work last, the freshest on top. */
export function inListOrder(pops: readonly Pop[]): readonly Pop[] {
  return [...pops].sort((a, b) => {
    const byStage = LIST_ORDER.indexOf(a.stage) - LIST_ORDER.indexOf(b.stage);
    const byAge = a.startedAt.localeCompare(b.startedAt);
    return byStage || (isPuttableStage(a.stage) ? -byAge : byAge);
  });
}

/**
 * News come to the front once, by themselves, unless the operator is speaking with somebody or typing; after that the operator's
 * own choice counts. When the news turn out to be none (somebody else answered), the interrupted work comes back. Answers `front`
 * itself when nothing changes.
 */
export function followPops(front: Front, pops: readonly Pop[], isTyping: boolean): Front {
  const current = pops.find((pop) => pop.callId === front.selected);
  const news = pops.filter((pop) => newsOf(pop) !== null);
  const fresh = mostUrgent(news.filter((pop) => !front.noticed.includes(newsOf(pop) ?? '')));
  const isBusy = isTyping || isConversation(current);
  const interrupts = current !== undefined && fresh !== undefined && !isBusy;
  const next = current ? (interrupts ? fresh : current) : follower(front, pops);
  const selected = next?.callId ?? null;
  const noticed = news.map((pop) => newsOf(pop) ?? '');
  const isSame = selected === front.selected && noticed.join(' ') === front.noticed.join(' ');
  if (isSame) return front;
  const isInterrupted = interrupts && current.callId !== selected && current.stage === 'afterCall';
  return { selected, noticed, returnTo: isInterrupted ? current.callId : front.returnTo };
}

/** What comes after the card in front is gone: what is live, else the interrupted work, else what is most urgent. */
function follower(front: Front, pops: readonly Pop[]): Pop | undefined {
  const urgent = mostUrgent(pops);
  if (urgent && newsOf(urgent) !== null) return urgent;
  return pops.find((pop) => pop.callId === front.returnTo) ?? urgent;
}

function isConversation(pop: Pop | undefined): boolean {
  return pop?.stage === 'talking' || pop?.stage === 'held';
}

export function neighbour(pops: readonly Pop[], selected: string | null, step: 1 | -1): string | null {
  const index = pops.findIndex((pop) => pop.callId === selected);
  const next = pops[(index + step + pops.length) % pops.length];
  return next?.callId ?? null;
}

function newsOf(pop: Pop): string | null {
  switch (pop.stage) {
    case 'ringing':
    case 'dialling':
      return `${pop.callId}:ringing`;
    case 'talking':
    case 'held':
      return `${pop.callId}:answered`;
    default:
      return null;
  }
}

function mostUrgent(pops: readonly Pop[]): Pop | undefined {
  return [...pops].sort(
    (a, b) => URGENCY.indexOf(a.stage) - URGENCY.indexOf(b.stage) || b.startedAt.localeCompare(a.startedAt),
  )[0];
}

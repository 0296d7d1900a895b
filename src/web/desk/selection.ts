/** Which call's card is in front. Pure. */
import type { Pop, PopStage } from '../../desk/pop.ts';

export interface Front {
  readonly selected: string | null;
  /** News the operator has had: a call that began to ring, one that was answered. */
  readonly noticed: readonly string[];
}

export const NOTHING_IN_FRONT: Front = { selected: null, noticed: [] };

/** What wants to be in front, most urgent first. */
const URGENCY: readonly PopStage[] = ['talking', 'held', 'ringing', 'dialling', 'parked', 'afterCall', 'handedOver'];

/**
 * News come to the front once, by themselves, unless the operator is speaking with somebody or typing; after that the operator's
 * own choice counts. Answers `front` itself when nothing changes.
 */
export function followPops(front: Front, pops: readonly Pop[], isTyping: boolean): Front {
  const current = pops.find((pop) => pop.callId === front.selected);
  const news = pops.filter((pop) => newsOf(pop) !== null);
  const fresh = mostUrgent(news.filter((pop) => !front.noticed.includes(newsOf(pop) ?? '')));
  const isBusy = isTyping || current?.stage === 'talking' || current?.stage === 'held';
  const next = current ? (fresh && !isBusy ? fresh : current) : mostUrgent(pops);
  const selected = next?.callId ?? null;
  const noticed = news.map((pop) => newsOf(pop) ?? '');
  const isSame = selected === front.selected && noticed.join(' ') === front.noticed.join(' ');
  return isSame ? front : { selected, noticed };
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

import type { Ear } from '../join-ears.ts';
import type { TelephonyEvent } from '../telephony-event.ts';

export interface HeardEvent {
  readonly ear: Ear;
  readonly event: TelephonyEvent;
}

/** Both streams as one, in order of arrival, each in its own order. */
export function* mergeByTime(
  ami: Iterator<TelephonyEvent, unknown>,
  ari: Iterator<TelephonyEvent, unknown>,
): Generator<HeardEvent, void, void> {
  let nextAmi = ami.next();
  let nextAri = ari.next();
  while (!nextAmi.done || !nextAri.done) {
    if (!nextAmi.done && (nextAri.done || nextAmi.value.at <= nextAri.value.at)) {
      yield { ear: 'ami', event: nextAmi.value };
      nextAmi = ami.next();
    } else if (!nextAri.done) {
      yield { ear: 'ari', event: nextAri.value };
      nextAri = ari.next();
    }
  }
}

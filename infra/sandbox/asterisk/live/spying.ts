import { channelHeaders } from '../ami-packet-text.ts';
import { blockOf, type Channel } from './channel.ts';
import type { LivePbx } from './live-pbx.ts';

/** Somebody listens to a channel until one of the two is gone. What it returns stops it. */
export function spyOn(pbx: LivePbx, spy: Channel, spied: Channel, over: () => void): () => void {
  let isOver = false;
  tell('ChanSpyStart');
  spied.atEnd.push(() => {
    if (stop()) over();
  });

  function tell(event: string): void {
    pbx.announce.say(event, 'call', [...channelHeaders(blockOf(spy), 'Spyer'), ...channelHeaders(blockOf(spied), 'Spyee')]);
  }

  function stop(): boolean {
    if (isOver) return false;
    isOver = true;
    tell('ChanSpyStop');
    return true;
  }

  return () => void stop();
}

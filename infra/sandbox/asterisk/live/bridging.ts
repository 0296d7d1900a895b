import { conversation } from './bridge.ts';
import { answer } from './call-out.ts';
import type { Channel, Place } from './channel.ts';
import { change, createBridge, enterBridge, findChannel, type LivePbx, leaveBridge, setVariable } from './live-pbx.ts';
import { type Application, runDialplan } from './run-dialplan.ts';

/**
 * Puts two channels that are on the PBX together, whatever they are in. When they are through with each other, each goes on behind
 * that; `over` is what the second does instead.
 */
export function bridgeTogether(pbx: LivePbx, one: Channel, two: Channel, over = goOnBehind(pbx, two)): void {
  const bridge = createBridge(pbx, conversation);
  for (const [channel, afterwards] of [[one, goOnBehind(pbx, one)] as const, [two, over] as const]) {
    const letOthersGo = leaveBridge(pbx, channel);
    enterBridge(pbx, bridge, channel, afterwards);
    letOthersGo();
  }
  setVariable(pbx, one, 'BRIDGEPEER', two.name);
  setVariable(pbx, two, 'BRIDGEPEER', one.name);
  change(pbx, two, { connected: one.caller });
  change(pbx, one, { connected: two.caller });
}

/** A channel that was only called begins a dialplan with it, where as a rule there is none. */
function goOnBehind(pbx: LivePbx, channel: Channel): () => void {
  const { place, interrupt } = channel;
  const begins: Place = { ...place, exten: place.exten === '' ? 's' : place.exten };
  const next = interrupt === null ? begins : { ...place, priority: place.priority + 1 };
  return () => {
    channel.interrupt?.('redirected');
    runDialplan(pbx, channel, next);
  };
}

/** `Bridge(PJSIP/trunk-in-0000002a)`: takes that channel out of whatever it is in, to talk with it. */
export const bridgeApplication: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  const [name = ''] = data.split(',');
  const other = findChannel(pbx, name);
  function goOn(result: string): void {
    setVariable(pbx, channel, 'BRIDGERESULT', result);
    end('next');
  }
  if (other === null || other.isGone) return goOn('NONEXISTENT');
  if (other === channel) return goOn('LOOP');
  answer(pbx, channel);
  whenInterrupted(() => setVariable(pbx, channel, 'BRIDGERESULT', 'SUCCESS'));
  bridgeTogether(pbx, other, channel, () => goOn('SUCCESS'));
};

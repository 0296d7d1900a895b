import { bridgeKind, channelFacts, knownOrNull } from './ari-channel-facts.ts';
import type { Vocabulary } from './ari-vocabulary.ts';

/** Who is together with whom: bridges and transfers. */
export const bridgeVocabulary: Vocabulary = {
  ChannelEnteredBridge: ({ bridge, channel }, at, { numbering }) => ({
    type: 'bridgeEntered',
    at,
    bridgeId: bridge.id,
    kind: bridgeKind(bridge),
    channel: channelFacts(channel, numbering),
  }),

  ChannelLeftBridge: ({ bridge, channel }, at) => ({ type: 'bridgeLeft', at, bridgeId: bridge.id, channelId: channel.id }),

  BridgeBlindTransfer: ({ channel, exten, result, is_external: byPhone }, at) => {
    const to = knownOrNull(exten);
    return to === null || !hasSucceeded(result) ? null : { type: 'blindTransferred', at, transfererId: channel.id, to, byPhone };
  },

  BridgeAttendedTransfer: (event, at) => {
    // In a three-way conversation the one who might have left has stayed.
    if (!hasSucceeded(event.result) || event.destination_type === 'threeway') return null;
    return {
      type: 'attendedTransferred',
      at,
      firstLegId: event.transferer_first_leg.id,
      secondLegId: event.transferer_second_leg.id,
      transfereeId: event.transferee?.id ?? null,
      targetId: event.transfer_target?.id ?? null,
    };
  },
};

function hasSucceeded(result: string): boolean {
  return result === '' || result === 'Success';
}

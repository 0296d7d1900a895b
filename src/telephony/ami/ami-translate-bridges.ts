import { endpointOfDevice } from '../numbering.ts';
import type { BridgeKind } from '../telephony-event.ts';
import { channelFacts } from './ami-channel-facts.ts';
import type { AmiMessage } from './ami-message.ts';
import { integerOrNull, knownOrNull } from './ami-text.ts';
import type { Vocabulary } from './ami-vocabulary.ts';

/** Who is together with whom: bridges, queues, transfers, parking. */
export const bridgeVocabulary: Vocabulary = {
  BridgeEnter: (message, at, { numbering }) => {
    const bridgeId = message.get('BridgeUniqueid');
    const channel = channelFacts(message, '', numbering);
    if (bridgeId === undefined || channel === null) return null;
    return { type: 'bridgeEntered', at, bridgeId, kind: bridgeKind(message), channel };
  },

  BridgeLeave: (message, at) => {
    const bridgeId = message.get('BridgeUniqueid');
    const channelId = message.get('Uniqueid');
    return bridgeId === undefined || channelId === undefined ? null : { type: 'bridgeLeft', at, bridgeId, channelId };
  },

  QueueCallerJoin: (message, at, { numbering }) => {
    const channel = channelFacts(message, '', numbering);
    const queue = message.get('Queue');
    return channel === null || queue === undefined ? null : { type: 'queueJoined', at, channel, queue };
  },

  QueueCallerLeave: (message, at) => {
    const channelId = message.get('Uniqueid');
    return channelId === undefined ? null : { type: 'queueLeft', at, channelId, queue: message.get('Queue') ?? '' };
  },

  QueueCallerAbandon: (message, at) => {
    const channelId = message.get('Uniqueid');
    return channelId === undefined ? null : { type: 'queueAbandoned', at, channelId, queue: message.get('Queue') ?? '' };
  },

  /** Answer to QueueStatus: a caller who waits already. */
  QueueEntry: (message, at, { numbering }) => {
    const channel = channelFacts(message, '', numbering);
    const queue = message.get('Queue');
    if (channel === null || queue === undefined) return null;
    return { type: 'queueJoined', at: at - (integerOrNull(message.get('Wait')) ?? 0) * 1000, channel, queue };
  },

  BlindTransfer: (message, at) => {
    const transfererId = message.get('TransfererUniqueid');
    const to = knownOrNull(message.get('Extension'));
    if (transfererId === undefined || to === null || !hasSucceeded(message)) return null;
    return { type: 'blindTransferred', at, transfererId, to, byPhone: message.get('IsExternal') !== 'No' };
  },

  AttendedTransfer: (message, at) => {
    const firstLegId = message.get('OrigTransfererUniqueid');
    const secondLegId = message.get('SecondTransfererUniqueid');
    if (firstLegId === undefined || secondLegId === undefined) return null;
    // In a three-way conversation the one who might have left has stayed.
    if (!hasSucceeded(message) || message.get('DestType') === 'Threeway') return null;
    const transfereeId = message.get('TransfereeUniqueid') ?? null;
    const targetId = message.get('TransferTargetUniqueid') ?? null;
    return { type: 'attendedTransferred', at, firstLegId, secondLegId, transfereeId, targetId };
  },

  ParkedCall: (message, at, { numbering }) => {
    const channelId = message.get('ParkeeUniqueid');
    if (channelId === undefined) return null;
    const { extension } = endpointOfDevice(numbering, message.get('ParkerDialString') ?? '');
    return { type: 'parked', at, channelId, byExtension: extension };
  },
};

function hasSucceeded(message: AmiMessage): boolean {
  return (message.get('Result') ?? 'Success') === 'Success';
}

export function bridgeKind(message: AmiMessage): BridgeKind {
  const type = message.get('BridgeType');
  if (type === 'parking' || type === 'holding' || message.get('BridgeTechnology') === 'holding_bridge') return 'holding';
  return message.get('BridgeCreator') === 'ConfBridge' ? 'conference' : 'conversation';
}

import { endpointOfChannel, type Numbering } from '../numbering.ts';
import type { BridgeKind, ChannelFacts } from '../telephony-event.ts';
import type { AriBridge, AriChannel } from './ari-event.ts';

const longestText = 256;

/** Applications under which a channel stands that the PBX made to call somebody; nobody can enter them from a dialplan. */
const callingApplications = new Set(['AppDial', 'AppDial2', 'AppQueue']);

/** A channel of an ARI event. Its linked id is known only where `channelvars = CHANNEL(linkedid)` in ari.conf asks for it. */
export function channelFacts(channel: AriChannel, numbering: Numbering): ChannelFacts {
  const { id } = channel;
  const linkedId = knownOrNull(linkedIdOf(channel));
  const endpoint = endpointOfChannel(numbering, channel.name);
  return {
    id,
    linkedId,
    party: endpoint.party,
    extension: endpoint.extension,
    localPair: endpoint.localPair,
    localHalf: endpoint.localHalf,
    outgoing: endpoint.localPair !== null || isOutgoing(channel, linkedId),
    up: channel.state === 'Up',
    callerNumber: knownOrNull(channel.caller.number),
    callerName: knownOrNull(channel.caller.name)?.replace(/\\(["\\])/g, '$1') ?? null,
    dialled: knownOrNull(channel.dialplan.exten),
  };
}

function isOutgoing({ id, state, dialplan }: AriChannel, linkedId: string | null): boolean {
  if (linkedId !== null && linkedId !== id) return true;
  return state === 'Down' || state === 'Rsrvd' || callingApplications.has(dialplan.app_name);
}

function linkedIdOf({ channelvars }: AriChannel): string {
  const linkedId = channelvars['CHANNEL(linkedid)'];
  return typeof linkedId === 'string' ? linkedId : '';
}

export function bridgeKind(bridge: AriBridge): BridgeKind {
  if (isParking(bridge) || bridge.technology === 'holding_bridge') return 'holding';
  return bridge.creator === 'ConfBridge' ? 'conference' : 'conversation';
}

export function isParking(bridge: AriBridge): boolean {
  return bridge.bridge_class === 'parking';
}

/** What Asterisk writes where it knows nothing, as null. */
export function knownOrNull(text: string): string | null {
  return text === '' || text === '<unknown>' || text === 'unknown' ? null : text.slice(0, longestText);
}

import type { ChannelFacts, SnapshotChannel, TelephonyEvent } from '../telephony/telephony-event.ts';

/**
 * The event with ids that are unique among all PBXs: those of channels (linked ids are such), bridges and Local pairs, each with the
 * PBX's name in front. The scoped id of a call's first channel is the call's id.
 */
export function inScope(pbx: string, event: TelephonyEvent): TelephonyEvent {
  const own = <Id extends string | null>(id: Id): Id => (id === null ? id : (scopedId(pbx, id) as Id));
  const ownFacts = (facts: ChannelFacts): ChannelFacts => ({
    ...facts,
    id: own(facts.id),
    linkedId: own(facts.linkedId),
    localPair: own(facts.localPair),
  });
  switch (event.type) {
    case 'connectionLost':
    case 'pbxBooted':
      return event;
    case 'snapshotTaken':
      return {
        ...event,
        channels: event.channels.map(
          (item): SnapshotChannel => ({
            ...item,
            channel: ownFacts(item.channel),
            bridgeId: own(item.bridgeId),
          }),
        ),
        bridges: event.bridges.map((bridge) => ({ ...bridge, bridgeId: own(bridge.bridgeId) })),
        parked: event.parked.map((call) => ({ ...call, channelId: own(call.channelId) })),
      };
    case 'channelCreated':
    case 'queueJoined':
      return { ...event, channel: ownFacts(event.channel) };
    case 'bridgeEntered':
      return { ...event, bridgeId: own(event.bridgeId), channel: ownFacts(event.channel) };
    case 'bridgeLeft':
      return { ...event, bridgeId: own(event.bridgeId), channelId: own(event.channelId) };
    case 'dialBegun':
      return { ...event, source: event.source && ownFacts(event.source), target: ownFacts(event.target) };
    case 'dialEnded':
      return { ...event, targetId: own(event.targetId) };
    case 'blindTransferred':
      return { ...event, transfererId: own(event.transfererId) };
    case 'attendedTransferred':
      return {
        ...event,
        firstLegId: own(event.firstLegId),
        secondLegId: own(event.secondLegId),
        transfereeId: own(event.transfereeId),
        targetId: own(event.targetId),
      };
    case 'originateReported':
      return { ...event, channelId: own(event.channelId) };
    default:
      return { ...event, channelId: own(event.channelId) };
  }
}

export function scopedId(pbx: string, id: string): string {
  return `${pbx}-${id}`;
}

/** Where an id belongs, and how that PBX itself writes it. */
export function splitScope(id: string): { readonly pbx: string; readonly id: string } {
  const end = id.indexOf('-');
  return { pbx: id.slice(0, end), id: id.slice(end + 1) };
}

/** A scoped id as the PBX itself writes it; one of another PBX keeps its scope. */
export function outOfScope(pbx: string, id: string): string {
  return id.startsWith(`${pbx}-`) ? id.slice(pbx.length + 1) : id;
}

import { headerOf, type PacketText } from './ami-packet-text.ts';
import type { RecordedEvent } from './ari-recording.ts';
import type { RecordedPacket, Recording } from './recording.ts';

/** The packets of one call among others: everything that is connected by an id they share. */
export interface RecordedCall {
  /** The Uniqueid of its first channel. */
  readonly id: string;
  /** The caller's number of its first channel; for a call from outside, the customer's. */
  readonly callerNumber: string;
  /** The phones of ours that take part: `PJSIP/1002`. */
  readonly phones: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The calls of a recording, in the order in which they began. */
export function callsOf(recording: Recording): readonly RecordedCall[] {
  const groups = groupIds(recording);
  const calls = new Map<string, ReturnType<typeof begun>>();
  for (const packet of recording.packets) {
    const group = groupOf(packet.text, groups);
    if (group === null) continue;
    const isNew = headerOf(packet.text, 'Event') === 'Newchannel';
    const call = calls.get(group) ?? (isNew ? begun(packet) : null);
    if (call === null) continue;
    calls.set(group, call);
    call.endedAt = packet.at;
    const phone = isNew ? phoneOf(packet.text) : null;
    if (phone !== null && !call.phones.includes(phone)) call.phones.push(phone);
  }
  return [...calls.values()];
}

/** The recording with only these calls in it, and what belongs to no call while they last (device states, queue members). */
export function selectCalls(recording: Recording, ids: readonly string[]): Recording {
  const chosen = callsOf(recording).filter((call) => ids.includes(call.id));
  if (chosen.length !== new Set(ids).size) {
    throw new Error(`${recording.name} has no call ${ids.filter((id) => !chosen.some((call) => call.id === id)).join(', ')}.`);
  }
  const groups = groupIds(recording);
  const wanted = new Set(ids.map((id) => groups.rootOf(id)));
  const start = Math.min(...chosen.map((call) => call.startedAt));
  const end = Math.max(...chosen.map((call) => call.endedAt));
  const packets = recording.packets.filter((packet) => {
    const group = groupOf(packet.text, groups);
    return group === null ? packet.at >= start && packet.at <= end : wanted.has(group);
  });
  const isChosen = ({ at, json }: RecordedEvent) => {
    const first = idsOf(json).find((id) => groups.has(id));
    return first === undefined ? at >= start && at <= end : wanted.has(groups.rootOf(first));
  };
  return { name: recording.name, packets, ...(recording.events && { events: recording.events.filter(isChosen) }) };
}

/** Whether a packet, or an ARI event, belongs to the call this recorded channel is in. */
export function belongsToCallOf(
  recording: Recording,
  channelId: string,
): (sent: { packet: PacketText } | { json: string }) => boolean {
  const groups = groupIds(recording);
  const wanted = groups.rootOf(channelId);
  return (sent) => {
    const group = 'packet' in sent ? groupOf(sent.packet, groups) : idsOf(sent.json).find((id) => groups.has(id));
    return group !== null && group !== undefined && groups.rootOf(group) === wanted;
  };
}

function begun({ at, text }: RecordedPacket) {
  const [id, callerNumber] = [headerOf(text, 'Uniqueid') ?? '', headerOf(text, 'CallerIDNum') ?? ''];
  return { id, callerNumber, phones: [] as string[], startedAt: at, endedAt: at };
}

/** Of a channel that begins; null when it is a line or a helper. */
function phoneOf(text: PacketText): string | null {
  return /^PJSIP\/\d+(?=-)/.exec(headerOf(text, 'Channel') ?? '')?.[0] ?? null;
}

/** Uniqueids and bridge ids, as they stand in any header. */
const ids = /\b\d{9,}\.\d+\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

interface Groups {
  has(id: string): boolean;
  rootOf(id: string): string;
}

function groupIds(recording: Recording): Groups {
  const parents = new Map<string, string>();
  const known = new Set<string>();
  function rootOf(id: string): string {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    return root;
  }
  const lots = new Set(recording.packets.flatMap(({ text }) => parkingBridge(text) ?? []));
  for (const { text } of recording.packets) {
    const [first, ...rest] = idsOf(text).filter((id) => !lots.has(id));
    for (const id of [first, ...rest]) if (id !== undefined) known.add(id);
    if (first === undefined) continue;
    for (const id of rest) {
      const [older, younger] = [rootOf(first), rootOf(id)];
      if (older !== younger) parents.set(younger, older);
    }
  }
  return { rootOf, has: (id) => known.has(id) };
}

/** All parked calls lie in one bridge, which therefore connects nothing. */
function parkingBridge(text: PacketText): string | null {
  return headerOf(text, 'BridgeType') === 'parking' ? headerOf(text, 'BridgeUniqueid') : null;
}

function groupOf(text: PacketText, groups: Groups): string | null {
  // The Uniqueid first: a bridge id may be that of a parking lot.
  const first = headerOf(text, 'Uniqueid') ?? idsOf(text)[0];
  return first === undefined ? null : groups.rootOf(first);
}

/** RTCP reports carry times that look like ids. */
function idsOf(text: PacketText): readonly string[] {
  const event = headerOf(text, 'Event');
  if (event === 'RTCPSent' || event === 'RTCPReceived') return [headerOf(text, 'Uniqueid') ?? ''].filter((id) => id !== '');
  return text.match(ids) ?? [];
}

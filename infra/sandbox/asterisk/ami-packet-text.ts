/**
 * Packets stay the text that was recorded, one character a byte (latin1), so that what is played is what Asterisk sent. Names
 * of headers are matched as Asterisk spells them.
 */
export type PacketText = string;

export function headerOf(packet: PacketText, header: string): string | null {
  const start = packet.startsWith(`${header}: `) ? 0 : packet.indexOf(`\n${header}: `) + 1;
  if (start === 0 && !packet.startsWith(`${header}: `)) return null;
  const valueStart = start + header.length + 2;
  const end = packet.indexOf('\r\n', valueStart);
  return packet.slice(valueStart, end === -1 ? packet.length : end);
}

export function packetText(headers: readonly (readonly [string, string])[]): PacketText {
  return `${headers.map(([header, value]) => `${header}: ${value}\r\n`).join('')}\r\n`;
}

/** Text of this program (UTF-8) as it stands in a packet. */
export function asPacketBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const channelFields = [
  'Channel',
  'ChannelState',
  'ChannelStateDesc',
  'CallerIDNum',
  'CallerIDName',
  'ConnectedLineNum',
  'ConnectedLineName',
  'Language',
  'AccountCode',
  'Context',
  'Exten',
  'Priority',
  'Uniqueid',
  'Linkedid',
] as const;

export type ChannelBlock = Readonly<Record<(typeof channelFields)[number], string>>;

/** The block of headers that describes a channel; null where the packet has none under this prefix. */
export function channelBlock(packet: PacketText, prefix: string): ChannelBlock | null {
  if (headerOf(packet, `${prefix}Channel`) === null || headerOf(packet, `${prefix}Uniqueid`) === null) return null;
  return Object.fromEntries(channelFields.map((field) => [field, headerOf(packet, prefix + field) ?? ''])) as ChannelBlock;
}

export function channelHeaders(block: ChannelBlock, prefix = ''): [string, string][] {
  return channelFields.map((field) => [prefix + field, block[field]]);
}

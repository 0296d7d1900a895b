import type { ChannelBlock } from './ami-packet-text.ts';
import type { LiveBridge, LiveChannel } from './pbx-state.ts';

/** An event on its way out; `application` is set for each that hears it. */
export type AriEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

export const asteriskId = '00:16:3e:10:20:30';

const pbxZoneMs = 9 * 3_600_000;

/** The recorded PBX lives in Japan. */
export function ariTime(ms: number): string {
  return new Date(ms + pbxZoneMs).toISOString().replace('Z', '+0900');
}

/** A channel as REST answers and events show it. */
export function ariChannel({ block, application, applicationData, since, protocolId }: LiveChannel) {
  return {
    id: block.Uniqueid,
    name: block.Channel,
    state: block.ChannelStateDesc,
    protocol_id: protocolId,
    caller: party(block, 'CallerID'),
    connected: party(block, 'ConnectedLine'),
    accountcode: block.AccountCode,
    dialplan: {
      context: block.Context,
      exten: block.Exten,
      priority: Number(block.Priority),
      app_name: application,
      app_data: fromPacketBytes(applicationData),
    },
    creationtime: ariTime(since),
    language: block.Language,
  };
}

export function ariBridge(bridge: LiveBridge) {
  return {
    id: bridge.id,
    technology: bridge.technology,
    bridge_type: bridge.technology === 'holding_bridge' ? 'holding' : 'mixing',
    bridge_class: bridge.type,
    creator: bridge.creator === '<unknown>' ? '' : bridge.creator,
    name: bridge.name === '<unknown>' ? '' : fromPacketBytes(bridge.name),
    channels: [...bridge.channels],
    creationtime: ariTime(bridge.since),
    video_mode: bridge.creator === 'Stasis' ? 'talker' : 'none',
  };
}

function party(block: ChannelBlock, prefix: 'CallerID' | 'ConnectedLine') {
  return { name: unescaped(known(block[`${prefix}Name`])), number: known(block[`${prefix}Num`]) };
}

function known(text: string): string {
  return text === '<unknown>' ? '' : text;
}

/** AMI escapes names, ARI does not. */
function unescaped(name: string): string {
  return fromPacketBytes(name.replace(/\\(["'\\?])/g, '$1'));
}

export function fromPacketBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

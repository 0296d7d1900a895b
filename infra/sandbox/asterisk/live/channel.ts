import { asPacketBytes, type ChannelBlock } from '../ami-packet-text.ts';
import type { Bridge } from './bridge.ts';

export type ChannelState = 'Down' | 'Ring' | 'Ringing' | 'Up' | 'Busy';

const stateNumbers: Readonly<Record<ChannelState, string>> = { Down: '0', Ring: '4', Ringing: '5', Up: '6', Busy: '7' };

export interface Party {
  /** Empty: not known. */
  readonly number: string;
  readonly name: string;
}

export interface Place {
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
}

/** A channel that lives on the sandbox PBX itself, not in a recording. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  /** `PJSIP/1002`. */
  readonly device: string;
  readonly protocolId: string;
  readonly since: number;
  /** Which of two calls is the older: the younger one takes over its linked id when they meet. */
  linked: { readonly id: string; readonly serial: number };
  state: ChannelState;
  caller: Party;
  connected: Party;
  place: Place;
  application: string;
  applicationData: string;
  readonly variables: Map<string, string>;
  bridge: Bridge | null;
  /** What happens when the bridge is over for this channel; without it the channel ends. */
  afterBridge: (() => void) | null;
  /** Set while a dialplan, or an application in its stead, runs on it: calls off what it waits for. */
  interrupt: ((reason: Interruption) => void) | null;
  /** Set with the dialplan: what that does when the channel is hung up. */
  atHangup: (() => void) | null;
  /** Of a waiting bridge. */
  hearsMusic: boolean;
  /** The Stasis application it is in. */
  stasis: StasisStay | null;
  /** The other half of a Local channel. */
  half: Channel | null;
  isGone: boolean;
  /** Told when it is answered, and when somebody it calls rings. */
  progress: { readonly answered: () => void; readonly ringing: () => void } | null;
  /** Told once when it is gone. */
  readonly atEnd: (() => void)[];
}

/** The channel is hung up, sent somewhere by the PBX, or handed over by who talked with it. */
export type Interruption = 'gone' | 'redirected' | 'transferred';

export interface StasisStay {
  readonly app: string;
  /** Leaves the application for a place in the dialplan; null: the place after the one it was in. */
  leave(place: Place | null): void;
}

export const nobody: Party = { number: '', name: '' };

export function samePlace(a: Place, b: Place): boolean {
  return a.context === b.context && a.exten === b.exten && a.priority === b.priority;
}

export function sameParty(a: Party, b: Party): boolean {
  return a.number === b.number && a.name === b.name;
}

export function blockOf(channel: Channel): ChannelBlock {
  return {
    Channel: channel.name,
    ChannelState: stateNumbers[channel.state],
    ChannelStateDesc: channel.state,
    CallerIDNum: orUnknown(channel.caller.number),
    CallerIDName: orUnknown(escapedName(channel.caller.name)),
    ConnectedLineNum: orUnknown(channel.connected.number),
    ConnectedLineName: orUnknown(escapedName(channel.connected.name)),
    Language: 'en',
    AccountCode: '',
    Context: asPacketBytes(channel.place.context),
    Exten: asPacketBytes(channel.place.exten),
    Priority: String(channel.place.priority),
    Uniqueid: channel.id,
    Linkedid: channel.linked.id,
  };
}

function orUnknown(text: string): string {
  return text === '' ? '<unknown>' : asPacketBytes(text);
}

/** As AMI escapes names. */
function escapedName(name: string): string {
  return name.replace(/[\\"'?]/g, (mark) => `\\${mark}`);
}

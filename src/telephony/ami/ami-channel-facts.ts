import { endpointOfChannel, type Numbering } from '../numbering.ts';
import type { ChannelFacts } from '../telephony-event.ts';
import type { AmiMessage } from './ami-message.ts';
import { knownOrNull, unescapeC } from './ami-text.ts';

const longestText = 256;

/** Down and Reserved: the PBX has made the channel to call somebody with it (DAHDI reserves where SIP starts down). */
const outgoingStates = new Set(['0', '1']);

/**
 * The channel block of a message: `Channel`, `Uniqueid`, `Linkedid`, `CallerIDNum` …, all with the same prefix (`Dest`,
 * `Transferee`, …). Null when the message has no such block.
 */
export function channelFacts(message: AmiMessage, prefix: string, numbering: Numbering): ChannelFacts | null {
  const id = message.get(`${prefix}Uniqueid`);
  const name = message.get(`${prefix}Channel`);
  if (id === undefined || name === undefined || id === '') return null;
  const state = message.get(`${prefix}ChannelState`) ?? '';
  const linkedId = knownOrNull(message.get(`${prefix}Linkedid`));
  const endpoint = endpointOfChannel(numbering, name);
  return {
    id: limited(id),
    linkedId: linkedId === id ? limited(id) : limitedOrNull(linkedId),
    party: endpoint.party,
    extension: endpoint.extension,
    localPair: endpoint.localPair,
    localHalf: endpoint.localHalf,
    outgoing: (linkedId !== null && linkedId !== id) || outgoingStates.has(state),
    up: state === '6',
    callerNumber: limitedOrNull(knownOrNull(message.get(`${prefix}CallerIDNum`))),
    callerName: callerName(message.get(`${prefix}CallerIDName`)),
    dialled: limitedOrNull(knownOrNull(message.get(`${prefix}Exten`))),
  };
}

function callerName(sent: string | undefined): string | null {
  const name = knownOrNull(sent);
  // A quotation mark in a SIP display name arrives with SIP's own backslash before it.
  return name === null ? null : limited(unescapeC(name).replace(/\\(["\\])/g, '$1'));
}

function limited(text: string): string {
  return text.length > longestText ? text.slice(0, longestText) : text;
}

function limitedOrNull(text: string | null): string | null {
  return text === null ? null : limited(text);
}

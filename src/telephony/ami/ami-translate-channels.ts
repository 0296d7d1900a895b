import { endedDialStatus, numberInDialString } from '../asterisk-dial.ts';
import { endpointOfDevice } from '../numbering.ts';
import { type TelephonyEvent, wireVariable } from '../telephony-event.ts';
import { channelFacts } from './ami-channel-facts.ts';
import { integerOrNull, knownOrNull, unescapeC } from './ami-text.ts';
import type { Vocabulary } from './ami-vocabulary.ts';

/** Life of one channel, calls it makes, and what the dialplan tells about it. */
export const channelVocabulary: Vocabulary = {
  Newchannel: (message, at, { numbering }) => {
    const channel = channelFacts(message, '', numbering);
    return channel && { type: 'channelCreated', at, channel };
  },

  Newstate: (message, at) => {
    const channelId = message.get('Uniqueid');
    const type = stateEvents[message.get('ChannelState') ?? ''];
    return channelId === undefined || type === undefined ? null : { type, at, channelId };
  },

  HangupRequest: (message, at) => aboutChannel('hangupRequested', at, message.get('Uniqueid')),

  Hangup: (message, at) => {
    const channelId = message.get('Uniqueid');
    return channelId === undefined ? null : { type: 'channelHungUp', at, channelId, cause: causeOf(message.get('Cause')) };
  },

  DialBegin: (message, at, { numbering }) => {
    const target = channelFacts(message, 'Dest', numbering);
    if (target === null) return null;
    const source = channelFacts(message, '', numbering);
    return { type: 'dialBegun', at, source, target, number: numberInDialString(message.get('DialString') ?? '') };
  },

  DialEnd: (message, at) => {
    const targetId = message.get('DestUniqueid');
    return targetId === undefined
      ? null
      : { type: 'dialEnded', at, targetId, status: endedDialStatus(message.get('DialStatus') ?? '') };
  },

  OriginateResponse: (message, at, { numbering }) => {
    const { extension } = endpointOfDevice(numbering, (message.get('Channel') ?? '').replace(/-[0-9a-f]+$/, ''));
    const number = knownOrNull(message.get('Exten'));
    const answered = message.get('Response') === 'Success';
    return { type: 'originateReported', at, answered, channelId: knownOrNull(message.get('Uniqueid')), extension, number };
  },

  VarSet: (message, at, { didVariables, recordingVariables }) => {
    const variable = (message.get('Variable') ?? '').replace(/^_+/, '');
    const isDid = didVariables.has(variable);
    const isWire = variable === wireVariable;
    if (!isDid && !isWire && !recordingVariables.has(variable)) return null;
    const channelId = message.get('Uniqueid');
    const value = unescapeC(message.get('Value') ?? '');
    if (channelId === undefined || value === '') return null;
    if (isWire) return { type: 'wireLearned', at, channelId, wire: value.slice(0, 256) };
    if (!isDid) return { type: 'recordingStarted', at, channelId, file: fileOf(value) };
    return /^\+?\d{2,32}$/.test(value) ? { type: 'didLearned', at, channelId, number: value } : null;
  },

  Newexten: (message, at) => {
    const isVoicemail = message.get('Application')?.toLowerCase() === 'voicemail';
    return isVoicemail ? aboutChannel('voicemailReached', at, message.get('Uniqueid')) : null;
  },

  Hold: (message, at) => aboutChannel('holdStarted', at, message.get('Uniqueid')),
  Unhold: (message, at) => aboutChannel('holdEnded', at, message.get('Uniqueid')),
};

const stateEvents: Readonly<Record<string, 'channelRinging' | 'channelAnswered' | 'channelBusy'>> = {
  '5': 'channelRinging',
  '6': 'channelAnswered',
  '7': 'channelBusy',
};

type OfOneChannel = 'hangupRequested' | 'voicemailReached' | 'holdStarted' | 'holdEnded';

function aboutChannel(type: OfOneChannel, at: number, channelId: string | undefined): TelephonyEvent | null {
  return channelId === undefined ? null : { type, at, channelId };
}

/** The base name, as a text of its own: a slice would keep the whole path alive. */
function fileOf(path: string): string {
  return Buffer.from(path.slice(path.lastIndexOf('/') + 1).slice(0, 255), 'utf8').toString('utf8');
}

/** Asterisk writes 0 for "nobody said why". */
function causeOf(sent: string | undefined): number | null {
  return integerOrNull(sent) || null;
}

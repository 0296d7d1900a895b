import { endedDialStatus, numberInDialString } from '../asterisk-dial.ts';
import { wireVariable } from '../telephony-event.ts';
import { channelFacts } from './ari-channel-facts.ts';
import type { AriChannel } from './ari-event.ts';
import type { Vocabulary } from './ari-vocabulary.ts';

/** News of a phone that is being called still. */
const onTheWay = new Set(['', 'RINGING', 'PROGRESS', 'PROCEEDING']);

/** Life of one channel, calls it makes, and what the dialplan tells about it. */
export const channelVocabulary: Vocabulary = {
  ChannelCreated: ({ channel }, at, { numbering }) => ({
    type: 'channelCreated',
    at,
    channel: channelFacts(channel, numbering),
  }),

  ChannelStateChange: ({ channel }, at) => {
    const type = stateEvents[channel.state];
    return type === undefined ? null : { type, at, channelId: channel.id };
  },

  ChannelHangupRequest: ({ channel, soft }, at) => (soft ? null : aboutChannel('hangupRequested', at, channel)),

  /** Asterisk writes 0 for "nobody said why". */
  ChannelDestroyed: ({ channel, cause }, at) => ({ type: 'channelHungUp', at, channelId: channel.id, cause: cause || null }),

  Dial: ({ caller, peer, dialstatus, dialstring }, at, { numbering }) => {
    if (dialstatus === '') {
      const source = caller && channelFacts(caller, numbering);
      return { type: 'dialBegun', at, source, target: channelFacts(peer, numbering), number: numberInDialString(dialstring) };
    }
    if (onTheWay.has(dialstatus)) return null;
    return { type: 'dialEnded', at, targetId: peer.id, status: endedDialStatus(dialstatus) };
  },

  ChannelVarset: ({ channel, variable, value }, at, { didVariables, recordingVariables }) => {
    if (channel === null || value === '') return null;
    const name = variable.replace(/^_+/, '');
    if (name === wireVariable) return { type: 'wireLearned', at, channelId: channel.id, wire: value.slice(0, 256) };
    if (recordingVariables.has(name)) return { type: 'recordingStarted', at, channelId: channel.id, file: fileOf(value) };
    if (!didVariables.has(name) || !/^\+?\d{2,32}$/.test(value)) return null;
    return { type: 'didLearned', at, channelId: channel.id, number: value };
  },

  ChannelDialplan: ({ channel, dialplan_app: application }, at) =>
    application.toLowerCase() === 'voicemail' ? aboutChannel('voicemailReached', at, channel) : null,

  ChannelHold: ({ channel }, at) => aboutChannel('holdStarted', at, channel),
  ChannelUnhold: ({ channel }, at) => aboutChannel('holdEnded', at, channel),
};

const stateEvents: Readonly<Record<string, 'channelRinging' | 'channelAnswered' | 'channelBusy'>> = {
  Ringing: 'channelRinging',
  Up: 'channelAnswered',
  Busy: 'channelBusy',
};

type OfOneChannel = 'hangupRequested' | 'voicemailReached' | 'holdStarted' | 'holdEnded';

function aboutChannel<Type extends OfOneChannel>(type: Type, at: number, channel: AriChannel) {
  return { type, at, channelId: channel.id };
}

/** The base name, as a text of its own: a slice would keep the whole path alive. */
function fileOf(path: string): string {
  return Buffer.from(path.slice(path.lastIndexOf('/') + 1).slice(0, 255), 'utf8').toString('utf8');
}

import { defaultNumbering, type Numbering } from '../numbering.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import type { AmiMessage } from './ami-message.ts';
import { createSnapshotCollector } from './ami-snapshot.ts';
import { integerOrNull } from './ami-text.ts';
import { bridgeVocabulary } from './ami-translate-bridges.ts';
import { channelVocabulary } from './ami-translate-channels.ts';
import type { AmiTranslation, Vocabulary } from './ami-vocabulary.ts';

export interface AmiTranslatorSettings {
  readonly numbering?: Numbering;
  /** Channel variables that hold the number the customer dialled; leading underscores do not matter. */
  readonly didVariables?: readonly string[];
  /** Channel variables that hold the path of a recording. */
  readonly recordingVariables?: readonly string[];
}

export interface AmiTranslator {
  /** Give it every message of one connection in order; `at` is the moment of arrival. Make a new translator per connection. */
  translate(message: AmiMessage, at: number): readonly TelephonyEvent[];
}

const nothing: readonly TelephonyEvent[] = [];

/** Learning a DID this way is only for calls that began unheard, so a few at a time are enough. */
const mostUnknownDids = 10_000;

export function createAmiTranslator(settings: AmiTranslatorSettings = {}): AmiTranslator {
  const translation: AmiTranslation = {
    numbering: settings.numbering ?? defaultNumbering,
    didVariables: new Set(settings.didVariables ?? ['DID', 'FROM_DID']),
    recordingVariables: new Set(settings.recordingVariables ?? ['MIXMONITOR_FILENAME']),
  };
  const snapshot = createSnapshotCollector(translation);
  const unknownDids = new Set<string>();

  const connectionVocabulary: Vocabulary = {
    FullyBooted: (message, at) => {
      const uptime = integerOrNull(message.get('Uptime'));
      return uptime === null ? null : { type: 'pbxBooted', at, bootedAt: at - uptime * 1000 };
    },
    Status: (message, at) => didOf(message, at, 'Uniqueid', 'DNID'),
    CEL: (message, at) => (unknownDids.size === 0 ? null : didOf(message, at, 'UniqueID', 'CallerIDdnid')),
  };

  /** What the caller dialled, of channels whose beginning was not heard. */
  function didOf(message: AmiMessage, at: number, idHeader: string, numberHeader: string): TelephonyEvent | null {
    const channelId = message.get(idHeader) ?? '';
    if (!unknownDids.has(channelId)) return null;
    const number = message.get(numberHeader) ?? '';
    if (!/^\+?\d{2,32}$/.test(number)) return null;
    unknownDids.delete(channelId);
    return { type: 'didLearned', at, channelId, number };
  }

  const vocabulary = new Map(Object.entries({ ...channelVocabulary, ...bridgeVocabulary, ...connectionVocabulary }));

  function noteUnknownDids(events: readonly TelephonyEvent[]): void {
    for (const event of events) {
      if (event.type !== 'snapshotTaken') continue;
      for (const { channel } of event.channels) {
        if (channel.party === 'line' && !channel.outgoing && unknownDids.size < mostUnknownDids) unknownDids.add(channel.id);
      }
    }
  }

  return {
    translate(message, at) {
      if (message.event === null) return nothing;
      const isListItem = snapshot.take(message, at);
      const event = isListItem ? null : (vocabulary.get(message.event)?.(message, at, translation) ?? null);
      if (!snapshot.isCollecting) return event === null ? nothing : [event];
      if (event !== null) snapshot.withhold(event);
      const finished = snapshot.finished(at);
      if (finished === null) return nothing;
      noteUnknownDids(finished);
      return finished;
    },
  };
}

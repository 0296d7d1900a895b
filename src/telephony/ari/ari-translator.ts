import { defaultNumbering, type Numbering } from '../numbering.ts';
import { type TelephonyEvent, wireVariable } from '../telephony-event.ts';
import { createDialplanReader, queueVariable } from './ari-dialplan.ts';
import { type KnownAriEvent, readAriEvent } from './ari-event.ts';
import { createRestartDetector } from './ari-restart.ts';
import { type AriLists, snapshotEvents } from './ari-snapshot.ts';
import { bridgeVocabulary } from './ari-translate-bridges.ts';
import { channelVocabulary } from './ari-translate-channels.ts';
import type { AriTranslation, Vocabulary } from './ari-vocabulary.ts';

export interface AriTranslatorSettings {
  readonly numbering?: Numbering;
  /** Channel variables that hold the number the customer dialled; leading underscores do not matter. */
  readonly didVariables?: readonly string[];
  /** Channel variables that hold the path of a recording. */
  readonly recordingVariables?: readonly string[];
}

export interface AriTranslator {
  /**
   * Give it every event of one subscription in order, as parsed JSON; `at` is the moment of arrival in ms. What is no ARI event is
   * counted and passed over. It may go on over a lost connection.
   */
  translate(event: unknown, at: number): readonly TelephonyEvent[];
  /** Goes on from the lists of the PBX instead of from what was heard before; what was told since they were asked for comes next. */
  startFrom(lists: AriLists, at: number): readonly TelephonyEvent[];
  /** How many events could not be read. */
  readonly unreadable: number;
}

const nothing: readonly TelephonyEvent[] = [];

export function createAriTranslator(settings: AriTranslatorSettings = {}): AriTranslator {
  const translation: AriTranslation = {
    numbering: settings.numbering ?? defaultNumbering,
    didVariables: new Set(settings.didVariables ?? ['DID', 'FROM_DID']),
    recordingVariables: new Set(settings.recordingVariables ?? ['MIXMONITOR_FILENAME']),
  };
  const vocabulary: Vocabulary = { ...channelVocabulary, ...bridgeVocabulary };
  const dialplan = createDialplanReader(translation.numbering);
  const restarts = createRestartDetector();
  let heardAt = 0;
  let unreadable = 0;

  /** Two events of three set a variable that is nobody's business: they are not worth a closer look. */
  function isIdleVariable(sent: unknown): boolean {
    if (typeof sent !== 'object' || sent === null || !('type' in sent) || sent.type !== 'ChannelVarset') return false;
    if (!('variable' in sent) || typeof sent.variable !== 'string' || sent.variable === queueVariable) return false;
    const name = sent.variable.replace(/^_+/, '');
    return name !== wireVariable && !translation.didVariables.has(name) && !translation.recordingVariables.has(name);
  }

  /** The calls of a PBX that was killed ended, at the latest, when the next one came to life; they were last heard of before that. */
  function restartBefore(event: KnownAriEvent, lastHeardAt: number): readonly TelephonyEvent[] {
    if (event.type !== 'ChannelCreated') return nothing;
    const bootedAt = restarts.bootOf(event.channel.id);
    return bootedAt === null ? nothing : [{ type: 'pbxBooted', at: lastHeardAt, bootedAt }];
  }

  return {
    translate(sent, at) {
      const lastHeardAt = heardAt;
      heardAt = at;
      if (isIdleVariable(sent)) return nothing;
      const reading = readAriEvent(sent);
      if (reading.kind === 'unreadable') unreadable += 1;
      if (reading.kind !== 'event') return nothing;
      const { event } = reading;
      const restart = restartBefore(event, lastHeardAt);
      const before = dialplan.before(event, at);
      const itself = translated(vocabulary, event, at, translation);
      const after = dialplan.after(event, at);
      return [...restart, ...before, ...(itself === null ? nothing : [itself]), ...after];
    },

    startFrom(lists, at) {
      const events = snapshotEvents(lists, at, translation.numbering);
      heardAt = at;
      for (const event of events) if (event.type === 'snapshotTaken') dialplan.startFrom(event.channels);
      return events;
    },

    get unreadable() {
      return unreadable;
    },
  };
}

type Translate = (event: KnownAriEvent, at: number, translation: AriTranslation) => TelephonyEvent | null;

function translated(
  vocabulary: Vocabulary,
  event: KnownAriEvent,
  at: number,
  translation: AriTranslation,
): TelephonyEvent | null {
  const translate = vocabulary[event.type] as Translate | undefined;
  return translate?.(event, at, translation) ?? null;
}

import { createRestartDetector } from '../ari/ari-restart.ts';
import type { TelephonyEvent } from '../telephony-event.ts';
import { legStarted, originateReported } from './cel-dials.ts';
import { appCutOff, hungUp } from './cel-endings.ts';
import type { Leg } from './cel-legs.ts';
import {
  attendedTransferred,
  blindTransferred,
  bridgeEntered,
  bridgeLeft,
  parkStarted,
  streamBegun,
  streamEnded,
} from './cel-moves.ts';
import { queueJoined, queueJoinedUnseen, queueLeft } from './cel-queues.ts';
import { type CelContext, type CelStory, createCelStory, stateOf } from './cel-story.ts';
import type { CelRow } from './record-rows.ts';
import { each, type Unhurried } from './unhurried.ts';

/** CEL rows in the order of their time, told as the events that were heard, or would have been. */
export function* translateCel(rows: readonly CelRow[], context: CelContext): Unhurried<TelephonyEvent[]> {
  const story = yield* createCelStory(rows, context);
  const restarts = createRestartDetector();
  yield* each(rows, (row) => {
    const leg = story.legs.get(row.channelId);
    if (leg === undefined || stateOf(story, leg).isOver) return;
    story.bridges.noteName(leg, row.channel);
    if (!stateOf(story, leg).isKnown) {
      const bootedAt = restarts.bootOf(leg.id);
      if (bootedAt !== null) story.told.push({ type: 'pbxBooted', at: story.lastAt, bootedAt });
      legStarted(story, leg, row);
    }
    story.lastAt = row.at;
    queueJoinedUnseen(story, row);
    vocabulary[row.event]?.(story, leg, row);
  });
  return story.told;
}

type Tell = (story: CelStory, leg: Leg, row: CelRow) => void;

const vocabulary: Readonly<Record<string, Tell>> = {
  ANSWER(story, leg, { at }) {
    stateOf(story, leg).isUp = true;
    story.told.push({ type: 'channelAnswered', at, channelId: leg.id });
  },

  APP_START(story, leg, row) {
    story.atWork = [...story.atWork.filter((work) => work.leg !== leg), { leg, row }];
    originateReported(story, leg, row);
    if (row.app === 'Queue') queueJoined(story, leg, row);
    if (/^voicemail$/i.test(row.app)) story.told.push({ type: 'voicemailReached', at: row.at, channelId: leg.id });
    if (row.app === 'MixMonitor') recordingStarted(story, leg, row);
  },

  APP_END(story, leg, row) {
    story.atWork = story.atWork.filter((work) => work.leg !== leg || work.row.app !== row.app);
    appCutOff(story, leg, row);
    if (row.app === 'Queue') queueLeft(story, leg, row.at);
  },

  BRIDGE_ENTER: bridgeEntered,
  BRIDGE_EXIT: bridgeLeft,
  BLINDTRANSFER: blindTransferred,
  ATTENDEDTRANSFER: attendedTransferred,
  PARK_START: parkStarted,
  PARK_END(story, leg) {
    stateOf(story, leg).isParked = false;
  },
  STREAM_BEGIN: streamBegun,
  STREAM_END: streamEnded,
  HANGUP: hungUp,
  CHAN_END: hungUp,
};

function recordingStarted(story: CelStory, leg: Leg, { at, appData }: CelRow): void {
  const path = (appData ?? '').split(',')[0] ?? '';
  const file = path.slice(path.lastIndexOf('/') + 1).slice(0, 255);
  if (file !== '') story.told.push({ type: 'recordingStarted', at, channelId: leg.id, file });
}

import { factsOf, type Leg } from './cel-legs.ts';
import { type CelStory, stateOf } from './cel-story.ts';
import type { CelRow } from './record-rows.ts';

/** Waiting in queues: CEL shows the application at work, the queue log knows its name. */

const entries = new Set(['ENTERQUEUE', 'JOINEMPTY', 'JOINUNAVAIL', 'FULL']);

export function queueJoined(story: CelStory, leg: Leg, row: CelRow): void {
  const { queueLog, cdr } = story.context;
  const state = stateOf(story, leg);
  const entered = (queueLog.get(leg.id) ?? []).filter(({ event }) => entries.has(event));
  const entry = entered[state.queuesEntered];
  const inCdr = cdr.get(leg.id)?.filter(({ lastApp }) => lastApp === 'Queue') ?? [];
  const nth = inCdr[state.queuesEntered] ?? inCdr.at(-1);
  state.queuesEntered += 1;
  // Turned away at the door.
  if (entry !== undefined && entry.event !== 'ENTERQUEUE') return;
  const queue = entry?.queue ?? nameIn(row.appData) ?? nameIn(nth?.lastData ?? null);
  if (queue !== null) enter(story, leg, row, queue);
}

/** Where CEL does not track the application, only the queue log says that a caller waited: from the second in which it says so. */
export function queueJoinedUnseen(story: CelStory, row: CelRow): void {
  const log = story.context.queueLog.get(row.linkedId);
  const leg = story.legs.get(row.linkedId);
  if (log === undefined || leg === undefined || leg.rows.some(({ event, app }) => event === 'APP_START' && app === 'Queue'))
    return;
  const state = stateOf(story, leg);
  const entry = log.filter(({ event }) => event === 'ENTERQUEUE')[state.queuesEntered];
  if (entry === undefined || entry.at > row.at || !state.isKnown || state.isOver) return;
  state.queuesEntered += 1;
  enter(story, leg, { ...row, exten: '' }, entry.queue);
}

function enter(story: CelStory, leg: Leg, row: CelRow, queue: string): void {
  const state = stateOf(story, leg);
  state.queue = queue;
  story.told.push({ type: 'queueJoined', at: row.at, channel: factsOf(leg, row, state.isUp), queue });
}

export function queueLeft(story: CelStory, leg: Leg, at: number): void {
  const state = stateOf(story, leg);
  const { queue } = state;
  if (queue === null) return;
  state.queue = null;
  story.told.push({ type: state.isRequested ? 'queueAbandoned' : 'queueLeft', at, channelId: leg.id, queue });
}

function nameIn(data: string | null): string | null {
  const name = (data ?? '').split(',')[0] ?? '';
  return name === '' ? null : name;
}

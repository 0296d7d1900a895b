import { addUpConversation } from './tracker-conversation.ts';
import { withItem } from './tracker-lists.ts';
import { type Call, channelsOf, type Tracker, touch } from './tracker-state.ts';

/**
 * Two calls turned out to be one. The older id survives; what is told of the call is the story of the one with the customer, to
 * which the other (a consultation, a pick-up, a retrieval from parking) adds who rang, its recordings and its linked ids.
 */
export function mergeCalls(tracker: Tracker, one: Call, other: Call, at: number): Call {
  if (one === other) return one;
  addUpConversation(one, at);
  addUpConversation(other, at);
  const [older, younger] = isOlder(one, other) ? [one, other] : [other, one];
  const main = older.hadCustomer || !younger.hadCustomer ? older : younger;
  const minor = main === older ? younger : older;
  const id = older.id;
  const absorbed = younger.id;
  const wasYoungerTold = younger.isTold;

  const channels = [...channelsOf(tracker, main), ...channelsOf(tracker, minor)];
  for (const channel of channelsOf(tracker, minor)) if (main.hadCustomer) channel.isCustomer = false;
  for (const call of [main, minor]) {
    tracker.calls.delete(call.id);
    tracker.touched.delete(call);
  }
  main.isTold = older.isTold;
  main.id = id;
  main.pbx = older.pbx;
  tracker.calls.set(id, main);
  main.channelIds = channels.map((channel) => channel.id).slice(0, tracker.limits.maxListItems);
  for (const channel of channels) channel.callId = main.channelIds.includes(channel.id) ? id : null;
  for (const alias of [...minor.aliases, absorbed]) main.aliases = withItem(tracker, main.aliases, alias);

  adopt(tracker, main, minor, older);
  for (const linkedId of main.linkedIds) tracker.callOfLinkedId.set(linkedId, id);
  touch(tracker, main, at);
  if (wasYoungerTold) tracker.merged.push({ into: main, absorbed });
  return main;
}

/** Takes over from the minor call what belongs to the whole. */
function adopt(tracker: Tracker, main: Call, minor: Call, older: Call): void {
  const [first, second] = main === older ? [main, minor] : [minor, main];
  const bothInOrder = (list: (call: Call) => readonly string[]) => {
    let united = list(first);
    for (const item of list(second)) united = withItem(tracker, united, item);
    return united;
  };
  main.linkedIds = bothInOrder((call) => call.linkedIds);
  main.rang = bothInOrder((call) => call.rang);
  main.recordings = bothInOrder((call) => call.recordings);
  if (main.queues.length === 0) {
    main.queues = minor.queues;
    main.queuedIn ??= minor.queuedIn;
  }
  main.transfers = [...main.transfers, ...minor.transfers].sort((a, b) => a.at - b.at).slice(0, tracker.limits.maxListItems);
  main.endedBy = null;
  if (minor.isOriginated) adoptFirstLeg(main, minor);
  if (main.hadCustomer) return;
  // Two internal calls: whoever spoke in either has spoken.
  const talkMsOf = (call: Call, agent: string) => call.talkMs[call.spokeWith.indexOf(agent)] ?? 0;
  const agents = bothInOrder((call) => call.spokeWith);
  main.talkMs = agents.map((agent) => talkMsOf(main, agent) + talkMsOf(minor, agent));
  main.spokeWith = agents;
  if (main.answeredAt === null) {
    main.answeredAt = minor.answeredAt;
    main.answeredBy = minor.answeredBy;
    main.lastAgents = minor.lastAgents;
  }
}

/** An application called the agent and the customer, or the agent for the customer, each by a call of its own, and then joined them. */
function adoptFirstLeg(main: Call, minor: Call): void {
  if (main.answeredAt === null) main.firstOfferedAt ??= minor.startedAt;
  if (main.direction !== 'outbound' || main.placedBy !== null || minor.placedBy === null) return;
  main.placedBy = minor.placedBy;
  main.initiatorId = minor.initiatorId;
  main.initiatorUpAt = minor.initiatorUpAt;
  main.startedAt = Math.min(main.startedAt, minor.startedAt);
}

function isOlder(one: Call, other: Call): boolean {
  if (one.startedAt !== other.startedAt) return one.startedAt < other.startedAt;
  return compareChannelIds(one.linkedIds[0] ?? one.id, other.linkedIds[0] ?? other.id) <= 0;
}

/** `[system-]epoch.counter`: by time, then by counter. */
export function compareChannelIds(one: string, other: string): number {
  const [oneEpoch, oneCounter] = ageInId(one);
  const [otherEpoch, otherCounter] = ageInId(other);
  return oneEpoch - otherEpoch || oneCounter - otherCounter || (one < other ? -1 : one > other ? 1 : 0);
}

function ageInId(id: string): readonly [epoch: number, counter: number] {
  const parts = /(\d+)\.(\d+)$/.exec(id);
  return parts === null ? [0, 0] : [Number(parts[1]), Number(parts[2])];
}

import type { CallEvent, CallRecord } from '../../src/calls/call.ts';
import { createTracker, liveCalls, type Tracker, type TrackerSettings, track } from '../../src/calls/tracker.ts';
import type { BridgeKind, ChannelFacts, DialStatus, TelephonyEvent } from '../../src/telephony/telephony-event.ts';
import { trackerSettings } from './traces.ts';

type Told<Type extends TelephonyEvent['type']> = Extract<TelephonyEvent, { type: Type }>;
type WithoutTime<Event> = Event extends TelephonyEvent ? Omit<Event, 'at'> : never;

/** Tells a tracker what happens on an invented PBX, step by step, with the clock in the test's hand. */
export function createStory(settings: Partial<TrackerSettings> = {}) {
  const tracker: Tracker = createTracker({ ...trackerSettings, ...settings });
  const began = Date.UTC(2026, 0, 5, 1, 0, 0);
  const told: CallEvent[] = [];
  let at = began;
  let counter = 0;
  let hearing = tracker.settings.pbx;

  function tell(event: WithoutTime<TelephonyEvent>): void {
    told.push(...track(tracker, { ...event, at } as TelephonyEvent, hearing));
  }

  function channel(facts: Partial<ChannelFacts>): ChannelFacts {
    const id = `${Math.floor(at / 1000)}.${counter}`;
    counter += 1;
    const created: ChannelFacts = {
      ...{ id, linkedId: id, party: 'phone', extension: null, localPair: null, localHalf: null },
      ...{ outgoing: false, up: false, callerNumber: null, callerName: null, dialled: null },
      ...facts,
    };
    tell({ type: 'channelCreated', channel: created });
    return created;
  }

  const linkedTo = (source: ChannelFacts | null) => (source === null ? {} : { linkedId: source.linkedId ?? source.id });

  function dial(source: ChannelFacts | null, target: ChannelFacts, number: string | null): ChannelFacts {
    tell({ type: 'dialBegun', source, target, number });
    tell({ type: 'channelRinging', channelId: target.id });
    return target;
  }

  const story = {
    tracker,
    told,
    tell,
    channel,
    wait: (seconds: number) => {
      at += seconds * 1000;
    },
    get now() {
      return at;
    },
    /** What is told from now on happens at this PBX. */
    hear: (pbx: string) => {
      hearing = pbx;
    },
    callFromOutside: (callerNumber: string | null, did: string) => channel({ party: 'line', callerNumber, dialled: did }),
    callFromPhone: (extension: string, dialled: string) => channel({ extension, dialled, callerNumber: extension }),
    ring: (source: ChannelFacts | null, extension: string, facts: Partial<ChannelFacts> = {}) =>
      dial(source, channel({ extension, outgoing: true, ...linkedTo(source), ...facts }), null),
    dialOut: (source: ChannelFacts, number: string) =>
      dial(source, channel({ party: 'line', outgoing: true, ...linkedTo(source) }), number),
    localPair: (source: ChannelFacts | null, dialled: string): readonly [one: ChannelFacts, two: ChannelFacts] => {
      const localPair = `Local/${dialled}@somewhere-${counter}`;
      const half = { party: 'helper', localPair, dialled, outgoing: true, ...linkedTo(source) } as const;
      const one = channel({ ...half, localHalf: 1 });
      return [one, channel({ ...half, localHalf: 2, linkedId: one.linkedId })];
    },
    answer: (leg: ChannelFacts) => {
      tell({ type: 'channelAnswered', channelId: leg.id });
      tell({ type: 'dialEnded', targetId: leg.id, status: 'answered' });
    },
    fail: (leg: ChannelFacts, status: DialStatus, cause: number | null = null) => {
      tell({ type: 'dialEnded', targetId: leg.id, status });
      tell({ type: 'channelHungUp', channelId: leg.id, cause });
    },
    enter: (leg: ChannelFacts, bridgeId: string, kind: BridgeKind = 'conversation') =>
      tell({ type: 'bridgeEntered', bridgeId, kind, channel: { ...leg, up: true } }),
    leave: (leg: ChannelFacts, bridgeId: string) => tell({ type: 'bridgeLeft', bridgeId, channelId: leg.id }),
    /** Both answer and talk in a bridge of their own. */
    connect: (one: ChannelFacts, other: ChannelFacts): string => {
      const bridgeId = `bridge-${counter}`;
      counter += 1;
      story.answer(other);
      story.enter(other, bridgeId);
      story.enter(one, bridgeId);
      return bridgeId;
    },
    /** The person at the end of this leg hangs up. */
    hangUp: (leg: ChannelFacts, cause: number | null = 16) => {
      tell({ type: 'hangupRequested', channelId: leg.id });
      story.end(leg, cause);
    },
    /** The PBX ends this leg. */
    end: (leg: ChannelFacts, cause: number | null = 16) => tell({ type: 'channelHungUp', channelId: leg.id, cause }),
    join: (leg: ChannelFacts, queue: string) => tell({ type: 'queueJoined', channel: leg, queue }),
    leaveQueue: (leg: ChannelFacts, queue: string) => tell({ type: 'queueLeft', channelId: leg.id, queue }),
    blindTransfer: (transferer: ChannelFacts, to: string, byPhone = true) =>
      tell({ type: 'blindTransferred', transfererId: transferer.id, to, byPhone }),
    attendedTransfer: (legs: Omit<Told<'attendedTransferred'>, 'type' | 'at'>) => tell({ type: 'attendedTransferred', ...legs }),
    ended: (): CallRecord[] => told.filter(({ type }) => type === 'callEnded').map(({ call }) => call.record),
    /** The only call that has ended. */
    onlyCall: (): CallRecord => {
      const [record, ...others] = story.ended();
      if (record === undefined || others.length > 0)
        throw new Error(`${others.length + (record ? 1 : 0)} calls have ended, not one`);
      return record;
    },
    live: () => liveCalls(tracker),
  };
  return story;
}

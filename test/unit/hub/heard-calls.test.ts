import type { CallEvent, CallId } from '../../../src/calls/call.ts';
import { JournalFull } from '../../../src/calls/journal.ts';
import type { RestorableCall } from '../../../src/calls/ledger-read.ts';
import { createHeardCalls } from '../../../src/hub/heard-calls.ts';
import type { ChannelFacts, TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { liveRecord } from '../../support/call-records.ts';

const T0 = Date.parse('2026-11-23T01:00:00.000Z');

function hear(given: {
  readonly record?: (event: CallEvent) => void;
  readonly onCallEvent?: (event: CallEvent) => void;
  readonly live?: readonly RestorableCall[];
  readonly pbxs?: readonly string[];
}) {
  const journalled: string[] = [];
  const kept = new Map<string, RestorableCall>();
  const told: string[] = [];
  const logged: string[] = [];
  const heard = createHeardCalls({
    pbxs: given.pbxs ?? ['main'],
    settings: { pbx: 'main', toE164: (raw) => raw, isWithheld: () => false, isOutsideNumber: (raw) => raw.length > 5 },
    journal: {
      record(event, state) {
        given.record?.(event);
        if (event.type === 'callMerged') kept.delete(event.absorbed);
        kept.set(event.call.record.id, { record: event.call.record, state: JSON.parse(JSON.stringify(state)) });
        journalled.push(event.type);
      },
    },
    ledger: { live: async () => given.live ?? [] },
    now: () => T0,
    log: (_, message) => logged.push(message),
  });
  heard.listen((event) => given.onCallEvent?.(event));
  heard.listen((event) => told.push(event.type));
  return { heard, journalled, told, logged, kept };
}

const caller: ChannelFacts = {
  id: '1763838000.1',
  linkedId: '1763838000.1',
  party: 'line',
  extension: null,
  localPair: null,
  localHalf: null,
  outgoing: false,
  up: false,
  callerNumber: '09012345678',
  callerName: null,
  dialled: '0398765432',
};
const rings: TelephonyEvent = { type: 'channelCreated', at: T0, channel: caller };
const hangsUp: TelephonyEvent = { type: 'channelHungUp', at: T0 + 1_000, channelId: caller.id, cause: 16 };

test('a ledger that takes no more calls keeps no pop from the operator, and every call that is lost is named', () => {
  const { heard, told, logged } = hear({
    record: () => {
      throw new JournalFull('full');
    },
  });
  heard.onTelephonyEvent('main', rings);
  heard.onTelephonyEvent('main', hangsUp);
  expect(told).toEqual(['callStarted', 'callEnded']);
  expect(logged).toEqual(['what became of calls could not be kept', 'what became of calls could not be kept']);
});

test('a desk that trips over what happens keeps nothing of it from the ledger, nor from whoever else listens', () => {
  const { heard, journalled, told } = hear({
    onCallEvent: () => {
      throw new Error('a bug of the desk');
    },
  });
  expect(() => {
    heard.onTelephonyEvent('main', rings);
    heard.onTelephonyEvent('main', hangsUp);
  }).not.toThrow();
  expect(journalled).toEqual(['callStarted', 'callEnded']);
  expect(told).toEqual(['callStarted', 'callEnded']);
});

test('a call of a PBX that is no longer listened to is closed as it was, instead of going on for ever', async () => {
  const record = liveRecord({ id: 'osaka-1.1', pbx: 'osaka', answered: true });
  const { heard, told, journalled } = hear({ live: [{ record, state: { version: 2 } }] });
  await heard.restore();
  expect([told, journalled]).toEqual([['callEnded'], ['callEnded']]);
  expect(heard.live()).toEqual([]);
});

test('a call with legs at a PBX that is no longer listened to ends with those that are', async () => {
  const leg = (id: string, facts: Partial<ChannelFacts>): ChannelFacts => ({ ...caller, id, linkedId: id, ...facts });
  const phone = leg('1.1', { party: 'phone', extension: '1001', callerNumber: '1001', dialled: '2001' });
  const leaving = leg('1.2', { linkedId: phone.id, outgoing: true, callerNumber: null, dialled: null });
  const arriving = leg('5.1', { callerNumber: '1001', dialled: '2001' });
  const called = leg('5.2', { linkedId: arriving.id, party: 'phone', extension: '2001', outgoing: true, dialled: null });
  const before = hear({ pbxs: ['main', 'osaka'] });
  before.heard.onTelephonyEvent('main', { type: 'channelCreated', at: T0, channel: phone });
  before.heard.onTelephonyEvent('main', { type: 'dialBegun', at: T0, source: phone, target: leaving, number: '2001' });
  before.heard.onTelephonyEvent('main', { type: 'wireLearned', at: T0, channelId: leaving.id, wire: 'w' });
  before.heard.onTelephonyEvent('osaka', { type: 'channelCreated', at: T0, channel: arriving });
  before.heard.onTelephonyEvent('osaka', { type: 'wireLearned', at: T0, channelId: arriving.id, wire: 'w' });
  before.heard.onTelephonyEvent('osaka', { type: 'dialBegun', at: T0, source: arriving, target: called, number: null });
  expect([...before.kept.keys()]).toEqual(['main-1.1']);

  const after = hear({ live: [...before.kept.values()] });
  await after.heard.restore();
  expect(after.heard.legsOf('main-1.1' as CallId).map(({ channelId }) => channelId)).toEqual(['main-1.1']);
  after.heard.onTelephonyEvent('main', { type: 'snapshotTaken', at: T0 + 1_000, channels: [], bridges: [], parked: [] });
  expect(after.heard.live()).toEqual([]);
  expect(after.told.at(-1)).toBe('callEnded');
});

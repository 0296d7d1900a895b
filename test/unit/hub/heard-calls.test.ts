import type { CallEvent } from '../../../src/calls/call.ts';
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
}) {
  const journalled: string[] = [];
  const told: string[] = [];
  const logged: string[] = [];
  const heard = createHeardCalls({
    pbxs: ['main'],
    settings: { pbx: 'main', toE164: (raw) => raw, isWithheld: () => false, isOutsideNumber: (raw) => raw.length > 5 },
    journal: {
      record(event) {
        given.record?.(event);
        journalled.push(event.type);
      },
    },
    ledger: { live: async () => given.live ?? [] },
    onCallEvent(event) {
      given.onCallEvent?.(event);
      told.push(event.type);
    },
    now: () => T0,
    log: (_, message) => logged.push(message),
  });
  return { heard, journalled, told, logged };
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

test('a desk that trips over what happens keeps nothing of it from the ledger', () => {
  const { heard, journalled } = hear({
    onCallEvent: () => {
      throw new Error('a bug of the desk');
    },
  });
  expect(() => {
    heard.onTelephonyEvent('main', rings);
    heard.onTelephonyEvent('main', hangsUp);
  }).not.toThrow();
  expect(journalled).toEqual(['callStarted', 'callEnded']);
});

test('a call of a PBX that is no longer listened to is closed as it was, instead of going on for ever', async () => {
  const record = liveRecord({ id: 'osaka-1.1', pbx: 'osaka', answered: true });
  const { heard, told, journalled } = hear({ live: [{ record, state: { version: 2 } }] });
  await heard.restore();
  expect([told, journalled]).toEqual([['callEnded'], ['callEnded']]);
  expect(heard.live()).toEqual([]);
});

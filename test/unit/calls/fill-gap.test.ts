import type { CallId, CallRecord } from '../../../src/calls/call.ts';
import type { FiledCall } from '../../../src/calls/filed-calls.ts';
import { fillGap } from '../../../src/calls/fill-gap.ts';
import { callRecord } from '../../support/call-records.ts';

const start = Date.parse('2026-11-23T01:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
/** Nobody listened from the 20th to the 40th second. */
const gaps = [{ from: start + 20_000, to: start + 40_000 }];

function filed(given: Partial<CallRecord> = {}, own: Partial<FiledCall> = {}): FiledCall {
  const record = { ...callRecord({}), ...given, filledIn: true };
  return { record, possibleIds: [record.id], isWhole: true, isCutOff: false, ...own };
}

function heard(given: Partial<CallRecord> = {}): CallRecord {
  return { ...callRecord({}), ...given };
}

const lost = heard({
  startedAt: at(0),
  answeredAt: at(10),
  endedAt: at(20),
  hangupBy: null,
  hangupCause: null,
  talkSeconds: 10,
  talkByAgent: { '1001': 10 },
  recordings: ['a.wav'],
});
const whole = filed({
  startedAt: at(0.1),
  answeredAt: at(10.1),
  endedAt: at(35.1),
  hangupBy: 'agent',
  talkSeconds: 25,
  spokeWith: ['1001', '1003'],
  talkByAgent: { '1001': 5, '1003': 20 },
  transfers: [{ kind: 'blind', from: '1001', to: '1003', answered: true, at: at(15) }],
});

test('a call nobody heard is new, and marked', () => {
  expect(fillGap(whole, [], gaps)).toEqual({ kind: 'new', record: whole.record, absorbed: [] });
  expect(whole.record.filledIn).toBe(true);
});

test('a call that was closed when the connection was lost gets its true end, and keeps what only a listener knows', () => {
  const filling = fillGap(whole, [lost], gaps);
  expect(filling).toMatchObject({ kind: 'completed', absorbed: [] });
  expect(filling?.record).toMatchObject({
    id: lost.id,
    endedAt: at(35.1),
    hangupBy: 'agent',
    talkSeconds: 25,
    spokeWith: ['1001', '1003'],
    recordings: ['a.wav'],
    filledIn: true,
  });
  expect(filling?.record.transfers).toHaveLength(1);
});

test('a call that was heard from beginning to end stays as it is, whatever stands in the files', () => {
  const before = heard({ startedAt: at(-60), endedAt: at(-10) });
  expect(fillGap(filed({ talkSeconds: 999, result: 'failed' }), [before], gaps)).toBeNull();
});

test('what people wrote about a call stays', () => {
  const outcome = { code: 'won', label: '成約' };
  const matches = [{ connector: 'kintone', object: '12', id: '7', name: '山田商店' }];
  const filling = fillGap(whole, [{ ...lost, outcome, notes: '契約書を送る', matches }], gaps);
  expect(filling?.record).toMatchObject({ outcome, notes: '契約書を送る', matches });
});

test('a call is completed once', () => {
  const first = fillGap(whole, [lost], gaps);
  expect(first).not.toBeNull();
  expect(first && fillGap(whole, [first.record], gaps)).toBeNull();
});

test('hold that only the listener knew is kept, and nobody who answered becomes one who did not', () => {
  expect(fillGap(whole, [{ ...lost, holdSeconds: 4 }], gaps)?.record.holdSeconds).toBe(4);
  const unanswered = filed({ answered: false, answeredAt: null, result: 'abandoned', talkSeconds: 0, spokeWith: [] });
  expect(fillGap(unanswered, [lost], gaps)).toBeNull();
});

test('CDR, which knows whole seconds only, gives the end that was not heard and nothing that was', () => {
  const record = fillGap(filed({ ...whole.record, startedAt: at(0), waitSeconds: 0 }, { isWhole: false }), [lost], gaps)?.record;
  expect(record).toMatchObject({
    endedAt: at(35.1),
    startedAt: lost.startedAt,
    waitSeconds: lost.waitSeconds,
    talkSeconds: 25.1,
  });
});

test('two calls that were heard as separate ones, before the gap and after it, become the one they were', () => {
  const after = heard({ id: 'main-1767574800.3' as CallId, startedAt: at(40), endedAt: at(50) });
  const filling = fillGap({ ...whole, possibleIds: [lost.id, after.id] }, [after, lost], gaps);
  expect(filling).toMatchObject({ kind: 'completed', record: { id: lost.id }, absorbed: [after.id] });
});

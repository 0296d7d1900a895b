import { filedCalls } from '../../../src/calls/filed-calls.ts';
import { defaultNumbering } from '../../../src/telephony/numbering.ts';
import type { RecordRows } from '../../../src/telephony/records/record-rows.ts';
import { translateRecords } from '../../../src/telephony/records/records-translator.ts';
import { atOnce, each, inSlices, sorted, type Unhurried } from '../../../src/telephony/records/unhurried.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { trackerSettings } from '../../support/traces.ts';
import { writtenRowsOf } from '../../support/written-records.ts';

const never = new AbortController().signal;

/** Every look at the clock finds it so much later. */
function paceOf(lookMs: number, onTurn: () => void = () => {}) {
  let [time, turns] = [0, 0];
  return {
    now: () => {
      time += lookMs;
      return time;
    },
    nextTurn: async () => {
      turns += 1;
      onTurn();
    },
    turns: () => turns,
  };
}

function* counting(taken: number[], upTo: number): Unhurried<string> {
  yield* each(
    Array.from({ length: upTo }, (_, index) => index),
    (index) => taken.push(index),
  );
  return 'done';
}

test('others get their turn whenever a slice is used up, and the work goes on where it was', async () => {
  const taken: number[] = [];
  const takenAtTurns: number[] = [];
  const pace = paceOf(4, () => takenAtTurns.push(taken.length));
  expect(await inSlices(counting(taken, 1_000), never, pace)).toBe('done');
  expect(taken).toHaveLength(1_000);
  expect(takenAtTurns).toEqual([300, 600, 900]);
});

test('work that is done within its first slice keeps nobody waiting', async () => {
  const pace = paceOf(0);
  expect(await inSlices(counting([], 1_000), never, pace)).toBe('done');
  expect(pace.turns()).toBe(0);
});

test('what is broken off goes on no further', async () => {
  const stopping = new AbortController();
  const taken: number[] = [];
  const pace = paceOf(100, () => stopping.abort(new Error('the hub stops')));
  await expect(inSlices(counting(taken, 1_000), stopping.signal, pace)).rejects.toThrow('the hub stops');
  expect(taken).toHaveLength(100);
});

test.each([
  ['in disorder', 1],
  ['nearly in order, as files are', 0.01],
])('it sorts %s as a whole sort does, the equal ones in their order', async (_, disorder) => {
  const random = seededRandom(7);
  const items = Array.from({ length: 12_345 }, (_, place) => ({
    place,
    at: Math.floor(place / 3) + (random() < disorder ? Math.floor(random() * 9_000) : 0),
  }));
  const byTime = (a: { readonly at: number }, b: { readonly at: number }) => a.at - b.at;
  expect(atOnce(sorted(items, byTime))).toEqual(items.toSorted(byTime));
  expect(atOnce(sorted([], byTime))).toEqual([]);
});

test('calls that were written down are the same whether they are worked off at once or in slices', async () => {
  const parts = ['01-queue-answered', '12-blind-transfer', '15-parking'].map((scenario) => writtenRowsOf(scenario));
  const rows: RecordRows = {
    cel: parts.flatMap(({ cel }) => cel),
    cdr: parts.flatMap(({ cdr }) => cdr),
    queueLog: parts.flatMap(({ queueLog }) => queueLog),
  };
  const pace = paceOf(100);
  const written = await inSlices(translateRecords(rows, defaultNumbering), never, pace);
  const calls = await inSlices(filedCalls(written, trackerSettings), never, pace);
  expect(calls.length).toBeGreaterThan(5);
  expect(calls).toEqual(atOnce(filedCalls(atOnce(translateRecords(rows, defaultNumbering)), trackerSettings)));
  // Every pass over the rows stops after each hundred of them; there are many passes.
  expect(pace.turns()).toBeGreaterThan(rows.cel.length / 10);
});

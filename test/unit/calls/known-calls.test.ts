import type { CallId, CallRecord } from '../../../src/calls/call.ts';
import type { FiledCall } from '../../../src/calls/filed-calls.ts';
import { findKnownCalls } from '../../../src/calls/known-calls.ts';
import { callRecord } from '../../support/call-records.ts';

const start = Date.parse('2026-11-23T01:00:00.000Z');

function filed(id: string, linkedIds: readonly string[] = [], possibleIds: readonly string[] = [id]): FiledCall {
  const record: CallRecord = { ...callRecord({}), id: id as CallId, linkedIds, startedAt: new Date(start).toISOString() };
  return { record, possibleIds: possibleIds as readonly CallId[], isWhole: true, isCutOff: false };
}

function inLedger(id: string, linkedIds: readonly string[] = []): CallRecord {
  return { ...callRecord({}), id: id as CallId, linkedIds };
}

/** A ledger, newest call first; and what happened in which order: `?` a question to it, `-` a turn of the others. */
function ledgerOf(calls: readonly CallRecord[]) {
  let story = '';
  const store = {
    async callsKnownAs(ids: readonly CallId[]) {
      story += '?';
      return new Map(calls.filter(({ id }) => ids.includes(id)).map((call) => [call.id, call] as const));
    },
    async callsBegun(_from: number, _to: number, page: { readonly after: CallRecord | null; readonly limit: number }) {
      story += '?';
      const first = calls.findIndex(({ id }) => id === page.after?.id) + 1;
      return calls.slice(first, first + page.limit);
    },
  };
  const pace = {
    now: () => 0,
    async nextTurn() {
      story += '-';
    },
  };
  const deps = { store, now: start + 3_600_000, pace, signal: new AbortController().signal };
  return { deps, story: () => story };
}

test('calls are found by any of their ids, and one nobody knows by an id by a linked id, however far back it stands', async () => {
  const others = Array.from({ length: 1_100 }, (_, index) => inLedger(`main-5.${index}`, [`5.${index}`]));
  const parts = [inLedger('main-1.1'), inLedger('main-7.7', ['9.9'])];
  const { deps, story } = ledgerOf([...others, ...parts]);
  const calls = [filed('main-1.0', [], ['main-1.0', 'main-1.1']), filed('main-8.8', ['9.9']), filed('main-2.2')];
  const known = await findKnownCalls(calls, deps);
  expect(calls.map((call) => known(call).map(({ id }) => id))).toEqual([['main-1.1'], ['main-7.7'], []]);
  expect(story()).toBe('?-?-?-?');
});

test('none is passed over when calls become one between two questions', async () => {
  const calls = Array.from({ length: 1_100 }, (_, index) => inLedger(`main-5.${index}`, [`5.${index}`]));
  const { deps } = ledgerOf(calls);
  let turns = 0;
  const pace = {
    ...deps.pace,
    async nextTurn() {
      turns += 1;
      // Part of another call from now on.
      if (turns === 2) calls.splice(10, 1);
    },
  };
  const unknown = filed('main-8.8', ['5.500']);
  const known = await findKnownCalls([unknown], { ...deps, pace });
  expect(known(unknown).map(({ id }) => id)).toEqual(['main-5.500']);
});

test('others get their turn after every few hundred ids', async () => {
  const calls = Array.from({ length: 1_200 }, (_, index) => filed(`main-1.${index}`));
  const { deps, story } = ledgerOf(calls.map(({ record }) => record));
  const known = await findKnownCalls(calls, deps);
  expect(calls.every((call) => known(call)[0]?.id === call.record.id)).toBe(true);
  expect(story()).toBe('?-?-?-');
});

test('what is broken off asks the ledger no more', async () => {
  const stopping = new AbortController();
  const { deps, story } = ledgerOf([]);
  const pace = { ...deps.pace, nextTurn: async () => stopping.abort(new Error('the hub stops')) };
  const asking = findKnownCalls([filed('main-1.1')], { ...deps, pace, signal: stopping.signal });
  await expect(asking).rejects.toThrow('the hub stops');
  expect(story()).toBe('?');
});

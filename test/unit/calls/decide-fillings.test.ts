import type { CallId, CallRecord } from '../../../src/calls/call.ts';
import { decideFillings } from '../../../src/calls/decide-fillings.ts';
import type { FiledCall } from '../../../src/calls/filed-calls.ts';
import { atOnce } from '../../../src/telephony/records/unhurried.ts';
import { callRecord } from '../../support/call-records.ts';

function filed(...ids: readonly string[]): FiledCall {
  const record = { ...callRecord({}), id: (ids[0] ?? '') as CallId, filledIn: true };
  return { record, possibleIds: ids as readonly CallId[], isWhole: true, isCutOff: false };
}

function decide(call: FiledCall, live: readonly CallRecord[]) {
  const going = live.map((record) => ({ record, phase: 'talking', ringing: [], talking: [] }) as const);
  const about = { known: () => [], live: going, gaps: [], hasCel: true, wasElsewhereToo: () => false };
  return atOnce(decideFillings([call], about));
}

test('a call somebody listens to is recognised by each of its ids, at the same PBX only, and is not decided about', () => {
  const adopted = { ...callRecord({}), id: 'main-9.9' as CallId, linkedIds: ['8.8'], endedAt: null };
  for (const ids of [
    ['main-1.1', 'main-9.9'],
    ['main-1.1', 'main-8.8'],
  ]) {
    const call = filed(...ids);
    const { fillings, undecidedSince } = decide(call, [adopted]);
    expect(fillings).toEqual([]);
    expect(undecidedSince).toBe(Date.parse(call.record.endedAt ?? '') - 1);
  }
  for (const ids of [['main-1.1'], ['osaka-9.9', 'osaka-8.8']]) {
    expect(decide(filed(...ids), [adopted])).toMatchObject({
      fillings: [{ kind: 'new' }],
      undecidedSince: Number.POSITIVE_INFINITY,
    });
  }
});

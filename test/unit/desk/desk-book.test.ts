import { DeskBook } from '../../../src/desk/desk-book.ts';
import { followCall, openDeskCall } from '../../../src/desk/desk-call.ts';
import { answeredCall, callId, endedCall, ringingCall, START } from '../../support/desk-calls.ts';

function ended(id: string, answeredBy: string | null) {
  const call = ringingCall(['1001', '1002'], { id: callId(id) });
  const known = openDeskCall(answeredBy === null ? call : answeredCall(call, answeredBy), START);
  return followCall(known, endedCall(known.call), START);
}

test('forgets the oldest ended calls, those without open paperwork first', () => {
  const book = new DeskBook({ endedCalls: 2 });
  book.put(ended('main-1.1', '1001'));
  book.put(ended('main-1.2', null));
  book.put(ended('main-1.3', '1002'));
  expect([...book.of('1001')].map((known) => known.call.record.id)).toEqual(['main-1.1', 'main-1.3']);
  book.put(ended('main-1.4', '1002'));
  expect(book.get(callId('main-1.1'))).toBeUndefined();
  expect(book.size).toBe(2);
});

test('a call is found under the id of a call it absorbed', () => {
  const book = new DeskBook({ endedCalls: 10 });
  const older = openDeskCall(ringingCall(['1001'], { id: callId('main-1.1') }), START);
  const newer = openDeskCall(ringingCall(['1002'], { id: callId('main-1.2') }), START);
  book.put(older);
  book.put({ ...newer, draft: { ...newer.draft, notes: 'こちらのメモ' } });
  const merged = book.merge(older, callId('main-1.2'));
  book.put(merged);
  expect(book.get(callId('main-1.2'))?.draft.notes).toBe('こちらのメモ');
  expect([...book.of('1002')]).toEqual([]);
});

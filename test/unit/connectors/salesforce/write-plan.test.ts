import type { RecordWrite } from '../../../../connectors/connector.ts';
import { planChunks } from '../../../../connectors/salesforce/write-plan.ts';

function write(value: string | null, object = 'Task'): RecordWrite {
  return { object, key: value === null ? null : { field: 'Key__c', value }, fields: {}, owners: {} };
}
const shape = (batch: readonly RecordWrite[]) =>
  planChunks(batch).map(({ object, writes }) => [object, writes.map(({ index }) => index)]);

test('a request holds at most 200 records', () => {
  const sizes = planChunks(Array.from({ length: 450 }, (_, index) => write(`k-${index}`))).map(({ writes }) => writes.length);
  expect(sizes).toEqual([200, 200, 50]);
});

test('a key that comes again goes into a later request, so that the later one counts', () => {
  expect(shape([write('a'), write('b'), write('a'), write(' A')])).toEqual([
    ['Task', [0, 1]],
    ['Task', [2]],
    ['Task', [3]],
  ]);
});

test('objects and key fields do not mix, and records without a key go by themselves', () => {
  expect(shape([write('a'), write('a', 'Lead'), write(null), write(null)])).toEqual([
    ['Task', [0]],
    ['Lead', [1]],
    ['Task', [2, 3]],
  ]);
});

import { createArrivalQueue } from '../../../src/telephony/arrival-queue.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function prepare(limit: number, slice: number, take?: (item: number) => void) {
  const taken: number[] = [];
  const errors: unknown[] = [];
  let overflows = 0;
  const queue = createArrivalQueue<number>({
    ...{ limit, slice, take: take ?? ((item) => void taken.push(item)) },
    onOverflow: () => {
      overflows += 1;
    },
    onError: (error) => void errors.push(error),
  });
  return { queue, taken, errors, overflows: () => overflows };
}

test('what arrives is worked off in order, a slice at a time', async () => {
  const { queue, taken } = prepare(100, 2);
  for (const item of [1, 2, 3, 4, 5]) queue.add(item);
  expect(taken).toEqual([]);
  await turn();
  expect(taken).toEqual([1, 2]);
  await turn();
  await turn();
  expect(taken).toEqual([1, 2, 3, 4, 5]);
});

test('no more waits than the limit allows', () => {
  const { queue, overflows } = prepare(3, 1);
  for (const item of [1, 2, 3, 4, 5]) queue.add(item);
  expect([queue.length, overflows()]).toEqual([3, 2]);
});

test('an item that cannot be worked off does not hold up the next', () => {
  const done: number[] = [];
  const { queue, errors } = prepare(10, 10, (item) => {
    if (item === 2) throw new Error('a fault of ours');
    done.push(item);
  });
  for (const item of [1, 2, 3]) queue.add(item);
  queue.flush();
  expect([done, errors.length]).toEqual([[1, 3], 1]);
});

test('what was forgotten is not worked off', async () => {
  const { queue, taken } = prepare(10, 10);
  queue.add(1);
  queue.clear();
  queue.add(2);
  await turn();
  expect(taken).toEqual([2]);
});

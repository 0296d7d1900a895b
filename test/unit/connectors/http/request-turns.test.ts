import { openTurns } from '../../../../connectors/http/request-turns.ts';

const never = new AbortController().signal;

function rig(over: { concurrent?: number; perSecond?: number | null } = {}) {
  let time = 0;
  let alarms: { at: number; callback: () => void }[] = [];
  const turns = openTurns({
    concurrent: over.concurrent ?? 1,
    perSecond: over.perSecond ?? null,
    now: () => time,
    after: (ms, callback) => alarms.push({ at: time + ms, callback }),
  });
  const begun: string[] = [];
  const take = async (name: string, isUrgent = false, signal = never) => {
    const release = await turns.take(isUrgent, signal);
    begun.push(name);
    return release;
  };
  const pass = async (ms: number) => {
    time += ms;
    const due = alarms.filter(({ at }) => at <= time);
    alarms = alarms.filter(({ at }) => at > time);
    for (const { callback } of due) callback();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { take, begun, pass, rest: turns.rest };
}

test('lets so many at a time, in order, and who is urgent before all others that wait', async () => {
  const { take, begun, pass } = rig({ concurrent: 2 });
  const [first] = await Promise.all([take('a'), take('b')]);
  void take('c');
  void take('ring', true);
  await pass(0);
  expect(begun).toEqual(['a', 'b']);
  first?.();
  await pass(0);
  expect(begun).toEqual(['a', 'b', 'ring']);
});

test('keeps the distance between requests', async () => {
  const { take, begun, pass } = rig({ concurrent: 10, perSecond: 10 });
  for (const name of ['a', 'b', 'c']) void take(name);
  await pass(0);
  expect(begun).toEqual(['a']);
  await pass(99);
  expect(begun).toEqual(['a']);
  await pass(1);
  expect(begun).toEqual(['a', 'b']);
  await pass(100);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('who gives up leaves the queue to the others', async () => {
  const { take, begun, pass } = rig();
  const release = await take('a');
  const giving = new AbortController();
  const given = take('b', false, giving.signal);
  void take('c');
  giving.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  release();
  await pass(0);
  expect(begun).toEqual(['a', 'c']);
});

test('rests for as long as the service asks; who is urgent does not', async () => {
  const { take, begun, pass, rest } = rig({ concurrent: 5 });
  rest(1000);
  void take('a');
  await pass(500);
  void take('ring', true);
  await pass(0);
  expect(begun).toEqual(['ring']);
  await pass(500);
  expect(begun).toEqual(['ring', 'a']);
});

test('an urgent request that comes in a rest waits no longer than for its place in the second', async () => {
  const { take, begun, pass, rest } = rig({ concurrent: 5, perSecond: 10 });
  void take('first', true);
  rest(60_000);
  void take('patient');
  void take('ring', true);
  await pass(100);
  expect(begun).toEqual(['first', 'ring']);
});

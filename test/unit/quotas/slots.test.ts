import { RateLimited, Unreachable } from '../../../connectors/connector.ts';
import type { RequestClass } from '../../../src/quotas/request-class.ts';
import { createSlots, fairShare, type Slots } from '../../../src/quotas/slots.ts';

const never = new AbortController().signal;

/** Takes a place for each, and says which of them have begun. */
function ask(slots: Slots, ...urgencies: readonly RequestClass[]) {
  const begun: { readonly urgency: RequestClass; readonly giveBack: () => void }[] = [];
  for (const urgency of urgencies) void slots.take(urgency, never).then((giveBack) => begun.push({ urgency, giveBack }));
  return { begun, names: () => begun.map(({ urgency }) => urgency) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const times = (count: number, urgency: RequestClass) => Array.from({ length: count }, () => urgency);

test('everybody but a ringing phone leaves three tenths free', async () => {
  const slots = createSlots(10);
  const lists = ask(slots, ...times(12, 'list'));
  await turn();
  expect(lists.begun).toHaveLength(7);
  const phones = ask(slots, ...times(5, 'ringing'));
  await turn();
  expect(phones.begun).toHaveLength(3);
});

test('who waits goes in the order of urgency, whoever came first', async () => {
  const slots = createSlots(2);
  const first = ask(slots, 'list');
  await turn();
  const waiting = ask(slots, 'list', 'outcome', 'callLog', 'ringing', 'ringing');
  await turn();
  expect(waiting.names()).toEqual(['ringing']);
  first.begun[0]?.giveBack();
  for (let given = 0; given < 5; given += 1) {
    await turn();
    waiting.begun[given]?.giveBack();
  }
  expect(waiting.names()).toEqual(['ringing', 'ringing', 'callLog', 'outcome', 'list']);
});

test('a place given back twice is free once', async () => {
  const slots = createSlots(2);
  const [one] = [await slots.take('list', never)];
  one();
  one();
  const lists = ask(slots, 'list', 'list');
  await turn();
  expect(lists.begun).toHaveLength(1);
});

test('who gives up waits no longer, and takes no place', async () => {
  const slots = createSlots(2);
  const held = await slots.take('list', never);
  const caller = new AbortController();
  const waiting = slots.take('callLog', caller.signal);
  const behind = ask(slots, 'list');
  caller.abort();
  await expect(waiting).rejects.toBeInstanceOf(Unreachable);
  await expect(slots.take('list', AbortSignal.abort())).rejects.toBeInstanceOf(Unreachable);
  held();
  await turn();
  expect(behind.begun).toHaveLength(1);
});

test('more than two hundred do not wait, but a ringing phone always may', async () => {
  const slots = createSlots(2);
  const lists = ask(slots, ...times(201, 'list'));
  await turn();
  expect(lists.begun).toHaveLength(1);
  await expect(slots.take('callLog', never)).rejects.toBeInstanceOf(RateLimited);
  const phone = ask(slots, 'ringing');
  await turn();
  expect(phone.begun).toHaveLength(1);
});

test('a smaller part holds from the next one on, a larger one at once', async () => {
  const slots = createSlots(10);
  const lists = ask(slots, ...times(20, 'list'));
  slots.limit(2);
  await turn();
  lists.begun[0]?.giveBack();
  await turn();
  expect(lists.begun).toHaveLength(7);
  slots.limit(20);
  await turn();
  expect(lists.begun).toHaveLength(15);
});

test.each([
  [10, 1, null, 10],
  [10, 3, null, 3],
  [10, 50, null, 2],
  [10, 1, { running: 59, limit: 100 }, 10],
  [10, 1, { running: 60, limit: 100 }, 2],
])('of %d at once, %d processes, vendor at %j: %d for each', (atOnce, processes, vendor, most) => {
  expect(fairShare(atOnce, processes, vendor)).toBe(most);
});

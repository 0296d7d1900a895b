import type { Pop, PopStage } from '../../../src/desk/pop.ts';
import { followPops, inListOrder, NOTHING_IN_FRONT, neighbour } from '../../../src/web/desk/selection.ts';

function pop(id: string, stage: PopStage): Pop {
  return { callId: id, stage, startedAt: `2026-11-23T01:00:0${id}.000Z` } as unknown as Pop;
}

function front(pops: readonly Pop[], before = NOTHING_IN_FRONT, isTyping = false) {
  return followPops(before, pops, isTyping);
}

test('the first call comes to the front by itself', () => {
  expect(front([pop('1', 'ringing')]).selected).toBe('1');
});

test('a new call comes before after-call work', () => {
  const before = front([pop('1', 'afterCall')]);
  expect(front([pop('1', 'afterCall'), pop('2', 'ringing')], before).selected).toBe('2');
});

test('a new call never takes the place of a conversation or of somebody who types', () => {
  const talking = front([pop('1', 'talking')]);
  expect(front([pop('1', 'talking'), pop('2', 'ringing')], talking).selected).toBe('1');
  const after = front([pop('1', 'afterCall')]);
  expect(front([pop('1', 'afterCall'), pop('2', 'ringing')], after, true).selected).toBe('1');
});

test('news come to the front once; then the operator’s own choice counts', () => {
  const pops = [pop('1', 'afterCall'), pop('2', 'ringing')];
  const chosen = { ...front(pops), selected: '1' };
  expect(front(pops, chosen).selected).toBe('1');
  expect(front([pop('1', 'afterCall'), pop('2', 'talking')], chosen).selected).toBe('2');
});

test('when the card in front goes, the most urgent of the others follows', () => {
  const before = front([pop('1', 'talking')]);
  expect(front([pop('2', 'afterCall'), pop('3', 'ringing')], before).selected).toBe('3');
  expect(front([], before).selected).toBeNull();
});

test('work that a ringing call interrupted comes back when somebody else answers that call', () => {
  const pile = [pop('1', 'afterCall'), pop('2', 'afterCall')];
  const working = { ...front(pile), selected: '1' };
  const interrupted = front([...pile, pop('3', 'ringing')], working);
  expect(interrupted.selected).toBe('3');
  expect(front(pile, interrupted).selected).toBe('1');
});

test('what rings is on top of the list whatever lies about, and the freshest after-call work comes first', () => {
  const pile = [pop('1', 'afterCall'), pop('2', 'talking'), pop('3', 'afterCall'), pop('5', 'ringing'), pop('4', 'ringing')];
  expect(inListOrder(pile).map(({ callId }) => callId)).toEqual(['4', '5', '2', '3', '1']);
});

test('nothing new leaves everything as it is', () => {
  const before = front([pop('1', 'ringing')]);
  expect(front([pop('1', 'ringing')], before)).toBe(before);
});

test('the keys go round the list', () => {
  const pops = [pop('1', 'talking'), pop('2', 'ringing')];
  expect(neighbour(pops, '2', 1)).toBe('1');
  expect(neighbour(pops, '1', -1)).toBe('2');
  expect(neighbour([], null, 1)).toBeNull();
});

import type { RequestClass } from '../../../src/quotas/request-class.ts';
import {
  type DayFigures,
  type DayKind,
  dayBegan,
  dayEnds,
  emptyAt,
  figuresOf,
  heldUntil,
  type Sample,
  spentInDay,
  withSample,
} from '../../../src/quotas/vendor-day.ts';

/** kintone's day begins at nine in the morning in Japan. */
const KINTONE: DayKind = { beginsAtUtcHour: 0 };
const at = (text: string) => Date.parse(text);
const NOON = at('2026-11-25T12:00:00+09:00');
const figures = (over: Partial<DayFigures> = {}): DayFigures => ({ used: 0, limit: 10_000, toldAt: null, ...over });

describe('the day', () => {
  test.each([
    ['2026-11-25T08:59:59+09:00', '2026-11-24T09:00:00+09:00'],
    ['2026-11-25T09:00:00+09:00', '2026-11-25T09:00:00+09:00'],
    ['2026-11-26T00:30:00+09:00', '2026-11-25T09:00:00+09:00'],
  ])('of kintone at %s began at %s', (now, began) => {
    expect(dayBegan(KINTONE, at(now))).toBe(at(began));
    expect(dayEnds(KINTONE, at(now))).toBe(at(began) + 86_400_000);
  });

  test('of Salesforce is the last 24 hours and never ends', () => {
    expect([dayBegan('rolling', NOON), dayEnds('rolling', NOON)]).toEqual([NOON - 86_400_000, null]);
  });

  test('counts its own hours, none before it and none that seem to lie ahead', () => {
    const hour = Math.floor(NOON / 3_600_000);
    const hours = new Map([
      [hour - 24, 1],
      [hour - 23, 10],
      [hour - 4, 100],
      [hour - 3, 1_000],
      [hour, 10_000],
      [hour + 1, 100_000],
    ]);
    expect(spentInDay(hours, 'rolling', NOON)).toBe(11_110);
    expect(spentInDay(hours, KINTONE, NOON)).toBe(11_000);
  });
});

describe('what is used', () => {
  const known = { told: null, sinceTold: 7, spent: 40, perDay: 10_000, day: KINTONE, now: NOON };

  test('is our own count where the vendor tells nothing', () => {
    expect(figuresOf(known)).toEqual({ used: 40, limit: 10_000, toldAt: null });
  });

  test('is what the vendor told of everybody, and what we sent after it', () => {
    const told = { used: 900, limit: 5_000, at: NOON - 1_000 };
    expect(figuresOf({ ...known, told })).toEqual({ used: 907, limit: 5_000, toldAt: NOON - 1_000 });
  });

  test('is our own count again when what was told is of another day; the limit stays', () => {
    const told = { used: 4_990, limit: 5_000, at: dayBegan(KINTONE, NOON) - 1 };
    expect(figuresOf({ ...known, told })).toEqual({ used: 40, limit: 5_000, toldAt: null });
  });
});

describe('when the day runs short', () => {
  test.each([
    [8_499, []],
    [8_500, ['list']],
    [9_499, ['list']],
    [9_500, ['outcome', 'list']],
    [9_799, ['outcome', 'list']],
    [9_800, ['callLog', 'outcome', 'list']],
    [12_000, ['callLog', 'outcome', 'list']],
  ])('%d of 10,000 used: %j wait', (used, waiting) => {
    const held = (['ringing', 'callLog', 'outcome', 'list'] as const).filter(
      (urgency) => heldUntil(urgency, figures({ used }), { day: KINTONE, now: NOON, lastAt: NOON, processes: 1 }) !== null,
    );
    expect(held).toEqual(waiting);
  });

  const TOMORROW = at('2026-11-26T09:00:00+09:00');
  const kintone = (used: number, urgency: RequestClass, lastAt: number | null = NOON) =>
    heldUntil(urgency, figures({ used }), { day: KINTONE, now: NOON, lastAt, processes: 1 });

  test('lists and corrections wait for the new day', () => {
    expect([kintone(9_900, 'list'), kintone(9_900, 'outcome', null)]).toEqual([TOMORROW, TOMORROW]);
  });

  test('call logs go at a pace that lasts until then, with half of the rest for phones', () => {
    // 21 hours, 100 left: 50 times.
    const pace = (21 * 3_600_000) / 50;
    expect(kintone(9_900, 'callLog')).toBe(NOON + pace);
    expect(kintone(9_900, 'callLog', NOON - pace + 1)).toBe(NOON + 1);
    expect(kintone(9_900, 'callLog', NOON - pace)).toBeNull();
    expect(kintone(9_900, 'callLog', null)).toBeNull();
    expect(kintone(9_900, 'callLog', NOON + 1)).toBeNull();
    const ofThree = heldUntil('callLog', figures({ used: 9_900 }), { day: KINTONE, now: NOON, lastAt: NOON, processes: 3 });
    expect(ofThree).toBe(NOON + (21 * 3_600_000) / 16);
    expect(kintone(9_999, 'callLog', null)).toBe(TOMORROW);
    expect(kintone(12_000, 'callLog', null)).toBe(TOMORROW);
  });

  test('nothing waits while nobody knows the limit', () => {
    const unknown = figures({ used: 1_000_000, limit: null });
    expect(heldUntil('list', unknown, { day: 'rolling', now: NOON, lastAt: NOON, processes: 1 })).toBeNull();
  });

  test('a rolling day is asked about again a quarter of an hour after it was told', () => {
    const short = figures({ used: 10_000, toldAt: NOON });
    const asked = (now: number) => heldUntil('callLog', short, { day: 'rolling', now, lastAt: null, processes: 1 });
    expect([asked(NOON), asked(NOON + 899_999), asked(NOON + 900_000)]).toEqual([NOON + 900_000, NOON + 900_000, null]);
  });

  test('of a rolling day call logs take one request a quarter of an hour while a little is left', () => {
    const short = figures({ used: 9_990, toldAt: NOON });
    const asked = (lastAt: number) => heldUntil('callLog', short, { day: 'rolling', now: NOON, lastAt, processes: 1 });
    expect([asked(NOON - 60_000), asked(NOON - 900_000)]).toEqual([NOON + 840_000, null]);
  });
});

describe('at this rate', () => {
  const minutes = (count: number, perMinute: number): readonly Sample[] =>
    Array.from({ length: count }, (_, index) => ({ at: NOON + index * 60_000, used: index * perMinute }));
  const now = NOON + 30 * 60_000;

  test('the day is used up when the rest is spent as the last hour was', () => {
    expect(emptyAt(minutes(31, 100), figures({ used: 3_000 }), KINTONE, now)).toBe(now + 70 * 60_000);
  });

  test('it lasts: nothing to tell', () => {
    expect(emptyAt(minutes(31, 1), figures({ used: 30 }), KINTONE, now)).toBeNull();
    expect(emptyAt(minutes(31, 0), figures({ used: 0 }), 'rolling', now)).toBeNull();
    expect(emptyAt(minutes(31, 100), figures({ used: 3_000, limit: null }), KINTONE, now)).toBeNull();
  });

  test('nobody can tell from less than two minutes', () => {
    expect(emptyAt([{ at: now - 119_000, used: 0 }], figures({ used: 9_000 }), KINTONE, now)).toBeNull();
  });

  test('it is used up already', () => {
    expect(emptyAt([], figures({ used: 10_000 }), KINTONE, now)).toBe(now);
  });

  test('samples are of the last hour, one a minute, and begin anew when the count falls', () => {
    let samples: readonly Sample[] = [];
    for (let second = 0; second <= 7_200; second += 10)
      samples = withSample(samples, { at: NOON + second * 1_000, used: second });
    expect(samples).toHaveLength(61);
    expect(samples[0]?.at).toBe(NOON + 3_600_000);
    const fell = { at: NOON + 7_210_000, used: 0 };
    expect(withSample(samples, fell)).toEqual([fell]);
    const earlier = { at: NOON, used: 9_999 };
    expect(withSample(samples, earlier)).toEqual([earlier]);
  });
});

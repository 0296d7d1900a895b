/** Counts the requests of one account, or of one object of it: what all processes spent, and what this one spent since it last told. */
import type { VendorBudget } from '../../connectors/connector.ts';
import { type DayFigures, figuresOf, HOUR_MS, type Sample, spentInDay, type Told, withSample } from './vendor-day.ts';

export interface Meter {
  count(told: Omit<Told, 'at'> | null): void;
  figures(): DayFigures;
  /** Of the last hour, for the rate. */
  samples(): readonly Sample[];
  sample(): void;
  /** Requests not yet told to the others. */
  readonly untold: number;
  /** What the others have to know; after `settle` it is known. */
  news(): { readonly hours: ReadonlyMap<number, number>; readonly told: Told | null };
  settle(
    news: ReadonlyMap<number, number>,
    all: { readonly hours: ReadonlyMap<number, number>; readonly told: Told | null },
  ): void;
}

export function createMeter(budget: VendorBudget, now: () => number): Meter {
  const untold = new Map<number, number>();
  let everybody: ReadonlyMap<number, number> = new Map();
  let told: Told | null = null;
  let sinceTold = 0;
  let samples: readonly Sample[] = [];

  function figures(): DayFigures {
    const { perDay, day } = budget;
    const at = now();
    const spent = spentInDay(everybody, day, at) + spentInDay(untold, day, at);
    return figuresOf({ told, sinceTold, spent, perDay, day, now: at });
  }

  return {
    count(heard) {
      const hour = Math.floor(now() / HOUR_MS);
      untold.set(hour, (untold.get(hour) ?? 0) + 1);
      if (heard === null) {
        sinceTold += 1;
      } else {
        told = { ...heard, at: now() };
        sinceTold = 0;
      }
    },
    figures,
    samples: () => samples,
    sample() {
      samples = withSample(samples, { at: now(), used: figures().used });
    },
    get untold() {
      return [...untold.values()].reduce((sum, count) => sum + count, 0);
    },
    news: () => ({ hours: new Map(untold), told }),
    settle(news, all) {
      for (const [hour, count] of news) {
        const rest = (untold.get(hour) ?? 0) - count;
        if (rest > 0) untold.set(hour, rest);
        else untold.delete(hour);
      }
      everybody = all.hours;
      if (all.told === null || (told !== null && told.at >= all.told.at)) return;
      told = all.told;
      sinceTold = 0;
    },
  };
}

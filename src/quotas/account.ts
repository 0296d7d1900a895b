/** One CRM's account: who may send a request to it now, and how much of the vendor's day is left. */
import { RateLimited, type RequestNotice, type VendorBudget } from '../../connectors/connector.ts';
import { HeldBack } from './held-back.ts';
import { createMeter, type Meter } from './meter.ts';
import { PATIENT_CLASSES, type PatientClass, type RequestClass } from './request-class.ts';
import { createSlots, fairShare } from './slots.ts';
import { dayEnds, emptyAt, heldUntil } from './vendor-day.ts';

/** What the page shows of one account, or of one object where the vendor counts by object. Instants are milliseconds since 1970. */
export interface BudgetView {
  /** Null for the account as a whole. */
  readonly object: string | null;
  readonly used: number;
  readonly limit: number | null;
  readonly left: number | null;
  /** At the rate of the last hour; null when the day lasts, or when nobody can tell. */
  readonly emptyAt: number | null;
  /** Null for a day that rolls. */
  readonly dayEndsAt: number | null;
  /** Classes that wait, and until when. */
  readonly waiting: readonly { readonly urgency: PatientClass; readonly until: number }[];
}

export interface Account {
  readonly name: string;
  readonly meters: ReadonlyMap<string, Meter>;
  /** For which requests were counted. */
  objects(): readonly string[];
  /** The meter of that object, made when there is none yet. */
  meterOf(object: string | null): Meter;
  /** Runs it when its turn has come. @throws HeldBack, RateLimited, Unreachable when the caller gives up, and what `run` throws */
  pass<Result>(asked: Asked, run: () => Promise<Result>): Promise<Result>;
  onRequest(notice: RequestNotice): void;
  /** So many processes share the account now. */
  shareWith(processes: number): void;
  view(): readonly BudgetView[];
}

export interface Asked {
  readonly urgency: RequestClass;
  readonly objects: readonly string[];
  readonly signal: AbortSignal;
}

export interface AccountSettings {
  readonly name: string;
  readonly budget: VendorBudget;
  readonly now: () => number;
}

/** More objects than any mapping names; what lies beyond is counted as one. */
const MOST_METERS = 100;
/** How long what the vendor said of its crowd holds. */
const CROWD_MS = 10_000;
const WHOLE = '';

export function createAccount({ name, budget, now }: AccountSettings): Account {
  const meters = new Map<string, Meter>();
  const slots = createSlots(fairShare(budget.atOnce, 1, null));
  let processes = 1;
  let crowd: { readonly running: number; readonly limit: number; readonly at: number } | null = null;
  let pause = { from: 0, until: 0 };
  const lastLogAt = new Map<Meter, number>();

  function meterOf(object: string | null): Meter {
    const wanted = budget.countedBy === 'account' ? WHOLE : (object ?? WHOLE);
    const key = meters.has(wanted) || meters.size < MOST_METERS ? wanted : WHOLE;
    const known = meters.get(key);
    if (known !== undefined) return known;
    const meter = createMeter(budget, now);
    meters.set(key, meter);
    return meter;
  }
  if (budget.countedBy === 'account') meterOf(null);

  function share(): void {
    const recent = crowd !== null && now() - crowd.at < CROWD_MS ? crowd : null;
    slots.limit(fairShare(budget.atOnce, processes, recent));
  }

  function waitsUntil(urgency: RequestClass, meter: Meter): number | null {
    const lastAt = lastLogAt.get(meter) ?? null;
    return heldUntil(urgency, meter.figures(), { day: budget.day, now: now(), lastAt, processes });
  }

  function noteGoing({ urgency, objects }: Asked): void {
    if (urgency === 'callLog') for (const object of objects) lastLogAt.set(meterOf(object), now());
  }

  /** @throws HeldBack, RateLimited */
  function requireBudget({ urgency, objects }: Asked): void {
    if (urgency === 'ringing') return;
    const at = now();
    // A pause that seems to begin later than now was noted before the clock was put back.
    if (pause.from <= at && at < pause.until) throw new RateLimited(`${name} asked for time a moment ago.`, pause.until - at);
    for (const object of new Set(objects.length === 0 ? [null] : objects)) {
      const meter = meterOf(object);
      const until = waitsUntil(urgency, meter);
      if (until === null) continue;
      const whose = object === null || budget.countedBy === 'account' ? name : `${name}, ${object}`;
      const figures = meter.figures();
      const kept = `${figures.used} of ${figures.limit} requests of the day are used, the rest is kept for what is more urgent`;
      throw new HeldBack(`${whose}: ${kept}.`, until - at);
    }
  }

  function viewOf(object: string, meter: Meter): BudgetView {
    const at = now();
    const figures = meter.figures();
    const { used, limit } = figures;
    return {
      object: object === WHOLE ? null : object,
      used,
      limit,
      left: limit === null ? null : Math.max(0, limit - used),
      emptyAt: emptyAt(meter.samples(), figures, budget.day, at),
      dayEndsAt: dayEnds(budget.day, at),
      waiting: PATIENT_CLASSES.flatMap((urgency) => {
        const until = waitsUntil(urgency, meter);
        return until === null ? [] : [{ urgency, until }];
      }),
    };
  }

  return {
    name,
    meters,
    objects: () => [...meters.keys()].filter((object) => object !== WHOLE),
    meterOf,
    async pass(asked, run) {
      requireBudget(asked);
      noteGoing(asked);
      share();
      const giveBack = await slots.take(asked.urgency, asked.signal);
      try {
        return await run();
      } catch (error) {
        if (error instanceof RateLimited) pause = { from: now(), until: now() + error.retryAfterMs };
        throw error;
      } finally {
        giveBack();
      }
    },
    onRequest({ object, day, atOnce }) {
      meterOf(object).count(day);
      if (atOnce === null) return;
      crowd = { ...atOnce, at: now() };
      share();
    },
    shareWith(all) {
      processes = all;
      share();
    },
    view: () => [...meters].map(([object, meter]) => viewOf(object, meter)),
  };
}

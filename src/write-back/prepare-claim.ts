import type { Claim, ClaimWish, OwedStore } from './owed-store.ts';
import { type ReadyRecord, type Render, renderOwed, type SettledRecord } from './render.ts';

/** Records in our hands: those that can be sent, and those that are settled without. */
export interface Prepared {
  readonly lease: string;
  readonly ready: readonly ReadyRecord[];
  readonly settled: readonly SettledRecord[];
  /** There may be more where these come from. */
  readonly isFull: boolean;
}

export interface PreparingDeps {
  readonly owed: Pick<OwedStore, 'claim'>;
  readonly render: Render;
  readonly now: () => number;
  readonly random: () => number;
}

/** Takes what is due and makes it ready; null when nothing is due. */
export async function prepareClaim(
  wish: Omit<ClaimWish, 'alone'>,
  suspectFirst: boolean,
  { owed, render, now, random }: PreparingDeps,
): Promise<Prepared | null> {
  const { lease, records } = await claimDue(wish, suspectFirst, owed);
  if (records.length === 0) return null;
  const ready: ReadyRecord[] = [];
  const settled: SettledRecord[] = [];
  for (const record of records) {
    const rendered = await renderOwed(record, render, { now: now(), random });
    if ('verdict' in rendered) settled.push(rendered);
    else ready.push(rendered);
  }
  return { lease, ready, settled, isFull: records.length === wish.limit };
}

/** Batches of healthy records take turns with single ones that failed often. */
async function claimDue(wish: Omit<ClaimWish, 'alone'>, suspectFirst: boolean, owed: Pick<OwedStore, 'claim'>): Promise<Claim> {
  const healthy = { ...wish, alone: false };
  const suspect = { ...wish, limit: 1, alone: true };
  const first = await owed.claim(suspectFirst ? suspect : healthy);
  return first.records.length > 0 ? first : owed.claim(suspectFirst ? healthy : suspect);
}

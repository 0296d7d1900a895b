import type { CallRecord } from './call.ts';

/** Where a page of calls ended: the place in a list that is sorted by start and id, newest first. */
export interface PageMark {
  readonly startedAt: number;
  readonly id: string;
}

/** The mark is none that a list of ours gave out. */
export class BadPageMark extends Error {
  override readonly name = 'BadPageMark';
}

export function writePageMark(call: CallRecord): string {
  return `${Date.parse(call.startedAt)}~${call.id}`;
}

/** @throws BadPageMark */
export function readPageMark(mark: string): PageMark {
  const [, startedAt, id] = /^(\d{1,15})~(.{1,200})$/.exec(mark) ?? [];
  if (startedAt === undefined || id === undefined) throw new BadPageMark('The mark of the page is not one this list gave out.');
  return { startedAt: Number(startedAt), id };
}

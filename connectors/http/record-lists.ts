/** Lists of records in answers. Pure. */
import { Unreachable } from '../connector.ts';
import { type AnswerPath, namesIn, shownPath, valueAt } from './answer-path.ts';

export interface ListPlace {
  /** Left out: the answer itself is the list. */
  readonly records: AnswerPath | undefined;
  /** Completes "<service> could not …". */
  readonly doing: string;
  readonly serviceName: string;
}

/** No answer body is an empty list. @throws Unreachable when something else stands there */
export function recordsIn(body: unknown, { records, doing, serviceName }: ListPlace): readonly unknown[] {
  if (body === undefined) return [];
  const list = records === undefined ? body : valueAt(body, records);
  if (Array.isArray(list)) return list;
  const where = records === undefined ? 'the answer is no list' : `there is no list at "${shownPath(records)}"`;
  throw new Unreachable(`${serviceName} could not ${doing}: ${where}; the answer holds ${namesIn(body)}. Correct "records".`);
}

/** How many there are in all; null where the answer does not tell. */
export function totalIn(body: unknown, total: AnswerPath | undefined): number | null {
  const told = total === undefined ? null : Number(valueAt(body, total));
  return told !== null && Number.isInteger(told) && told >= 0 ? told : null;
}

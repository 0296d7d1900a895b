/** Any number of invented customers, the same for the same number: for measuring, not for reading. */
import type { AppRecords, StoredRecord } from './app-records.ts';
import { CUSTOMERS_APP } from './default-apps.ts';

const SURNAMES = [
  '佐藤',
  '鈴木',
  '高橋',
  '田中',
  '伊藤',
  '渡辺',
  '山本',
  '中村',
  '小林',
  '加藤',
  '吉田',
  '山田',
  '松本',
  '井上',
  '木村',
];
const GIVEN_NAMES = [
  '一郎',
  '花子',
  '健',
  '直子',
  '誠',
  '由美',
  '進',
  '恵子',
  '翔',
  '和子',
  '亮',
  'あかね',
  '大輔',
  '優子',
  '修',
];
const TRADES = ['製作所', '商事', '工務店', '印刷', '運輸', '電機', '医院', '建設', '自動車', '酒造'];
const RANKS = ['A', 'B', 'C'];
/** People write their numbers in different ways; the last four digits are told by the record's number. */
const SPELLINGS: readonly ((head: string, middle: string, tail: string) => string)[] = [
  (head, middle, tail) => `${head}${middle}${tail}`,
  (head, middle, tail) => `${head}-${middle}-${tail}`,
  (head, middle, tail) => `${head} ${middle} ${tail}`,
  (head, middle, tail) => `(${head})${middle}-${tail}`,
  (head, middle, tail) => `+81 ${head.slice(1)} ${middle} ${tail}`,
];
const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Straight into the records, past the rules a client's write has to obey: a million take seconds. Numbers repeat only
 * beyond a hundred million; the changes are spread over the year before `now`.
 */
export function plantCustomers(records: AppRecords, count: number, now: number): void {
  const empty = Object.fromEntries(Object.keys(CUSTOMERS_APP.fields).map((code) => [code, null]));
  const random = randomNumbers(20_260_401);
  const pick = <T>(list: readonly T[], fallback: T): T => list[Math.floor(random() * list.length)] ?? fallback;
  for (let at = 0; at < count; at += 1) {
    const id = records.nextId();
    const number = String((id * 7_654_321) % 100_000_000).padStart(8, '0');
    const spell = pick(SPELLINGS, (head, middle, tail) => `${head}${middle}${tail}`);
    const surname = pick(SURNAMES, '佐藤');
    const createdAt = now - YEAR_MS + Math.floor((YEAR_MS * at) / count);
    const updatedAt = createdAt + Math.floor(random() * (now - createdAt));
    const record: StoredRecord = {
      ...{ id, revision: 1, creator: 'Administrator', modifier: 'Administrator' },
      createdAt: wholeMinute(createdAt),
      updatedAt: wholeMinute(updatedAt),
      values: {
        ...empty,
        顧客名: `${surname} ${pick(GIVEN_NAMES, '健')}`,
        会社名: random() < 0.6 ? `${surname}${pick(TRADES, '商事')}` : '',
        電話番号: spell('090', number.slice(0, 4), number.slice(4)),
        携帯電話: random() < 0.2 ? spell('080', number.slice(4), number.slice(0, 4)) : '',
        顧客ランク: pick(RANKS, 'C'),
      },
    };
    records.put(record, []);
  }
}

function wholeMinute(instant: number): number {
  return Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

/** Numbers from 0 up to 1, the same for the same beginning (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

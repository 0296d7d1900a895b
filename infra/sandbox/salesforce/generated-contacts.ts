import type { RecordStore, Row } from './record-store.ts';
import { findObject } from './schema.ts';

/** Customers by the hundred thousand, the same ones every time: for reading a whole org page by page. */

const LAST_NAMES = [
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
  '佐々木',
  '松本',
];
const FIRST_NAMES = ['太郎', '花子', '一郎', '美咲', '健', '由美', '翔', '葵', '大輔', '恵', '誠'];
/** As many as one bulk import writes in a second: records of one moment are the rule, not the exception. */
const PER_SECOND = 200;
/** Without a common factor with ten: it walks through all eight-digit numbers before it meets one again. */
const STRIDE = 7_654_321;

export function plantContacts(store: RecordStore, count: number, ownerId: string, now: number): void {
  const object = findObject('Contact');
  if (object === undefined) throw new Error('The sandbox org has no Contact');
  const start = now - Math.ceil(count / PER_SECOND) * 1000;
  for (let index = 0; index < count; index += 1) {
    store.insert(object, generatedContact(index), ownerId, start + Math.floor(index / PER_SECOND) * 1000);
  }
  // The first one to ask for a number shall not wait for the indexes of a whole org.
  if (count > 0) for (const { name, kind } of object.fields.values()) if (kind === 'phone') store.find(object, name, '-');
  if (count > 0) store.withPhoneEnd(object, '0000000');
}

/** The contact of this number. Pure. */
export function generatedContact(index: number): Row {
  const digits = String((index * STRIDE) % 100_000_000).padStart(8, '0');
  const number = SPELLINGS[index % SPELLINGS.length]?.(digits) ?? digits;
  return {
    LastName: LAST_NAMES[index % LAST_NAMES.length] ?? '',
    FirstName: FIRST_NAMES[index % FIRST_NAMES.length] ?? '',
    [index % 3 === 0 ? 'Phone' : 'MobilePhone']: number,
  };
}

const SPELLINGS: readonly ((digits: string) => string)[] = [
  (digits) => `090-${digits.slice(0, 4)}-${digits.slice(4)}`,
  (digits) => `080${digits}`,
  (digits) => `+81 70 ${digits.slice(0, 4)} ${digits.slice(4)}`,
  (digits) => `(050) ${digits.slice(0, 4)}-${digits.slice(4)}`,
];

/** What a request asks for, wherever it says so: query string with bracketed arrays, or JSON body. Pure. */
import { failures } from './failures.ts';
import { AT_LEAST_ONE, invalid, MOST_ROWS, REQUIRED, tooManyRows, type Wording } from './kintone-failure.ts';

export type Arguments = Readonly<Record<string, unknown>>;

const MOST_PARAMETERS = 5000;
const NO_LIST: Wording = { ja: '配列で指定してください。', en: 'Enter an array.', zh: '请以数组指定。' };
const NO_WHOLE_NUMBER: Wording = { ja: '整数で指定してください。', en: 'Enter an integer value.', zh: '请以整数指定。' };

/** `app=1&fields[0]=a&fields[1]=b` → `{app: '1', fields: ['a', 'b']}`; also `fields[]=a` and a repeated name. */
export function queryArguments(search: string): Arguments {
  const single = new Map<string, string>();
  const lists = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(search)) {
    count += 1;
    if (count > MOST_PARAMETERS) throw failures.malformed();
    const bracketed = /^([^[\]]+)\[\d*\]$/.exec(name)?.[1];
    if (bracketed === undefined && !single.has(name)) single.set(name, value);
    else {
      const key = bracketed ?? name;
      lists.set(key, [...(lists.get(key) ?? []), value]);
    }
  }
  return Object.fromEntries<unknown>([...single, ...lists]);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bodyArguments(body: unknown): Arguments {
  if (body === undefined) return {};
  if (!isObject(body)) throw failures.malformedJson();
  return body;
}

/** A required id: number or string of digits. @throws KintoneFailure CB_VA01 */
export function idArgument(args: Arguments, name: string): string {
  const value = args[name];
  if (value === undefined || value === null || value === '') throw invalid({ [name]: [REQUIRED] });
  if (!/^-?\d{1,15}$/.test(String(value))) throw invalid({ [name]: [NO_WHOLE_NUMBER] });
  if (Number(value) < 1) throw invalid({ [name]: [AT_LEAST_ONE] });
  return String(Number(value));
}

export function textArgument(args: Arguments, name: string): string {
  const value = args[name];
  return value === undefined || value === null ? '' : String(value);
}

/** @throws KintoneFailure CB_VA01 */
export function requiredText(args: Arguments, name: string, path = name): string {
  const text = textArgument(args, name);
  if (text === '') throw invalid({ [path]: [REQUIRED] });
  return text;
}

export function flagArgument(args: Arguments, name: string): boolean {
  return args[name] === true || args[name] === 'true';
}

/** Null when it was not sent. */
export function listArgument(args: Arguments, name: string): readonly unknown[] | null {
  const value = args[name];
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw invalid({ [name]: [NO_LIST] });
  return value;
}

export function requiredList(args: Arguments, name: string): readonly unknown[] {
  const list = listArgument(args, name);
  if (list === null) throw invalid({ [name]: [REQUIRED] });
  return list;
}

export function wholeNumber(value: unknown, name: string, fallback: number | null): number | null {
  if (value === undefined || value === null || value === '') return fallback;
  const isWritten = typeof value === 'number' || typeof value === 'string';
  if (!isWritten || !/^[+-]?\d{1,15}$/.test(String(value))) throw invalid({ [name]: [NO_WHOLE_NUMBER] });
  return Number(value);
}

/** A hundred rows are the most of one request. @throws KintoneFailure CB_VA01 */
export function limitedRows(rows: readonly unknown[], name: string, doing: 'add' | 'update' | 'delete'): readonly unknown[] {
  if (rows.length > MOST_ROWS) throw tooManyRows(name, doing);
  return rows;
}

/** Where something stands in JSON: steps by name, by number in a list, `*` for every entry of a list. Pure. */

export type AnswerPath = readonly string[];

/** A list longer than this is read no further. */
const MOST_ENTRIES = 1000;

/** Everything at the path, in order; nothing where a step is not there. Only what the JSON itself holds is seen. */
export function valuesAt(data: unknown, path: AnswerPath): readonly unknown[] {
  return path.reduce<readonly unknown[]>((found, step) => found.flatMap((each) => stepInto(each, step)), [data]);
}

/** The first value at the path; undefined where there is none. */
export function valueAt(data: unknown, path: AnswerPath): unknown {
  return valuesAt(data, path)[0];
}

function stepInto(data: unknown, step: string): readonly unknown[] {
  if (Array.isArray(data)) {
    if (step === '*') return data.slice(0, MOST_ENTRIES);
    const entry: unknown = /^\d{1,6}$/.test(step) ? data[Number(step)] : undefined;
    return entry === undefined ? [] : [entry];
  }
  return isObject(data) && Object.hasOwn(data, step) ? [data[step]] : [];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values at their paths, as one object. */
export function objectOf(entries: readonly (readonly [AnswerPath, unknown])[]): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of entries) put(whole, path, value);
  return whole;
}

function put(into: Record<string, unknown>, [step = '', ...rest]: AnswerPath, value: unknown): void {
  if (rest.length === 0) {
    into[step] = value;
    return;
  }
  const inner = isObject(into[step]) ? { ...into[step] } : {};
  put(inner, rest, value);
  into[step] = inner;
}

/** For people: `company.name`. */
export function shownPath(path: AnswerPath): string {
  return path.join('.');
}

/** What an answer holds instead, for a remedy: names alone, never a value. */
export function namesIn(data: unknown): string {
  if (Array.isArray(data)) return `a list of ${data.length}`;
  if (!isObject(data)) return data === null || data === undefined ? 'nothing' : `a ${typeof data}`;
  const names = Object.keys(data).map((name) => name.slice(0, 40));
  return names.length === 0 ? 'nothing' : names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
}

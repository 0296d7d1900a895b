/** What is no JSON. */
export const NOT_JSON = Symbol('not JSON');

/** Newer than the types that come with the compiler. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Undefined for an empty text. Whole numbers too large for a double, as some services have ids, stay as they are written: rounded, they
 * would be another record's.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    if (!/\d{16}/u.test(text)) return JSON.parse(text);
    const exact: Reviver = (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && /^-?\d+$/u.test(source) && !Number.isSafeInteger(value)
        ? source
        : value;
    return JSON.parse(text, exact as (this: unknown, key: string, value: unknown) => unknown);
  } catch {
    return NOT_JSON;
  }
}

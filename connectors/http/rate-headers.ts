/**
 * What an answer's headers say of the service's limits: `RateLimit` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/),
 * its older form in three headers, and that with `X-` in front. Pure; names in lower case.
 */
type Headers = Readonly<Record<string, string>>;

/** What is left of some window, and how long until it begins anew. */
interface Window {
  readonly remaining: number;
  readonly resetMs: number;
}

const PREFIXES = ['ratelimit', 'x-ratelimit', 'x-rate-limit'];
const MOST_REST_MS = 86_400_000;
/** Seconds beyond it are an instant and no length of time; beyond the second one, milliseconds. */
const INSTANT_SECONDS = 1_000_000_000;
const INSTANT_MS = 1_000_000_000_000;

/** How long nothing more is let through; 0 while something is left, null where nobody tells. */
export function restMs(headers: Headers, now: number): number | null {
  const windows = windowsIn(headers, now);
  if (windows.length === 0) return null;
  const rests = windows.map(({ remaining, resetMs }) => (remaining > 0 ? 0 : resetMs));
  return Math.min(Math.max(0, ...rests), MOST_REST_MS);
}

export interface DayHeaders {
  readonly limit: string;
  readonly remaining: string;
}

/** The figures of the day, where the description names their headers and the answer has them. */
export function dayOf(headers: Headers, named: DayHeaders | undefined): { readonly used: number; readonly limit: number } | null {
  if (named === undefined) return null;
  const limit = numberIn(headers[named.limit.toLowerCase()]);
  const remaining = numberIn(headers[named.remaining.toLowerCase()]);
  if (limit === null || remaining === null || limit <= 0) return null;
  return { used: Math.max(0, Math.round(limit - remaining)), limit: Math.round(limit) };
}

function windowsIn(headers: Headers, now: number): readonly Window[] {
  const list = [...(headers.ratelimit ?? '').slice(0, 1000).matchAll(/;\s*r=(\d+)[^,]*?;\s*t=(\d+)/gu)];
  const listed = list.map(([, remaining, seconds]) => ({ remaining: Number(remaining), resetMs: Number(seconds) * 1000 }));
  const plain = PREFIXES.flatMap((prefix) => {
    const remaining = numberIn(headers[`${prefix}-remaining`]);
    const reset = numberIn(headers[`${prefix}-reset`]);
    return remaining === null || reset === null ? [] : [{ remaining, resetMs: lengthOf(reset, now) }];
  });
  return [...listed, ...plain];
}

function lengthOf(reset: number, now: number): number {
  if (reset >= INSTANT_MS) return reset - now;
  return reset >= INSTANT_SECONDS ? reset * 1000 - now : reset * 1000;
}

/** Of `100, 100;w=60` the first. */
function numberIn(text: string | undefined): number | null {
  const [, digits] = /^\s*(\d{1,15}(?:\.\d+)?)\s*(?:[,;].*)?$/u.exec(text ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

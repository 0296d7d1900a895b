/**
 * The one place where a failure of the vendor's client becomes one of our five errors. Pure.
 * No public catalogue of kintone's codes exists and messages follow the user's language: only status and code are judged.
 */
import { ConnectorError, Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../connector.ts';

export type RejectedFields = Rejected['fields'];

/** What a failure means for a request with many rows. */
export interface Verdict {
  readonly error: ConnectorError;
  /**
   * `hold`: nothing of it was about a single row. `conflict`: somebody else wrote at the same time.
   * `refused`: at least one row is not acceptable, and kintone then takes none of them.
   * `refusedAll`: what is wrong is the same for every row of the app.
   */
  readonly kind: 'hold' | 'conflict' | 'refused' | 'refusedAll';
  /** The rows that were named, by their place in the request; empty when kintone does not tell which. */
  readonly rows: ReadonlyMap<number, RejectedFields>;
}

/** The part of `KintoneRestAPIError` that is judged. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly words: string;
  readonly errors: Readonly<Record<string, unknown>>;
}

const CONCURRENCY_WAIT_MS = 5_000;
const CURSOR_WAIT_MS = 60_000;
/** "The database could not be locked": comes as 400 or 409, and is gone a moment later. */
const LOCKED = new Set(['GAIA_DA02', 'GAIA_RE18']);
/** The key's field is gone, or may no longer be one: asking row by row would bring the same answer. */
const ABOUT_THE_KEY = new Set(['GAIA_IQ11', 'GAIA_UK01']);
/** No token of the app, or one without the right, or a user without it: whatever the status, it is about no row. */
const NOT_PERMITTED = new Set(['GAIA_IA02', 'GAIA_NO01', 'CB_NO02']);
const SHORTEST_NUMBER = 7;
/** Too large, or not understood: sent again it would be refused again. */
const UNACCEPTABLE = new Set([400, 413, 414, 422, 431]);
const NONE: ReadonlyMap<number, RejectedFields> = new Map();

/** `doing` completes "kintone …": `kintone refused to read app 1`. */
export function judge(failure: unknown, doing: string): Verdict {
  if (failure instanceof ConnectorError) return { error: failure, kind: 'hold', rows: NONE };
  const refusal = refusalOf(failure);
  if (refusal !== null) return judgeRefusal(refusal, doing);
  const error = judgeForeign(failure, doing);
  return { error, kind: error instanceof Rejected ? 'refused' : 'hold', rows: NONE };
}

/** kintone itself said no, and why; anything else was said before its door, or by nobody. */
export function isRefusal(failure: unknown): boolean {
  return refusalOf(failure) !== null;
}

/** No token of ours is the app's: what a token of it may do cannot be told. */
export function isTokenUnknown(failure: unknown): boolean {
  return refusalOf(failure)?.code === 'GAIA_IA02';
}

/** The app's token is not among ours, or has not the right: for a single app it is as if the app were not there. */
export function isAppClosed(failure: unknown): boolean {
  const refusal = refusalOf(failure);
  return refusal !== null && (refusal.code === 'GAIA_IA02' || refusal.code === 'GAIA_NO01');
}

/** Digits enough for a telephone number keep their last four only. */
export function masked(text: string): string {
  return text.replace(/[+＋]?[\d０-９](?:[\d０-９\s()（）.\-－‐]*[\d０-９])?/g, (run) => {
    const digits = run.normalize('NFKC').replace(/\D/g, '');
    return digits.length < SHORTEST_NUMBER ? run : `…${digits.slice(-4)}`;
  });
}

function refusalOf(failure: unknown): Refusal | null {
  if (!(failure instanceof Error) || !('status' in failure) || !('code' in failure)) return null;
  const { status, code, message } = failure;
  if (typeof status !== 'number' || typeof code !== 'string' || !/^(CB|GAIA)_/.test(code)) return null;
  const errors = 'errors' in failure && typeof failure.errors === 'object' && failure.errors !== null ? failure.errors : {};
  return { status, code, words: wordsOf(message), errors: errors as Refusal['errors'] };
}

/** The client wraps the message as `[status] [code] message (id)`. */
function wordsOf(message: string): string {
  return masked(/^\[\d+\] \[\w+\] (.*) \([^()]*\)$/s.exec(message)?.[1] ?? message);
}

function judgeRefusal(refusal: Refusal, doing: string): Verdict {
  const { status, code, words } = refusal;
  const told = `kintone could not ${doing}: ${words} (${code})`;
  const cause = new Error(`[${status}] [${code}] ${words}`);
  const hold = (error: ConnectorError): Verdict => ({ error, kind: 'hold', rows: NONE });
  if (status === 429) {
    return hold(new RateLimited(told, code === 'GAIA_TM12' ? CURSOR_WAIT_MS : CONCURRENCY_WAIT_MS, { cause }));
  }
  if (LOCKED.has(code)) return hold(new Unreachable(told, { cause }));
  if (status === 409 || code.startsWith('GAIA_CO')) {
    return { error: new Unreachable(`${told} Somebody else was writing; try again.`, { cause }), kind: 'conflict', rows: NONE };
  }
  if (status === 401 || status === 403 || NOT_PERMITTED.has(code)) {
    return hold(new Unauthorized(`${told} Check the API tokens and their permissions.`, { cause }));
  }
  // 520 is what kintone answers to faulty input, too: a code of its own is a considered answer, and none that waiting changes.
  const isConsidered = status === 520 && code.startsWith('GAIA_');
  if (status >= 500 && !isConsidered) return hold(new Unreachable(told, { cause }));
  if (code === 'GAIA_AP01') return hold(new Missing(told, { cause }));
  if (status === 404 || code === 'GAIA_RE01') return { error: new Missing(told, { cause }), kind: 'refused', rows: NONE };
  if (code === 'GAIA_LO04') return { error: lookupRefused(told, refusal, cause), kind: 'refused', rows: NONE };
  const { fields, rows } = fieldsOf(refusal);
  const detail = fields.map((field) => (field.field === null ? field.message : `${field.field}: ${field.message}`)).join(' ');
  const kind = ABOUT_THE_KEY.has(code) ? 'refusedAll' : 'refused';
  return { error: new Rejected(`${told} ${detail}`.trimEnd(), fields, { cause }), kind, rows };
}

/** kintone words it as if the value were wrong, though as often the other app's token is missing. */
function lookupRefused(told: string, { code, words }: Refusal, cause: Error): Rejected {
  const hint = 'A lookup needs a record with this value in its source app, and that app’s API token among KINTONE_API_TOKENS.';
  return new Rejected(`${told} ${hint}`, [{ field: null, code, message: words }], { cause });
}

/**
 * `records[3].tel.value`, `records[3][seconds].value`, `records[3].record.tel.values[0].value`, `record.tel.value`.
 * Field codes hold neither dots nor brackets.
 */
function fieldsOf(refusal: Refusal): { readonly fields: RejectedFields; readonly rows: ReadonlyMap<number, RejectedFields> } {
  const fields: RejectedFields[number][] = [];
  const rows = new Map<number, RejectedFields>();
  for (const [path, problem] of Object.entries(refusal.errors)) {
    const [, row, field] = /^records?(?:\[(\d+)\])?(?:\.record)?(?:\.(?!values?\b)|\[)?([^.[\]]+)?/.exec(path) ?? [];
    const entry = { field: field ?? null, code: refusal.code, message: masked(messagesOf(problem)) };
    fields.push(entry);
    if (row !== undefined) rows.set(Number(row), [...(rows.get(Number(row)) ?? []), entry]);
  }
  if (fields.length === 0) fields.push({ field: null, code: refusal.code, message: refusal.words });
  return { fields, rows };
}

function messagesOf(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null || !('messages' in problem)) return String(problem);
  return Array.isArray(problem.messages) ? problem.messages.join(' ') : String(problem.messages);
}

/**
 * Whatever is no answer of kintone's API. The client turns a text body into a plain `Error("503: Service Unavailable")`;
 * a network failure is axios's own error, which carries the request's headers and with them the token: it is never passed on.
 */
function judgeForeign(failure: unknown, doing: string): ConnectorError {
  if (!(failure instanceof Error)) return new Unreachable(`kintone could not ${doing}, for a reason it did not give.`);
  const status = Number(/^(\d{3}): /.exec(failure.message)?.[1] ?? 0);
  if (status === 401 || status === 403) {
    return new Unauthorized(
      `kintone's door refused to ${doing} (${status}). Check allowed addresses, Basic authentication and tokens.`,
    );
  }
  if (status === 429) return new RateLimited(`kintone asked to wait before it would ${doing}.`, CONCURRENCY_WAIT_MS);
  if (UNACCEPTABLE.has(status)) {
    const message = `kintone's door would not take the request to ${doing} (${status}).`;
    return new Rejected(message, [{ field: null, code: `HTTP_${status}`, message }]);
  }
  if (status > 0) {
    return new Unreachable(
      `kintone could not ${doing}: it answered ${status} without saying why. Is the address right, is there maintenance?`,
    );
  }
  if (/too many search results/i.test(failure.message)) {
    const message = 'kintone gave up searching: more than 100,000 records matched.';
    return new Rejected(message, [{ field: null, code: 'SEARCH_ABORTED', message }]);
  }
  return new Unreachable(`kintone could not be reached to ${doing} (${networkCode(failure)}).`);
}

function networkCode(failure: Error): string {
  const code = 'code' in failure ? failure.code : undefined;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : failure.name;
}

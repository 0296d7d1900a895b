/** The one place where the service's answers become our five errors. Pure. */
import { type ConnectorError, Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../connector.ts';
import { isObject, valueAt } from './answer-path.ts';
import { masked } from './masked.ts';
import { restMs } from './rate-headers.ts';
import type { ErrorsShape } from './service-shape.ts';

export type RejectedFields = Rejected['fields'];

/** `conflict`: somebody else wrote at the same time, or the record is there already. */
export type Meaning = ConnectorError['kind'] | 'conflict';

export interface Verdict {
  readonly meaning: Meaning;
  readonly error: ConnectorError;
}

/** What is judged: an answer, or one result of a batch. */
export interface Judged {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when there is none or it is no JSON. */
  readonly body: unknown;
}

export interface JudgeContext {
  /** What people call the service. */
  readonly name: string;
  readonly errors: ErrorsShape;
  readonly secrets: () => readonly string[];
  readonly now: () => number;
}

const DEFAULT_WAIT_MS = 30_000;
const LEAST_WAIT_MS = 1000;
const MOST_WAIT_MS = 86_400_000;

/** Null for success. `doing` completes "<name> could not …". */
export function judgeAnswer(answer: Judged, doing: string, context: JudgeContext): Verdict | null {
  const { errors, name } = context;
  const code = textAt(answer.body, errors.code);
  const rule = errors.rules.find((each) => listed(each.status, answer.status) && listed(each.code, code));
  const meaning = rule?.is ?? usualMeaning(answer.status);
  if (meaning === null) return null;
  const words = masked(textAt(answer.body, errors.message) ?? '', context.secrets());
  const told = `${name} could not ${doing}: ${words === '' ? 'it gave no reason' : words} (HTTP ${answer.status}${code === null ? '' : `, ${masked(code, context.secrets())}`})`;
  const fields = refusedFields(answer, code ?? `HTTP_${answer.status}`, words, context);
  const waitMs = rule?.waitSeconds === undefined ? waitOf(answer, errors, context.now()) : rule.waitSeconds * 1000;
  return { meaning, error: errorFor(meaning, answer.status, told, { fields, waitMs }) };
}

function usualMeaning(status: number): Meaning | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403 || status === 407) return 'unauthorized';
  if (status === 404 || status === 410) return 'missing';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 429) return 'rateLimited';
  if (status === 408 || status === 423 || status === 425 || status < 400 || status >= 500) return 'unreachable';
  return 'rejected';
}

/** Left out, a rule's condition always holds. */
function listed<T>(wanted: T | readonly T[] | undefined, found: T | null): boolean {
  if (wanted === undefined) return true;
  return found !== null && (Array.isArray(wanted) ? wanted.includes(found) : wanted === found);
}

function textAt(body: unknown, path: ErrorsShape['code']): string | null {
  const value = path === undefined ? undefined : valueAt(body, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function errorFor(
  meaning: Meaning,
  status: number,
  told: string,
  { fields, waitMs }: { readonly fields: RejectedFields; readonly waitMs: number },
): ConnectorError {
  switch (meaning) {
    case 'unreachable':
      return new Unreachable(`${told}. It will be tried again.`);
    case 'rateLimited':
      return new RateLimited(told, waitMs);
    case 'unauthorized':
      return new Unauthorized(`${told}. Check the credentials and what their user may do.`);
    case 'missing':
      return new Missing(told);
    case 'rejected':
      return new Rejected(withFields(told, fields), fields);
    case 'conflict':
      // A precondition that failed is over with the next try; a value that is taken stays taken.
      return status === 412
        ? new Unreachable(`${told}. Somebody else was writing; it will be tried again.`)
        : new Rejected(withFields(told, fields), fields);
  }
}

function withFields(told: string, fields: RejectedFields): string {
  const named = fields.filter(({ field }) => field !== null).map(({ field, message }) => `${field}: ${message}`);
  return named.length === 0 ? told : `${told} ${named.slice(0, 10).join('; ')}`;
}

function waitOf({ headers }: Judged, { retryAfter }: ErrorsShape, now: number): number {
  const text = headers[retryAfter.toLowerCase()] ?? '';
  const asked = /^\d+(\.\d+)?$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  const wait = Number.isFinite(asked) ? asked : restMs(headers, now) || DEFAULT_WAIT_MS;
  return Math.min(Math.max(wait, LEAST_WAIT_MS), MOST_WAIT_MS);
}

/** Never empty: what names no field is about the record as a whole. */
function refusedFields(answer: Judged, code: string, words: string, context: JudgeContext): RejectedFields {
  const shape = context.errors.fields;
  const at = shape === undefined ? undefined : valueAt(answer.body, shape.at);
  const safe = (value: unknown) => masked(messageOf(value), context.secrets());
  const found: RejectedFields[number][] = [];
  if (shape !== undefined && Array.isArray(at)) {
    for (const entry of at.slice(0, 50) as readonly unknown[]) {
      const field = valueAt(entry, shape.field);
      const own = valueAt(entry, shape.code);
      found.push({
        field: typeof field === 'string' ? field.slice(0, 200) : null,
        code: typeof own === 'string' || typeof own === 'number' ? String(own).slice(0, 100) : code,
        message: safe(valueAt(entry, shape.message)),
      });
    }
  } else if (isObject(at)) {
    for (const [field, messages] of Object.entries(at).slice(0, 50))
      found.push({ field: field.slice(0, 200), code, message: safe(messages) });
  }
  return found.length > 0 ? found : [{ field: null, code, message: words }];
}

function messageOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((each: unknown) => messageOf(each)).join(' ');
  if (isObject(value)) return typeof value.message === 'string' ? value.message : '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

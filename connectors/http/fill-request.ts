/** Placeholders: from a described request to one that can be sent. Pure. */
import { Rejected } from '../connector.ts';
import { isObject } from './answer-path.ts';
import type { RequestShape } from './request-shape.ts';

/** What a `{name}` stands for; null: the parameter that holds it is left out. */
export type FillValue = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;
export type FillValues = Readonly<Record<string, FillValue>>;

export interface FilledRequest {
  readonly method: string;
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; null: no body. */
  readonly body: string | null;
}

const PLACEHOLDER = /\{([a-zA-Z]+)\}/gu;
const WHOLE = /^\{([a-zA-Z]+)\}$/u;

export function placeholdersIn(template: unknown): ReadonlySet<string> {
  if (typeof template === 'string') return new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  if (typeof template !== 'object' || template === null) return new Set();
  return new Set(Object.entries(template).flatMap((entry) => entry.flatMap((part) => [...placeholdersIn(part)])));
}

/** @throws Rejected when a value cannot stand in an address */
export function fillRequest(request: RequestShape, values: FillValues, defaultMethod = 'GET'): FilledRequest {
  const query = filledQuery(request.query, values);
  const headers = Object.entries(request.headers).flatMap(([name, text]) => {
    const filled = fillText(text, values);
    return filled === null ? [] : [[name, headerSafe(filled)] as const];
  });
  return {
    method: request.method ?? defaultMethod,
    path: `${filledPath(request.path, values)}${query === '' ? '' : `?${query}`}`,
    headers: Object.fromEntries(headers),
    body: request.body === undefined ? null : JSON.stringify(fillBody(request.body, values)),
  };
}

/** An address in which every value is one step, whatever signs it holds. @throws Rejected */
export function filledPath(path: string, values: FillValues): string {
  return path.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const text = asText(value ?? '');
    // Browsers and servers read these as "here" and "one up", however they are encoded.
    if (text === '' || text === '.' || text === '..') {
      const message = 'A value that would stand in the address is empty or made of dots.';
      throw new Rejected(message, [{ field: null, code: 'ADDRESS', message }]);
    }
    return encodeURIComponent(text.toWellFormed());
  });
}

function filledQuery(query: RequestShape['query'], values: FillValues): string {
  const pairs = new URLSearchParams();
  for (const [nameTemplate, template] of Object.entries(query)) {
    const name = fillText(nameTemplate, values) ?? nameTemplate;
    const list = typeof template === 'string' ? values[WHOLE.exec(template)?.[1] ?? ''] : undefined;
    if (Array.isArray(list)) for (const each of list) pairs.append(name, asText(each as FillValue));
    else {
      const filled = typeof template === 'string' ? fillText(template, values) : String(template);
      if (filled !== null) pairs.append(name, filled);
    }
  }
  return pairs.toString();
}

/** Null when a value in it is null; lists are joined by commas. */
function fillText(text: string, values: FillValues): string | null {
  const isMissing = [...placeholdersIn(text)].some((name) => values[name] === null);
  if (isMissing) return null;
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : asText(value);
  });
}

function fillBody(template: unknown, values: FillValues): unknown {
  if (typeof template === 'string') {
    const whole = WHOLE.exec(template)?.[1];
    const value = whole === undefined ? undefined : values[whole];
    return value === undefined ? fillText(template, values) : value;
  }
  if (Array.isArray(template)) return template.map((each: unknown) => fillBody(each, values));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([name, each]) => [fillText(name, values) ?? name, fillBody(each, values)]);
  return Object.fromEntries(entries);
}

function asText(value: FillValue): string {
  if (Array.isArray(value)) return value.map(String).join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** No sign that a header cannot hold. */
function headerSafe(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]/gu, (sign) => encodeURIComponent(sign));
}

import { z } from 'zod';
import { ConnectorError, Unauthorized, Unreachable } from '../connector.ts';
import { Redirected, type Seen } from './guarded-transport.ts';
import { decent, isNobodys, translateFailure, type VendorError } from './salesforce-errors.ts';

/** What jsforce throws, read once: its errors know no HTTP status, the transport does. */

/** 401s that no new token cures; the list is jsforce's own. */
const HOPELESS = ['Connected app is not attached to Agent', 'This session is not valid for use with the REST API'];

/** jsforce's failure together with what the transport saw. Never leaves the session. */
export class Refused extends Error {
  readonly status: number | null;
  readonly errors: readonly VendorError[];
  readonly retryAfter: string | null;
  constructor(
    failure: { status: number | null; errors: readonly VendorError[]; retryAfter: string | null },
    options?: ErrorOptions,
  ) {
    super('refused', options);
    this.status = failure.status;
    this.errors = failure.errors;
    this.retryAfter = failure.retryAfter;
  }
}

export function isCurable(error: unknown): boolean {
  if (!(error instanceof Refused) || error.status !== 401) return false;
  return !error.errors.some(({ message }) => HOPELESS.some((hopeless) => message.includes(hopeless)));
}

/** Whether nobody lives any more where the org was: the next sign-in tells where it is now. */
export function isElsewhere(error: unknown): boolean {
  if (!(error instanceof Refused)) return false;
  if (error.status !== null) return isNobodys(error);
  const code = read(read(error.cause, 'cause'), 'code');
  return error.cause instanceof Redirected || code === 'ENOTFOUND' || code === 'ECONNREFUSED';
}

function read(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : null;
}

/** What is no JSON, jsforce hands on as a text, as if it were the answer. */
export function requireJson(body: unknown): void {
  if (typeof body === 'string' && body !== '') throw new Refused({ status: null, errors: [], retryAfter: null });
}

const vendorErrors = z.array(
  z
    .object({
      errorCode: z.string().optional(),
      statusCode: z.string().optional(),
      message: z.string(),
      fields: z.array(z.string()).nullish(),
    })
    .transform((error) => ({
      errorCode: error.errorCode ?? error.statusCode ?? 'ERROR',
      message: error.message,
      fields: error.fields ?? [],
    })),
);

/** The `errors` of a vendor's answer; anything else becomes an empty list. */
export function parseVendorErrors(sent: unknown): readonly VendorError[] {
  const parsed = vendorErrors.safeParse(Array.isArray(sent) ? sent : [sent]);
  return parsed.success ? parsed.data : [];
}

export function toRefused(error: unknown, seen: Seen): Refused {
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  // The vendor repeats what was sent, numbers included: its own error must not travel into a log as the cause.
  const options = { cause: seen.status === null || !(error instanceof Error) ? error : new Error(decent(error.message)) };
  // An answer of 200 that could not be parsed is no answer.
  const status = seen.status !== null && seen.status < 300 ? null : seen.status;
  // A page for people is no word of the API: jsforce makes an error of it, with the whole page as its message.
  const errors = parseVendorErrors(data).filter(({ errorCode }) => !errorCode.startsWith('ERROR_HTTP_'));
  return new Refused({ status, errors, retryAfter: seen.headers['retry-after'] ?? null }, options);
}

export function toConnectorError(error: unknown, about: string, signal: AbortSignal): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (signal.aborted) return new Unreachable(`${about}: given up while waiting for the answer.`, { cause: error });
  if (!(error instanceof Refused)) return new Unreachable(`${about}: ${decent(String(error))}`, { cause: error });
  if (error.status === 401 && !isCurable(error)) {
    return new Unauthorized(`${about}: the org does not let this External Client App use the REST API.`, { cause: error });
  }
  if (error.status === null) {
    return new Unreachable(`${about}: ${reasonOf(error.cause)}. It will be tried again.`, { cause: error.cause });
  }
  return translateFailure(error, about, { cause: error.cause });
}

/** Why no answer came. */
function reasonOf(cause: unknown): string {
  if (cause instanceof SyntaxError || cause === undefined) return 'the answer is no JSON';
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'no answer in time';
  if (cause instanceof Error && cause.cause instanceof Error) return decent(`${cause.message} (${cause.cause.message})`);
  return cause instanceof Error ? decent(cause.message) : 'no answer came';
}

import { type ConnectorError, Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../connector.ts';

/** The one place where the vendor's answers become our errors. Pure. */

/** One element of the vendor's error array; in collections the code is called `statusCode`. */
export interface VendorError {
  readonly errorCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export interface Failure {
  /** Null when no answer came. */
  readonly status: number | null;
  readonly errors: readonly VendorError[];
  /** The answer's `Retry-After` header. */
  readonly retryAfter: string | null;
}

const MINUTE_MS = 60_000;
/** The day is a rolling one: some calls come free every minute. */
const DAILY_LIMIT_WAIT_MS = 15 * MINUTE_MS;
const LONG_CALLS_WAIT_MS = 5_000;
const STORAGE_WAIT_MS = 60 * MINUTE_MS;
const LONGEST_MESSAGE = 300;

const LOCKED = 'UNABLE_TO_LOCK_ROW';
const TRY_AGAIN = new Set([
  LOCKED,
  'QUERY_TIMEOUT',
  'SERVER_UNAVAILABLE',
  'UNKNOWN_EXCEPTION',
  // The org is read-only while the vendor moves or upgrades it.
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
  'FUNCTIONALITY_TEMPORARILY_UNAVAILABLE',
]);
const CONVERTED = 'CANNOT_UPDATE_CONVERTED_LEAD';
const GONE = new Set(['NOT_FOUND', 'INVALID_TYPE', 'INVALID_CROSS_REFERENCE_KEY', 'ENTITY_IS_DELETED', CONVERTED]);
const NOT_PERMITTED = new Set(['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'API_DISABLED_FOR_ORG', 'API_CURRENTLY_DISABLED']);

/** A whole request failed. `about` says what for, for example `Salesforce did not write 200 Task records`. */
export function translateFailure(failure: Failure, about: string, options?: ErrorOptions): ConnectorError {
  const { status } = failure;
  const said = says(failure);
  if (status === null || status >= 500 || isNobodys(failure)) {
    return new Unreachable(`${about}: ${said}. It will be tried again.`, options);
  }
  if (status === 429) return new RateLimited(`${about}: ${said}. Waiting.`, retryAfterMs(failure.retryAfter), options);
  const known = translateCodes(failure, about, options);
  if (known !== null) return known;
  if (status === 401 || status === 403) return unauthorized(about, said, options);
  if (status === 410) {
    return new Unauthorized(`${about}: this API version has been retired. Raise SALESFORCE_API_VERSION.`, options);
  }
  return rejected(failure, about, options);
}

/** Not the org's own words: 420 says that the vendor's front knows no way to it, a bare 404 or 408 comes from before the API, too. */
export function isNobodys({ status, errors }: Pick<Failure, 'status' | 'errors'>): boolean {
  return status === 420 || (errors.length === 0 && (status === 404 || status === 408));
}

/**
 * The org's own triggers and flows may do only so much for one request: what they cannot do for two hundred records they may well do
 * for one. Not to be mixed up with the limits of the org.
 */
export function isTooMuchAtOnce(errors: readonly VendorError[]): boolean {
  return errors.some(({ message }) => /LimitException|(?<![A-Z_])LIMIT_EXCEEDED/.test(message));
}

/** One record of a batch was refused. */
export function translateRowFailure(errors: readonly VendorError[], about: string): ConnectorError {
  const failure: Failure = { status: 400, errors, retryAfter: null };
  return translateCodes(failure, about) ?? rejected(failure, about);
}

function translateCodes(failure: Failure, about: string, options?: ErrorOptions): ConnectorError | null {
  const said = says(failure);
  for (const { errorCode, message } of failure.errors) {
    if (errorCode === 'REQUEST_LIMIT_EXCEEDED') {
      const concurrent = /concurrent/i.test(message);
      const remedy = concurrent ? 'Too many long calls run at once.' : "The org's calls of the last 24 hours are used up.";
      return new RateLimited(`${about}: ${said}. ${remedy}`, concurrent ? LONG_CALLS_WAIT_MS : DAILY_LIMIT_WAIT_MS, options);
    }
    if (errorCode === 'STORAGE_LIMIT_EXCEEDED') {
      return new RateLimited(`${about}: ${said}. Free storage in the org or buy more.`, STORAGE_WAIT_MS, options);
    }
    // A trigger or a flow wraps the lock it met into a failure of its own.
    if (TRY_AGAIN.has(errorCode) || message.includes(LOCKED))
      return new Unreachable(`${about}: ${said}. It will be tried again.`, options);
    if (NOT_PERMITTED.has(errorCode)) return unauthorized(about, said, options);
    if (GONE.has(errorCode)) return new Missing(`${about}: ${said}. ${remedyForGone(errorCode)}`, options);
  }
  return null;
}

function remedyForGone(errorCode: string): string {
  if (errorCode === CONVERTED) return 'Choose the contact the lead has become as the caller of this call.';
  return "Check that it exists and that the connector's user may see it.";
}

function unauthorized(about: string, said: string, options?: ErrorOptions): Unauthorized {
  const remedy = "Check the External Client App's policy and the permission set of the connector's user.";
  return new Unauthorized(`${about}: ${said}. ${remedy}`, options);
}

function rejected(failure: Failure, about: string, options?: ErrorOptions): Rejected {
  const fields = failure.errors.flatMap(({ errorCode, message, fields }) =>
    (fields.length === 0 ? [null] : fields).map((field) => ({ field, code: errorCode, message: decent(message) })),
  );
  return new Rejected(`${about}: ${says(failure)}. ${remedyFor(failure)}`, fields, options);
}

function remedyFor({ errors }: Failure): string {
  switch (errors[0]?.errorCode) {
    case 'INACTIVE_OWNER_OR_USER':
      return "Activate the user or correct the agent's CRM user, then retry.";
    case 'DUPLICATES_DETECTED':
      return 'Let the duplicate rule of the org allow this, or merge the records, then retry.';
    case 'INSUFFICIENT_ACCESS_OR_READONLY':
    case 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY':
      return "Give the connector's user access to the record by its permission set, then retry.";
    default:
      return "Correct the mapping or the org's rule, then retry.";
  }
}

/** The sign-in failed; OAuth has a shape of its own. */
export function translateSignInFailure(
  failure: Failure & { readonly oauthError: string | null },
  options?: ErrorOptions,
): ConnectorError {
  const about = 'Signing in to Salesforce failed';
  const said = says(failure);
  const { status, oauthError } = failure;
  // Nothing at the address of the sign-in is a wrong address.
  if (status === null || status >= 500 || (status !== 404 && isNobodys(failure))) {
    return new Unreachable(`${about}: ${said}. It will be tried again.`, options);
  }
  if (status === 429 || /rate exceeded/i.test(said)) {
    return new RateLimited(`${about}: ${said}. Waiting.`, retryAfterMs(failure.retryAfter), options);
  }
  return new Unauthorized(`${about}: ${said}. ${signInRemedy(oauthError, said)}`, options);
}

/** Most refusals are `invalid_grant`, and only the words behind it tell what is wrong. */
const SAID_REMEDIES: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/expired assertion|jwt.*expired/i, 'Set the clock of this machine: the assertion it signs is out of date on arrival.'],
  [/audience/i, 'Check SALESFORCE_LOGIN_URL: the org it names is another one, or a sandbox taken for production.'],
  [/ip restricted|login hours/i, "Relax the IP restrictions in the External Client App's policies, or the user's login hours."],
  [/inactive|org.* locked/i, 'Activate the user, or the org.'],
];

function signInRemedy(oauthError: string | null, said: string): string {
  const told = SAID_REMEDIES.find(([words]) => words.test(said));
  if (told !== undefined) return told[1];
  switch (oauthError) {
    case 'invalid_client_id':
      return 'Check SALESFORCE_CLIENT_ID.';
    case 'invalid_client':
      return 'Check SALESFORCE_CLIENT_SECRET.';
    case 'invalid_app_access':
      return 'Let an admin approve the External Client App for the user, by permission set.';
    case 'invalid_grant':
      return 'Check SALESFORCE_USERNAME, that the certificate in the External Client App belongs to the private key, and that the user is approved.';
    default:
      return 'Check SALESFORCE_LOGIN_URL and the External Client App.';
  }
}

function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, STORAGE_WAIT_MS) : 30_000;
}

/** The vendor's own words: code and message of the first errors. */
function says(failure: Failure): string {
  if (failure.errors.length === 0) return failure.status === null ? 'no answer came' : `it answered HTTP ${failure.status}`;
  return failure.errors
    .slice(0, 3)
    .map(({ errorCode, message }) => `${errorCode} (${decent(message)})`)
    .join(', ');
}

/** Short, on one line, and with telephone numbers masked down to their last four digits. */
export function decent(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
  return short.replace(
    /(?<![A-Za-z0-9])[+(（]?[0-9０-９](?:[-‐-―−ー－().（）\s]{0,3}[0-9０-９]){6,}(?![A-Za-z0-9])/g,
    (number) => {
      const digits = number.normalize('NFKC').replace(/\D/g, '');
      return `…${digits.slice(-4)}`;
    },
  );
}

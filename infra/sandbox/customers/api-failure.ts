/** A refusal as the service tells it: `{error: {code, message, fields: [{field, code, message}]}}`. */

export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    rest: { readonly fields?: readonly FieldProblem[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = rest.fields ?? [];
    this.headers = rest.headers ?? {};
  }
}

export function failureBody({ code, message, fields }: ApiFailure): object {
  return { error: { code, message, ...(fields.length === 0 ? {} : { fields }) } };
}

const RETRY_AFTER_SECONDS = 7;

export const failures = {
  unauthorized: (message = 'The access token is missing, unknown or expired.') =>
    new ApiFailure(401, 'unauthorized', message, { headers: { 'WWW-Authenticate': 'Bearer realm="customers"' } }),
  forbidden: () => new ApiFailure(403, 'forbidden', 'This user may not do that.'),
  noSuchPath: () => new ApiFailure(404, 'not_found', 'There is nothing at this address.'),
  noSuchRecord: () => new ApiFailure(404, 'not_found', 'There is no such record.'),
  gone: () => new ApiFailure(410, 'gone', 'The record was deleted.'),
  wrongMethod: (allowed: string) =>
    new ApiFailure(405, 'method_not_allowed', 'The method is not allowed here.', { headers: { Allow: allowed } }),
  invalidParameter: (name: string, message: string) =>
    new ApiFailure(400, 'invalid_parameter', `Parameter ${name}: ${message}`, {
      fields: [{ field: name, code: 'invalid', message }],
    }),
  malformed: (message: string) => new ApiFailure(400, 'malformed', message),
  tooLarge: () => new ApiFailure(413, 'too_large', 'The body is too large.'),
  notJson: () => new ApiFailure(415, 'unsupported_media_type', 'Send application/json.'),
  taken: (field: string) =>
    new ApiFailure(409, 'already_exists', 'A record with this value exists already.', {
      fields: [{ field, code: 'taken', message: 'is already in use' }],
    }),
  outdated: () => new ApiFailure(412, 'outdated', 'The record was changed since it was read.'),
  invalid: (fields: readonly FieldProblem[]) => new ApiFailure(422, 'invalid', 'The record is not acceptable.', { fields }),
  tooMany: () =>
    new ApiFailure(429, 'too_many_requests', 'Too many requests.', { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } }),
  /** Tells no time to wait: whoever knows when the day begins knows. */
  dayUsedUp: () => new ApiFailure(429, 'day_used_up', 'The requests of the day are used up.'),
  internal: () => new ApiFailure(500, 'internal', 'Something went wrong on our side.'),
};

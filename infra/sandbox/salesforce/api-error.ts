/** A refusal in the service's own shape: HTTP status, `errorCode`, its wording and the fields it blames. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[];
  /** What stands in the body besides, such as the `duplicateResult` of a duplicate rule. */
  readonly details: object;
  constructor(status: number, errorCode: string, message: string, fields: readonly string[] = [], details: object = {}) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
    this.details = details;
  }
}

/** The array body of every REST failure outside OAuth. */
export function errorBody(error: ApiError): readonly object[] {
  const body = { message: error.message, errorCode: error.errorCode, ...error.details };
  return [error.fields.length > 0 ? { ...body, fields: error.fields } : body];
}

/** The same refusal as one element of a row's `errors` in collections, where the code is called `statusCode`. */
export function rowError(error: ApiError): object {
  return { statusCode: error.errorCode, message: error.message, fields: error.fields, ...error.details };
}

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
export const sessionExpired = (): ApiError => new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

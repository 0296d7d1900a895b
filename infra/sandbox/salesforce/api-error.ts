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

/** Refusals of a save name the fields they blame, even if there are none. */
const OF_A_SAVE = new Set([
  'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  'CANNOT_UPDATE_CONVERTED_LEAD',
  'DELETE_FAILED',
  'DUPLICATES_DETECTED',
  'DUPLICATE_VALUE',
  'ENTITY_IS_DELETED',
  'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  'INACTIVE_OWNER_OR_USER',
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INVALID_CROSS_REFERENCE_KEY',
  'UNABLE_TO_LOCK_ROW',
]);

/** The array body of every REST failure outside OAuth. */
export function errorBody(error: ApiError): readonly object[] {
  const body = { message: error.message, errorCode: error.errorCode, ...error.details };
  return [error.fields.length > 0 || OF_A_SAVE.has(error.errorCode) ? { ...body, fields: error.fields } : body];
}

/** The same refusal as one element of a row's `errors` in collections, where the code is called `statusCode`. */
export function rowError(error: ApiError): object {
  return { statusCode: error.errorCode, message: error.message, fields: error.fields, ...error.details };
}

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
export const sessionExpired = (): ApiError => new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

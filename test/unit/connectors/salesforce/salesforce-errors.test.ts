import { RateLimited, Rejected } from '../../../../connectors/connector.ts';
import {
  decent,
  type Failure,
  isTooMuchAtOnce,
  translateFailure,
  translateRowFailure,
  translateSignInFailure,
} from '../../../../connectors/salesforce/salesforce-errors.ts';

function failure(status: number | null, errorCode?: string, message = 'said so', fields: readonly string[] = []): Failure {
  return { status, errors: errorCode === undefined ? [] : [{ errorCode, message, fields }], retryAfter: null };
}

test.each([
  [null, undefined, 'unreachable'],
  [500, 'UNKNOWN_EXCEPTION', 'unreachable'],
  [503, undefined, 'unreachable'],
  [500, 'UNABLE_TO_LOCK_ROW', 'unreachable'],
  [400, 'UNABLE_TO_LOCK_ROW', 'unreachable'],
  [400, 'QUERY_TIMEOUT', 'unreachable'],
  [401, 'INVALID_SESSION_ID', 'unauthorized'],
  [401, 'INVALID_AUTH_HEADER', 'unauthorized'],
  [403, 'API_DISABLED_FOR_ORG', 'unauthorized'],
  [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'unauthorized'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'rateLimited'],
  [429, undefined, 'rateLimited'],
  [400, 'STORAGE_LIMIT_EXCEEDED', 'rateLimited'],
  [404, 'NOT_FOUND', 'missing'],
  // Not the API's words: the host knows the org no more.
  [404, undefined, 'unreachable'],
  [420, undefined, 'unreachable'],
  [408, undefined, 'unreachable'],
  [404, 'ENTITY_IS_DELETED', 'missing'],
  [400, 'INVALID_TYPE', 'missing'],
  [410, 'UNSUPPORTED_API_VERSION', 'unauthorized'],
  [400, 'MALFORMED_QUERY', 'rejected'],
  [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'rejected'],
  [400, 'DUPLICATES_DETECTED', 'rejected'],
  [414, undefined, 'rejected'],
])('an answer of HTTP %s %s means: %s', (status, code, kind) => {
  expect(translateFailure(failure(status, code), 'Salesforce did nothing').kind).toBe(kind);
});

test.each([
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'rejected'],
  ['STRING_TOO_LONG', 'rejected'],
  ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'rejected'],
  ['INVALID_CROSS_REFERENCE_KEY', 'missing'],
  ['UNABLE_TO_LOCK_ROW', 'unreachable'],
  ['INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE', 'unreachable'],
  ['FUNCTIONALITY_TEMPORARILY_UNAVAILABLE', 'unreachable'],
  ['CANNOT_UPDATE_CONVERTED_LEAD', 'missing'],
  ['INACTIVE_OWNER_OR_USER', 'rejected'],
])('a record refused with %s is: %s', (code, kind) => {
  expect(translateRowFailure([{ errorCode: code, message: 'said so', fields: [] }], 'A record').kind).toBe(kind);
});

test('a lock that a trigger met is a lock, whatever the trigger makes of it', () => {
  const message =
    'TaskTrigger: execution of AfterInsert caused by: System.DmlException: Update failed. first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access';
  const errors = [{ errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] }];
  expect(translateRowFailure(errors, 'A record').kind).toBe('unreachable');
});

test.each([
  ['INACTIVE_OWNER_OR_USER', "correct the agent's CRM user"],
  ['DUPLICATES_DETECTED', 'duplicate rule'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'permission set'],
  ['STRING_TOO_LONG', 'Correct the mapping'],
])('a refusal with %s says what to do: %s', (errorCode, words) => {
  expect(translateRowFailure([{ errorCode, message: 'said so', fields: [] }], 'A record').message).toContain(words);
});

test.each([
  ['Toritsugi: System.LimitException: Too many SOQL queries: 101', true],
  ['We cannot save this record because the flow failed: LIMIT_EXCEEDED: Apex CPU time limit exceeded', true],
  ['STORAGE_LIMIT_EXCEEDED', false],
  ['TaskTrigger: System.NullPointerException', false],
])('%s is too much at once: %s', (message, isSo) => {
  expect(isTooMuchAtOnce([{ errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] }])).toBe(isSo);
});

test('the daily limit waits for long, too many long calls only for seconds', () => {
  const wait = (message: string) => {
    const error = translateFailure(failure(403, 'REQUEST_LIMIT_EXCEEDED', message), 'Salesforce did nothing');
    return error instanceof RateLimited ? error.retryAfterMs : 0;
  };
  expect(wait('TotalRequests Limit exceeded.')).toBe(900_000);
  expect(wait('ConcurrentPerOrgLongTxn Limit exceeded.')).toBe(5_000);
});

test('a Retry-After is heeded', () => {
  const error = translateFailure({ status: 429, errors: [], retryAfter: '7' }, 'Salesforce did nothing');
  expect(error instanceof RateLimited ? error.retryAfterMs : 0).toBe(7_000);
});

test("a refusal carries the CRM's own words by field, with numbers masked", () => {
  const error = translateRowFailure(
    [{ errorCode: 'STRING_TOO_LONG', message: 'Phone: data value too large: 03-1234-5678 (max length=10)', fields: ['Phone'] }],
    'Salesforce refused a Task record',
  );
  expect(error).toBeInstanceOf(Rejected);
  expect(error instanceof Rejected ? error.fields : []).toEqual([
    { field: 'Phone', code: 'STRING_TOO_LONG', message: 'Phone: data value too large: …5678 (max length=10)' },
  ]);
  expect(error.message).toContain('…5678');
  expect(error.message).not.toContain('1234');
});

test.each([
  ['expired assertion', 'the clock of this machine'],
  ['audience is invalid', 'SALESFORCE_LOGIN_URL'],
  ['ip restricted or invalid login hours', 'IP restrictions'],
  ['inactive user', 'Activate the user'],
  ['inactive organization', 'or the org'],
  ["user hasn't approved this consumer", 'SALESFORCE_USERNAME'],
])('a sign-in refused with invalid_grant and the words %s says: %s', (words, remedy) => {
  const error = translateSignInFailure({ ...failure(400, 'invalid_grant', words), oauthError: 'invalid_grant' });
  expect(error.kind).toBe('unauthorized');
  expect(error.message).toContain(remedy);
});

test.each([
  ['call 03-1234-5678 now', 'call …5678 now'],
  ['+81 3 1234 5678', '…5678'],
  ['（03）1234-5678', '…5678'],
  ['０３－１２３４－５６７８', '…5678'],
  ['id 0035g000000003AAAQ stays', 'id 0035g000000003AAAQ stays'],
  ['2000 rows', '2000 rows'],
  ['a\n  b', 'a b'],
])('%j is fit for a log as %j', (text, masked) => {
  expect(decent(text)).toBe(masked);
});

test.each([
  [400, 'invalid_grant', 'unauthorized', 'SALESFORCE_USERNAME'],
  [400, 'invalid_client_id', 'unauthorized', 'SALESFORCE_CLIENT_ID'],
  [400, 'invalid_client', 'unauthorized', 'SALESFORCE_CLIENT_SECRET'],
  [400, 'invalid_app_access', 'unauthorized', 'permission set'],
  [404, null, 'unauthorized', 'SALESFORCE_LOGIN_URL'],
  [503, null, 'unreachable', 'again'],
  [null, null, 'unreachable', 'again'],
])('a sign-in that ends with HTTP %s %s is %s and names %s', (status, oauthError, kind, remedy) => {
  const error = translateSignInFailure({ ...failure(status, oauthError ?? undefined), oauthError });
  expect(error.kind).toBe(kind);
  expect(error.message).toContain(remedy);
});

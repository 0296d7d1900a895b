import { RateLimited, Rejected } from '../../../../connectors/connector.ts';
import { type Judged, judgeAnswer } from '../../../../connectors/http/judge-answer.ts';
import { serviceShape } from '../../../../connectors/http/service-shape.ts';

const now = Date.parse('2026-11-23T00:00:00Z');

function judge(answer: Partial<Judged>, errors: object = {}) {
  const service = serviceShape.parse({
    name: 'CRM',
    signIn: { none: true },
    errors,
    objects: { a: { fields: { b: 'string' } } },
  });
  const context = { name: 'CRM', errors: service.errors, secrets: () => ['s3cr3t-token'], now: () => now };
  return judgeAnswer({ status: 200, headers: {}, body: undefined, ...answer }, 'write a record', context);
}

test.each([
  [200, undefined],
  [204, undefined],
  [400, 'rejected'],
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [404, 'missing'],
  [408, 'unreachable'],
  [409, 'conflict'],
  [410, 'missing'],
  [412, 'conflict'],
  [413, 'rejected'],
  [422, 'rejected'],
  [429, 'rateLimited'],
  [500, 'unreachable'],
  [503, 'unreachable'],
])('%i usually means %s', (status, meaning) => {
  expect(judge({ status })?.meaning).toBe(meaning);
});

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': 'Mon, 23 Nov 2026 00:02:00 GMT' }, 120_000],
  [{ 'retry-after': 'soon' }, 30_000],
  [{ 'retry-after': '0' }, 1000],
  [{ 'retry-after': '99999999' }, 86_400_000],
  [{}, 30_000],
])('with %j it waits %i ms', (headers, waitMs) => {
  const error = judge({ status: 429, headers })?.error;
  expect(error instanceof RateLimited ? error.retryAfterMs : null).toBe(waitMs);
});

test('a rule stands before custom, by status and code, also for a 200 that is none', () => {
  const rules = [
    { status: 403, code: ['quota', 'burst'], is: 'rateLimited', waitSeconds: 60 },
    { code: 'SESSION_GONE', is: 'unauthorized' },
  ];
  const errors = { code: 'error.code', rules };
  expect(judge({ status: 403, body: { error: { code: 'burst' } } }, errors)?.error).toMatchObject({ retryAfterMs: 60_000 });
  expect(judge({ status: 403, body: { error: { code: 'other' } } }, errors)?.meaning).toBe('unauthorized');
  expect(judge({ status: 200, body: { error: { code: 'SESSION_GONE' } } }, errors)?.meaning).toBe('unauthorized');
  expect(judge({ status: 200, body: { items: [] } }, errors)).toBeNull();
});

const fieldsOf = (body: unknown, errors: object) => {
  const error = judge({ status: 422, body }, errors)?.error;
  return error instanceof Rejected ? error.fields : null;
};

test('reads refused fields from a list of objects', () => {
  const errors = { message: 'title', fields: { at: 'errors', field: 'source.name', code: 'kind', message: 'detail' } };
  const body = { title: 'No.', errors: [{ source: { name: 'phone' }, kind: 'long', detail: 'too long' }, { detail: 'odd' }] };
  expect(fieldsOf(body, errors)).toEqual([
    { field: 'phone', code: 'long', message: 'too long' },
    { field: null, code: 'HTTP_422', message: 'odd' },
  ]);
});

test('reads refused fields from an object with messages for each', () => {
  const body = { errors: { phone: ['is too long', 'is odd'], name: 'is blank' } };
  expect(fieldsOf(body, { fields: { at: 'errors' } })).toEqual([
    { field: 'phone', code: 'HTTP_422', message: 'is too long is odd' },
    { field: 'name', code: 'HTTP_422', message: 'is blank' },
  ]);
});

test('repeats neither a secret nor a telephone number', () => {
  const body = { message: 'token s3cr3t-token may not write 090-1234-5678' };
  const error = judge({ status: 422, body }, { message: 'message' })?.error;
  expect(error?.message).toContain('may not write …5678');
  expect(error?.message).not.toContain('s3cr3t');
});

import { readFileSync } from 'node:fs';
import { readService } from '../../../../connectors/http/read-service.ts';

const shipped = readFileSync('mappings/http.yaml', 'utf8');

const minimal = `service:
  name: CRM
  baseUrl: https://crm.example.jp
  signIn: { bearer: {} }
  objects:
    customers:
      fields: { name: string, phone: phone }
`;

const placesOf = (text: string) => readService(text).problems.map(({ line, path }) => `${line} ${path}`);

test('the shipped description is sound', () => {
  const { service, problems } = readService(shipped);
  expect(problems).toEqual([]);
  expect(service?.objects.calls?.write?.batch?.most).toBe(100);
});

test('a description needs little', () => {
  expect(readService(minimal)).toMatchObject({
    problems: [],
    service: { limits: { timeoutSeconds: 20, concurrent: 4 }, objects: { customers: { id: ['id'] } } },
  });
});

test('tells everything that is wrong at once, with line, place and remedy in both languages', () => {
  const broken = `service:
  name: CRM
  signIn: { bearer: { token: my-real-token } }
  limits: { concurrent: 0 }
  colour: red
  objects:
    customers:
      fields:
        name: { type: strng }
        phone: phone
      find: { path: customers?x=1 }
    calls:
      fields: { reference: string }
      find: { path: /calls, query: { q: "{speling}" } }
      recordUrl: https://crm.example.jp/calls
      changes:
        path: /calls
        next: { page: 1 }
        deleted: { everything: nightly }
      write:
        upsert: { path: /calls, body: 1 }
`;
  expect(placesOf(broken)).toEqual([
    '3 service.signIn.bearer.token',
    '4 service.limits.concurrent',
    '5 service.colour',
    '9 service.objects.customers.fields.name.type',
    '11 service.objects.customers.find.path',
    '13 service.objects.calls.fields',
    '14 service.objects.calls.find',
    '14 service.objects.calls.find',
    '15 service.objects.calls.recordUrl',
    '17 service.objects.calls.changes.total',
    '18 service.objects.calls.changes.next.page',
    '21 service.objects.calls.write.upsert',
  ]);
  for (const { message, remedy } of readService(broken).problems) {
    for (const text of [message.en, remedy.en]) expect(text).toMatch(/^[\x20-\x7e—…]{5,}$/u);
    for (const text of [message.ja, remedy.ja]) expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/u);
    expect(JSON.stringify([message, remedy])).not.toContain('my-real-token');
  }
});

test.each([
  ['no YAML', 'service: [', /not YAML/],
  ['another mapping', 'connector: http\n', /no part "service"/],
  ['an empty file', '', /no part "service"/],
  ['too large', `# ${'x'.repeat(300_000)}`, /256 KB/],
  ['a bomb of aliases', `a: &a [1]\nservice: [${'*a,'.repeat(100)}]`, /no part "service"|expected/],
])('says what is wrong with %s', (_what, text, message) => {
  const { service, problems } = readService(text);
  expect(service).toBeNull();
  expect(problems[0]?.message.en).toMatch(message);
});

test('one way to sign in, one way to page', () => {
  const twice = minimal.replace('{ bearer: {} }', '{ bearer: {}, none: true }');
  expect(placesOf(twice)).toEqual(['4 service.signIn']);
});

test.each(['__proto__', 'a.constructor.b', 'a..b'])('a path %s leads nowhere', (path) => {
  const text = minimal.replace('fields:', `id: ${path}\n      fields:`);
  expect(placesOf(text)).toEqual(['7 service.objects.customers.id']);
});

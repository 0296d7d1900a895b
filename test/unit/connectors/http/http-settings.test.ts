import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { httpConnector } from '../../../../connectors/http/http-connector.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-http-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function describing(signIn: string): string {
  const file = path.join(folder, 'http.yaml');
  writeFileSync(file, `service:\n  name: CRM\n  signIn: ${signIn}\n  objects: { customers: { fields: { name: string } } }\n`);
  return file;
}

function problems(signIn: string, settings: Readonly<Record<string, string>>): readonly string[] {
  return httpConnector
    .problems({ HTTP_SERVICE_FILE: describing(signIn), ...settings })
    .map(({ key, problem }) => `${key} ${problem.en}`);
}

const HTTPS = { HTTP_BASE_URL: 'https://crm.example.jp/api' };

test('needs a description, an address and the credentials the description names', () => {
  expect(problems('{ none: true }', HTTPS)).toEqual([]);
  expect(problems('{ basic: {} }', {})).toEqual([
    'HTTP_BASE_URL the service has no address',
    'HTTP_USERNAME is missing: the description signs in with it',
    'HTTP_PASSWORD is missing: the description signs in with it',
  ]);
  expect(problems('{ none: true }', { ...HTTPS, HTTP_SERVICE_FILE: '/nowhere' })).toEqual([
    'HTTP_SERVICE_FILE the file cannot be read',
  ]);
});

test.each([
  ['no address', 'is none'],
  ['ftp://crm.example.jp', 'does not begin with https'],
  ['http://crm.example.jp', 'does not begin with https'],
  ['https://us:secret@crm.example.jp', 'must hold neither'],
  ['https://crm.example.jp?key=1', 'must hold neither'],
])('refuses the address %s', (HTTP_BASE_URL, told) => {
  const [problem = ''] = problems('{ none: true }', { HTTP_BASE_URL });
  expect(problem).toContain(told);
  expect(problem).not.toContain('secret');
});

test('takes plain http in our own network', () => {
  expect(problems('{ none: true }', { HTTP_BASE_URL: 'http://crm.internal', HTTP_ALLOW_PRIVATE: 'on' })).toEqual([]);
});

test('refuses a token that no header can carry, without repeating it', () => {
  const found = problems('{ bearer: {} }', { ...HTTPS, HTTP_TOKEN: 'to\nken' });
  expect(found).toEqual(['HTTP_TOKEN holds a character that no header can carry']);
});

test('tells the problems of the description in both languages', () => {
  const file = describing('{ nothing: true }');
  const [found] = httpConnector.problems({ HTTP_SERVICE_FILE: file, ...HTTPS });
  expect(found?.problem.en).toMatch(/^line 3, service\.signIn\.nothing: "nothing" means nothing here/);
  expect(found?.problem.ja).toMatch(/^3 行目、service\.signIn\.nothing: 「nothing」/);
});

describe('a service of another name', () => {
  const orders = httpConnector.several?.named('orders');
  const open = (text: string, settings: Readonly<Record<string, string>>) => {
    const file = path.join(folder, 'orders.yaml');
    writeFileSync(file, text);
    return { ORDERS_HTTP_SERVICE_FILE: file, ...settings };
  };
  const described = (limits: string) =>
    `connector: orders\nservice:\n  name: 受注\n  signIn: { bearer: {} }\n  limits: ${limits}\n  objects: { orders: { fields: { name: string } } }\n`;
  const given = { ORDERS_HTTP_BASE_URL: 'https://orders.example.jp', ORDERS_HTTP_TOKEN: 'quiet' };

  test('has every setting with its name in front, and a file of its own', () => {
    expect(orders?.settings.map(({ key }) => key)).toEqual(httpConnector.settings.map(({ key }) => `ORDERS_${key}`));
    expect(orders?.settings[0]).toMatchObject({ key: 'ORDERS_HTTP_SERVICE_FILE', default: 'mappings/orders.yaml' });
  });

  test('signs in with its own secret alone', () => {
    expect(orders?.problems(open(described('{}'), given))).toEqual([]);
    const others = { ...given, ORDERS_HTTP_TOKEN: '', HTTP_TOKEN: 'of another service' };
    expect(orders?.problems(open(described('{}'), others)).map(({ key }) => key)).toEqual(['ORDERS_HTTP_TOKEN']);
  });

  test('is told of its problems by the names its admin writes', () => {
    const plain = orders?.problems(open(described('{}'), { ...given, ORDERS_HTTP_BASE_URL: 'http://orders.example.jp' }));
    expect(plain).toMatchObject([
      {
        key: 'ORDERS_HTTP_BASE_URL',
        remedy: {
          en: expect.stringContaining('services in our own network: ORDERS_HTTP_ALLOW_PRIVATE=on'),
          ja: expect.stringContaining('(ORDERS_HTTP_ALLOW_PRIVATE=on)'),
        },
      },
    ]);
  });

  test('does not take the mapping of another', () => {
    const copied = open(described('{}').replace('connector: orders', 'connector: http'), given);
    expect(orders?.problems(copied)).toMatchObject([
      { key: 'ORDERS_HTTP_SERVICE_FILE', problem: { en: expect.stringContaining('"http"') } },
    ]);
  });

  test.each([
    ['{}', { atOnce: 4, perDay: null, day: 'rolling' }],
    ['{ concurrent: 2, perDay: 5000 }', { atOnce: 2, perDay: 5000, day: 'rolling' }],
    ['{ perDay: 5000, dayBegins: "09:00+09:00" }', { perDay: 5000, day: { beginsAtUtcHour: 0 } }],
    ['{ perDay: 5000, dayBegins: "00:00+09:00" }', { day: { beginsAtUtcHour: 15 } }],
    ['{ perDay: 5000, dayBegins: "20:00-05:00" }', { day: { beginsAtUtcHour: 1 } }],
    ['{ perDay: 5000, dayBegins: "07:00Z" }', { day: { beginsAtUtcHour: 7 } }],
  ])('whose limits are %s has the budget of them', (limits, budget) => {
    expect(orders?.budget?.(open(described(limits), given))).toMatchObject({ countedBy: 'account', ...budget });
  });

  test('whose day begins at no whole hour is refused', () => {
    const [problem] = orders?.problems(open(described('{ dayBegins: "09:30+09:00" }'), given)) ?? [];
    expect(problem?.problem.en).toContain('service.limits.dayBegins');
  });
});

import { KINTONE_SETTINGS, readConfig, settingProblems } from '../../../../connectors/kintone/kintone-settings.ts';

const GOOD = { KINTONE_BASE_URL: 'https://example.cybozu.com', KINTONE_API_TOKENS: 'abc' };

const keysOf = (settings: Record<string, string>) => settingProblems(settings).map((problem) => problem.key);

test('finds nothing wrong with an address and a token', () => {
  expect(settingProblems(GOOD)).toEqual([]);
  expect(settingProblems({ ...GOOD, KINTONE_BASE_URL: 'http://localhost:8087/', KINTONE_APPS: '顧客=1, calls=2' })).toEqual([]);
});

test('tells every problem at once, each with a remedy', () => {
  const problems = settingProblems({ KINTONE_APPS: 'customers', KINTONE_TIMEOUT_SECONDS: 'soon' });
  expect(problems.map((problem) => problem.key)).toEqual([
    'KINTONE_BASE_URL',
    'KINTONE_API_TOKENS',
    'KINTONE_APPS',
    'KINTONE_TIMEOUT_SECONDS',
  ]);
  for (const { problem, remedy } of problems) {
    for (const text of [problem, remedy])
      expect([text.en, text.ja]).toEqual([expect.stringMatching(/.{6,}/), expect.stringMatching(/[ぁ-ん]/)]);
  }
});

test.each([
  ['no address', 'example'],
  ['http to another machine', 'http://example.cybozu.com'],
  ['http to an address that the vendor’s client refuses', 'http://127.0.0.1:8087'],
  ['a path', 'https://example.cybozu.com/k/5/'],
  ['a password in the address', 'https://user:pass@example.cybozu.com'],
])('refuses %s', (_what, url) => {
  expect(keysOf({ ...GOOD, KINTONE_BASE_URL: url })).toEqual(['KINTONE_BASE_URL']);
});

test.each([
  ['ten tokens', Array.from({ length: 10 }, (_, at) => `token${at}`).join(',')],
  ['a token with a full-width letter', 'ａbc'],
  ['a token with a space', 'ab c'],
])('refuses %s', (_what, tokens) => {
  expect(keysOf({ ...GOOD, KINTONE_API_TOKENS: tokens })).toEqual(['KINTONE_API_TOKENS']);
});

test('takes a user with a password instead of tokens, and misses the password', () => {
  const { KINTONE_BASE_URL } = GOOD;
  expect(keysOf({ KINTONE_BASE_URL, KINTONE_USERNAME: 'hub', KINTONE_PASSWORD: 'x' })).toEqual([]);
  expect(keysOf({ KINTONE_BASE_URL, KINTONE_USERNAME: 'hub' })).toEqual(['KINTONE_PASSWORD']);
});

test('prefers tokens where both are set', () => {
  expect(readConfig({ ...GOOD, KINTONE_USERNAME: 'hub', KINTONE_PASSWORD: 'x' }).auth).toEqual({ apiToken: ['abc'] });
});

test('refuses a name that stands for two apps', () => {
  expect(keysOf({ ...GOOD, KINTONE_APPS: 'calls=1,calls=2' })).toEqual(['KINTONE_APPS']);
  expect(keysOf({ ...GOOD, KINTONE_APPS: 'calls=0' })).toEqual(['KINTONE_APPS']);
});

test('reads the settings', () => {
  const config = readConfig({ ...GOOD, KINTONE_BASE_URL: ' https://example.cybozu.com/ ', KINTONE_APPS: 'customers=1, 通話=12' });
  expect(config).toEqual({
    baseUrl: 'https://example.cybozu.com',
    auth: { apiToken: ['abc'] },
    apps: new Map([
      ['customers', '1'],
      ['通話', '12'],
    ]),
    timeoutMs: 20_000,
  });
});

test('declares what is secret, and explains every setting in both languages', () => {
  expect(KINTONE_SETTINGS.filter((setting) => setting.secret).map((setting) => setting.key)).toEqual([
    'KINTONE_API_TOKENS',
    'KINTONE_PASSWORD',
  ]);
  for (const { description } of KINTONE_SETTINGS)
    expect([description.en, description.ja].every((text) => text.length > 5)).toBe(true);
});

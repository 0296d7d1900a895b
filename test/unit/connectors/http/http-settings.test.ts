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

import { generateKeyPairSync } from 'node:crypto';
import { recordPageUrl } from '../../../../connectors/salesforce/record-url.ts';
import { findProblems, readSettings } from '../../../../connectors/salesforce/salesforce-settings.ts';
import { jwtAudience } from '../../../../connectors/salesforce/sign-in.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ecPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const base = { SALESFORCE_LOGIN_URL: 'https://example.my.salesforce.com', SALESFORCE_CLIENT_ID: 'key' };
const keysAtFault = (settings: Record<string, string>) => findProblems(settings).map(({ key }) => key);

test('every missing setting is told at once', () => {
  expect(keysAtFault({})).toEqual(['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_PRIVATE_KEY_FILE']);
});

test('either flow is enough', () => {
  expect(keysAtFault({ ...base, SALESFORCE_CLIENT_SECRET: 's' })).toEqual([]);
  expect(keysAtFault({ ...base, SALESFORCE_PRIVATE_KEY: pem.replaceAll('\n', '\\n'), SALESFORCE_USERNAME: 'u' })).toEqual([]);
});

test.each([
  [{ SALESFORCE_LOGIN_URL: 'example' }, 'SALESFORCE_LOGIN_URL'],
  [{ SALESFORCE_LOGIN_URL: 'http://example.my.salesforce.com' }, 'SALESFORCE_LOGIN_URL'],
  [{ SALESFORCE_LOGIN_URL: 'https://example.lightning.force.com' }, 'SALESFORCE_LOGIN_URL'],
  [{ SALESFORCE_PRIVATE_KEY: pem }, 'SALESFORCE_USERNAME'],
  [{ SALESFORCE_PRIVATE_KEY: 'no key', SALESFORCE_USERNAME: 'u' }, 'SALESFORCE_PRIVATE_KEY'],
  [{ SALESFORCE_PRIVATE_KEY: ecPem, SALESFORCE_USERNAME: 'u' }, 'SALESFORCE_PRIVATE_KEY'],
  [{ SALESFORCE_PRIVATE_KEY_FILE: '/no/such/file.pem', SALESFORCE_USERNAME: 'u' }, 'SALESFORCE_PRIVATE_KEY_FILE'],
  [{ SALESFORCE_API_VERSION: '30.0' }, 'SALESFORCE_API_VERSION'],
  [{ SALESFORCE_API_VERSION: 'latest' }, 'SALESFORCE_API_VERSION'],
])('%j is at fault', (over, key) => {
  expect(keysAtFault({ ...base, SALESFORCE_CLIENT_SECRET: 's', ...over })).toEqual([key]);
});

test('no problem repeats a secret', () => {
  expect(JSON.stringify(findProblems({ ...base, SALESFORCE_PRIVATE_KEY: 'TOP-SECRET', SALESFORCE_USERNAME: 'u' }))).not.toContain(
    'TOP-SECRET',
  );
});

test('a private key counts before a client secret', () => {
  const settings = { ...base, SALESFORCE_CLIENT_SECRET: 's', SALESFORCE_PRIVATE_KEY: pem, SALESFORCE_USERNAME: 'u' };
  expect(readSettings(settings)).toMatchObject({ credentials: { flow: 'jwt', username: 'u' }, version: '67.0' });
});

test.each([
  ['https://example.my.salesforce.com', 'https://login.salesforce.com'],
  ['https://login.salesforce.com', 'https://login.salesforce.com'],
  ['https://example--uat.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
  ['https://test.salesforce.com', 'https://test.salesforce.com'],
  ['http://127.0.0.1:8086', 'http://127.0.0.1:8086'],
])('an assertion sent to %s is for %s', (loginUrl, audience) => {
  expect(jwtAudience(loginUrl)).toBe(audience);
});

test.each([
  ['https://example.my.salesforce.com', 'https://example.lightning.force.com/lightning/r/Task/00T1/view'],
  [
    'https://example--uat.sandbox.my.salesforce.com',
    'https://example--uat.sandbox.lightning.force.com/lightning/r/Task/00T1/view',
  ],
  ['http://127.0.0.1:8086', 'http://127.0.0.1:8086/lightning/r/Task/00T1/view'],
])('a record of %s is seen at %s', (instanceUrl, page) => {
  expect(recordPageUrl(instanceUrl, { object: 'Task', id: '00T1' })).toBe(page);
});

/** What doctor says of rights that our own tokens and users lack. */
import path from 'node:path';
import type { Right } from '../../../infra/sandbox/kintone/access.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { openCountedRequests } from '../../../src/cli/counted-requests.ts';
import { examineRights } from '../../../src/cli/setup-rights.ts';
import { readSettings } from '../../../src/config/read-settings.ts';
import type { Finding } from '../../../src/telephony/check-finding.ts';

let kintone: SandboxKintone | null = null;

afterEach(async () => {
  await kintone?.close();
  kintone = null;
});

const hub = { PBXS: 'main', AMI_USER: 'x', AMI_SECRET: 'y', AGENTS: '1001=佐藤', MAPPINGS_DIR: path.resolve('mappings') };

async function examine(environment: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const settings = readSettings({ ...hub, ...environment });
  const counted = await openCountedRequests({ ...settings, database: 'sqlite:none', language: 'en', tell: () => {} });
  for await (const finding of examineRights(settings, counted.quotas)) findings.push(finding);
  await counted.close();
  return findings;
}

async function examineKintone(onCalls: readonly Right[], apps = 'customers=1,calls=2,followUps=3'): Promise<readonly Finding[]> {
  const tokens = [
    { token: 'customers', app: '1', rights: ['view'] as const },
    { token: 'calls', app: '2', rights: onCalls },
    { token: 'follow-ups', app: '3', rights: ['view', 'add', 'edit'] as const },
  ];
  kintone = await startSandboxKintone({ port: 0, tokens });
  return examine({
    KINTONE_BASE_URL: kintone.url,
    KINTONE_API_TOKENS: 'customers,calls,follow-ups',
    KINTONE_APPS: apps,
  });
}

test('tokens with the rights the mapping needs are fine; reading customers needs no more than viewing', async () => {
  const findings = await examineKintone(['view', 'add', 'edit']);
  expect(findings.map(({ name, verdict }) => [name.en, verdict])).toEqual([
    ['kintone: rights in calls (2)', 'fine'],
    ['kintone: rights in followUps (3)', 'fine'],
    ['kintone: rights in customers (1)', 'fine'],
  ]);
});

test('an app that nobody has made yet is told, and the rights in the others are looked at all the same', async () => {
  const findings = await examineKintone(['view', 'add', 'edit'], 'customers=1,calls=2');
  expect(findings.map(({ name, verdict }) => [name.en, verdict])).toEqual([
    ['kintone: rights in calls (2)', 'fine'],
    ['kintone: rights in customers (1)', 'fine'],
    ['kintone: the app followUps', 'failure'],
  ]);
  expect(findings[2]?.detail.en).toContain('follow-ups wait');
  expect(findings[2]?.remedy?.en).toContain('toritsugi setup kintone');
});

test('each right a token lacks is named, with the page on which to tick it', async () => {
  const [calls] = await examineKintone(['view']);
  expect(calls).toEqual({
    name: { en: 'kintone: rights in calls (2)', ja: 'kintone: calls (2) の権限' },
    verdict: 'failure',
    detail: {
      en: 'the API token lacks "Add records", "Edit records"',
      ja: 'API トークンに「レコード追加」「レコード編集」がありません',
    },
    remedy: {
      en: expect.stringContaining(`${kintone?.url}/k/admin/app/apitoken?app=2: tick "Add records", "Edit records"`),
      ja: expect.stringContaining('「アプリを更新」'),
    },
  });
});

test('a field that is hidden from our Salesforce user is named', async () => {
  const org = await startSandboxSalesforce({ fieldAccess: { hidden: ['Task.CallObject'] } });
  try {
    const findings = await examine({
      SALESFORCE_LOGIN_URL: org.url,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_USERNAME: org.username,
      SALESFORCE_PRIVATE_KEY: org.privateKeyPem.replaceAll('\n', '\\n'),
    });
    expect(findings.filter(({ verdict }) => verdict !== 'fine').map(({ name }) => name.en)).toEqual([
      'Salesforce: rights on Task.CallObject',
    ]);
  } finally {
    await org.close();
  }
});

test('a CRM that cannot be asked is no lack of rights', async () => {
  const findings = await examine({
    KINTONE_BASE_URL: 'http://localhost:1',
    KINTONE_API_TOKENS: 'x',
    KINTONE_APPS: 'customers=1,calls=2,followUps=3',
  });
  expect(findings.map(({ verdict }) => verdict)).toEqual(['unchecked', 'unchecked', 'unchecked']);
});

/** `setup salesforce`: the folder it writes, and its check against the sandbox org. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { salesforceConnector } from '../../../connectors/salesforce/salesforce-connector.ts';
import type { FieldAccess } from '../../../infra/sandbox/salesforce/field-access.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { mappingInForce } from '../../../src/cli/mapping-in-force.ts';
import { setupSalesforceCommand } from '../../../src/cli/setup-salesforce.ts';

let folder: string;
let sandbox: SandboxSalesforce | null = null;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-setup-'));
});
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: readonly string[]) {
  const lines: string[] = [];
  let exitCode = 0;
  const command = setupSalesforceCommand({
    open: async () => ({
      mapping: await mappingInForce('salesforce', { directory: 'mappings', locale: 'ja' }),
      apiVersion: '67.0',
      language: 'en',
    }),
    async openConnector() {
      if (sandbox === null) throw new Error('there is no org');
      const settings = {
        SALESFORCE_LOGIN_URL: sandbox.url,
        SALESFORCE_CLIENT_ID: sandbox.clientId,
        SALESFORCE_USERNAME: sandbox.username,
        SALESFORCE_PRIVATE_KEY: sandbox.privateKeyPem,
      };
      return salesforceConnector.open(settings, { now: Date.now, log: () => undefined });
    },
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  await command.parseAsync([...words], { from: 'user' });
  return { lines, exitCode };
}

async function check(fieldAccess: FieldAccess = {}) {
  sandbox = await startSandboxSalesforce({ fieldAccess });
  return run('--check');
}

const written = ['package/package.xml', 'package/objects/Activity.object', 'package/permissionsets/Toritsugi.permissionset'];

test('writes the package and what to do with it; a second time only what differs', async () => {
  const { lines } = await run('--output', folder);
  const files = [...written, 'README.md', 'README.ja.md'];
  expect(lines.slice(0, -1)).toEqual(files.map((file) => `written    ${path.join(folder, file)}`));
  for (const file of files) expect(readFileSync(path.join(folder, file), 'utf8')).not.toBe('');
  writeFileSync(path.join(folder, 'README.md'), 'changed');
  const again = await run('--output', folder);
  expect(again.lines.filter((line) => line.startsWith('written'))).toEqual([`written    ${path.join(folder, 'README.md')}`]);
});

test('an org with everything in place passes the check', async () => {
  const { lines, exitCode } = await check();
  expect(exitCode).toBe(0);
  expect(lines).toEqual([
    'ok    Salesforce: rights on Contact: all 9 fields of the mapping can be used',
    'ok    Salesforce: rights on Lead: all 7 fields of the mapping can be used',
    'ok    Salesforce: rights on Account: all 5 fields of the mapping can be used',
    expect.stringMatching(/^ok {4}Salesforce: rights on Task: all \d+ fields of the mapping can be used$/),
  ]);
});

test('what field-level security keeps from us is named, each with what to do', async () => {
  const { lines, exitCode } = await check({
    hidden: ['Contact.MobilePhone', 'Task.Toritsugi_Call_Id__c'],
    readOnly: ['Task.Description'],
  });
  expect(exitCode).toBe(1);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^FAIL {2}Salesforce: rights on Contact\.MobilePhone: .*hides it\n.*Object Settings → Contact.*tick Read/,
      ),
      expect.stringMatching(/^FAIL {2}Salesforce: rights on Task\.Toritsugi_Call_Id__c: .*\n.*Deploy the package/),
      expect.stringMatching(/^FAIL {2}Salesforce: rights on Task\.Description: our user may see it and not set it\n.*tick Edit/),
    ]),
  );
});

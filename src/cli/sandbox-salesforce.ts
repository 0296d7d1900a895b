import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { FAULT_KINDS, type Fault } from '../../infra/sandbox/salesforce/faults.ts';
import { parseFaults } from '../../infra/sandbox/salesforce/parse-faults.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { readSeed } from '../../infra/sandbox/salesforce/seed.ts';
import { interruption } from './interruption.ts';
import { readCount, readFaults, readPort } from './sandbox-options.ts';

interface Options {
  readonly port: number;
  readonly seed?: string;
  readonly contacts: number;
  readonly faults: readonly Fault[];
  readonly json?: true;
}

const DEFAULT_PORT = 8086;
/** A million take about a gigabyte. */
const MOST_CONTACTS = 2_000_000;

/** `toritsugi sandbox salesforce`: runs until it is interrupted. With `--json` the first line is one object. */
export function sandboxSalesforceCommand(): Command {
  return new Command('salesforce')
    .description('a Salesforce org to develop against, in memory: REST API, OAuth, faults on request, simple web pages')
    .option('--port <port>', 'port on localhost; 0 takes any free one', readPort, DEFAULT_PORT)
    .option('--seed <dir>', 'folder with Account.json, Contact.json, …: arrays of records to begin with')
    .option('--contacts <number>', 'so many generated contacts besides, the same ones every time', readCount(MOST_CONTACTS), 0)
    .option('--faults <list>', `accidents, kind[=field][:times],… of: ${FAULT_KINDS.join(', ')}`, readFaults(parseFaults), [])
    .option('--json', 'print {url, accessToken, clientId, clientSecret, privateKeyFile, username} as the first line')
    .addHelpText(
      'after',
      '\nExample:\n  $ ./toritsugi sandbox salesforce --port 8086 --faults serverError:3,refuseField=Subject:1',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { port, faults, contacts } = options;
  const seed = options.seed === undefined ? {} : { seed: await readSeed(options.seed) };
  const sandbox = await startSandboxSalesforce({ port, faults, contacts, ...seed });
  const folder = await mkdtemp(join(tmpdir(), 'toritsugi-salesforce-'));
  try {
    const privateKeyFile = join(folder, 'private-key.pem');
    await writeFile(privateKeyFile, sandbox.privateKeyPem, { mode: 0o600 });
    process.stdout.write(`${options.json === true ? jsonLine(sandbox, privateKeyFile) : greeting(sandbox, privateKeyFile)}\n`);
    await interruption();
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function jsonLine(sandbox: SandboxSalesforce, privateKeyFile: string): string {
  const { url, accessToken, clientId, clientSecret, username } = sandbox;
  return JSON.stringify({ url, accessToken, clientId, clientSecret, privateKeyFile, username });
}

function greeting(sandbox: SandboxSalesforce, privateKeyFile: string): string {
  return [
    `Salesforce sandbox: ${sandbox.url}`,
    'Settings for the hub:',
    `  SALESFORCE_LOGIN_URL=${sandbox.url}`,
    `  SALESFORCE_CLIENT_ID=${sandbox.clientId}`,
    `  SALESFORCE_USERNAME=${sandbox.username}`,
    `  SALESFORCE_PRIVATE_KEY_FILE=${privateKeyFile}`,
    'Stop with Ctrl+C.',
  ].join('\n');
}

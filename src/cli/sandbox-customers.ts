import { Command } from 'commander';
import { FAULT_KINDS, type Fault, parseFaults } from '../../infra/sandbox/customers/faults.ts';
import { type SandboxCustomers, startSandboxCustomers } from '../../infra/sandbox/customers/sandbox-customers.ts';
import { readSeed } from '../../infra/sandbox/customers/seed.ts';
import { interruption } from './interruption.ts';
import { readFaults, readPort } from './sandbox-options.ts';

interface Options {
  readonly port: number;
  readonly seed?: string;
  readonly faults: readonly Fault[];
  readonly json?: true;
}

const DEFAULT_PORT = 8088;

/** `toritsugi sandbox customers`: runs until it is interrupted. With `--json` the first line is one object. */
export function sandboxCustomersCommand(): Command {
  return new Command('customers')
    .description('a plain REST customer service to describe for the connector http, in memory: API, faults, simple web pages')
    .option('--port <port>', 'port on localhost; 0 takes any free one', readPort, DEFAULT_PORT)
    .option('--seed <dir>', 'folder with customers.json and calls.json: arrays of records to begin with')
    .option('--faults <list>', `accidents, kind[=field][:times],… of: ${FAULT_KINDS.join(', ')}`, readFaults(parseFaults), [])
    .option('--json', 'print {url, accessToken, clientId, clientSecret, apiKey, username, password} as the first line')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi sandbox customers --port 8088 --faults serverError:3,refuseField=notes:1')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { port, faults } = options;
  const seed = options.seed === undefined ? {} : { seed: await readSeed(options.seed) };
  const sandbox = await startSandboxCustomers({ port, faults, ...seed });
  process.stdout.write(`${options.json === true ? jsonLine(sandbox) : greeting(sandbox)}\n`);
  await interruption();
  await sandbox.close();
}

function jsonLine(sandbox: SandboxCustomers): string {
  const { url, accessToken, clientId, clientSecret, apiKey, username, password } = sandbox;
  return JSON.stringify({ url, accessToken, clientId, clientSecret, apiKey, username, password });
}

function greeting(sandbox: SandboxCustomers): string {
  return [
    `Customer sandbox: ${sandbox.url}`,
    'Settings for the hub (see docs/guides/http-connector.md):',
    `  HTTP_BASE_URL=${sandbox.url}/api/v1`,
    `  HTTP_CLIENT_ID=${sandbox.clientId}`,
    `  HTTP_CLIENT_SECRET=${sandbox.clientSecret}`,
    '  HTTP_ALLOW_PRIVATE=on',
    'Stop with Ctrl+C.',
  ].join('\n');
}

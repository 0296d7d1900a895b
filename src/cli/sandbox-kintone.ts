import { Command } from 'commander';
import { FAULT_KINDS, type Fault, parseFaults } from '../../infra/sandbox/kintone/faults.ts';
import { type SandboxKintone, startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import { readSeed } from '../../infra/sandbox/kintone/seed.ts';
import { interruption } from './interruption.ts';
import { readCount, readFaults, readPort } from './sandbox-options.ts';

interface Options {
  readonly port: number;
  readonly seed?: string;
  readonly customers?: number;
  readonly faults: readonly Fault[];
  readonly json?: true;
}

const DEFAULT_PORT = 8087;
const MOST_CUSTOMERS = 2_000_000;

/** `toritsugi sandbox kintone`: runs until it is interrupted. With `--json` the first line is one object. */
export function sandboxKintoneCommand(): Command {
  return new Command('kintone')
    .description('a kintone to develop against, in memory: API, faults on request, simple web pages')
    .option('--port <port>', 'port on localhost; 0 takes any free one', readPort, DEFAULT_PORT)
    .option('--seed <dir>', 'folder of JSON files with the records to begin with')
    .option(
      '--customers <count>',
      'so many invented customers besides, the same every time: for measuring',
      readCount(MOST_CUSTOMERS),
    )
    .option(
      '--faults <list>',
      `accidents, kind[=field][:times][@METHOD],… of: ${FAULT_KINDS.join(', ')}`,
      readFaults(parseFaults),
      [],
    )
    .option('--json', 'print one JSON object {url, apiTokens, username, password, apps} as the first line')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi sandbox kintone --port 8087 --faults error500:3,commitThenCut:1@PUT')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { port, faults, customers } = options;
  const seed = options.seed === undefined ? {} : await readSeed(options.seed);
  const sandbox = await startSandboxKintone({ port, faults, ...seed, ...(customers === undefined ? {} : { customers }) });
  process.stdout.write(`${options.json === true ? jsonLine(sandbox) : greeting(sandbox)}\n`);
  await interruption();
  await sandbox.close();
}

function jsonLine(sandbox: SandboxKintone): string {
  const { url, apiTokens, username, password, apps } = sandbox;
  return JSON.stringify({ url, apiTokens, username, password, apps });
}

function greeting(sandbox: SandboxKintone): string {
  const apps = sandbox.apps.map((app) => `  ${sandbox.url}/k/${app.id}/  ${app.name}`);
  return [
    `kintone sandbox: ${sandbox.url}`,
    ...apps,
    `API tokens: ${sandbox.apiTokens.join(',')}`,
    `Sign-in:    ${sandbox.username} / ${sandbox.password}`,
    'Stop with Ctrl+C.',
  ].join('\n');
}

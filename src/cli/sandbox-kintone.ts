import { Command, InvalidArgumentError } from 'commander';
import { FAULT_KINDS, type Fault, parseFaults } from '../../infra/sandbox/kintone/faults.ts';
import { type SandboxKintone, startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import { readSeed } from '../../infra/sandbox/kintone/seed.ts';

interface Options {
  readonly port: number;
  readonly seed?: string;
  readonly customers?: number;
  readonly faults: readonly Fault[];
  readonly json?: true;
}

const DEFAULT_PORT = 8087;

/** `toritsugi sandbox kintone`: runs until it is interrupted. With `--json` the first line is one object. */
export function sandboxKintoneCommand(): Command {
  return new Command('kintone')
    .description('a kintone to develop against, in memory: API, faults on request, simple web pages')
    .option('--port <port>', 'port on localhost; 0 takes any free one', readPort, DEFAULT_PORT)
    .option('--seed <dir>', 'folder of JSON files with the records to begin with')
    .option('--customers <count>', 'so many invented customers besides, the same every time: for measuring', readCount)
    .option('--faults <list>', `accidents, kind[=field][:times][@METHOD],… of: ${FAULT_KINDS.join(', ')}`, readFaults, [])
    .option('--json', 'print one JSON object {url, apiTokens, username, password, apps} as the first line')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi sandbox kintone --port 8087 --faults error500:3,commitThenCut:1@PUT')
    .action(run);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return port;
}

const MOST_CUSTOMERS = 2_000_000;

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > MOST_CUSTOMERS) {
    throw new InvalidArgumentError(`It must be a whole number up to ${MOST_CUSTOMERS}.`);
  }
  return count;
}

function readFaults(text: string): readonly Fault[] {
  try {
    return parseFaults(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

async function run(options: Options): Promise<void> {
  const { port, faults, customers } = options;
  const seed = options.seed === undefined ? {} : await readSeed(options.seed);
  const sandbox = await startSandboxKintone({ port, faults, ...seed, ...(customers === undefined ? {} : { customers }) });
  process.stdout.write(`${options.json === true ? jsonLine(sandbox) : greeting(sandbox)}\n`);
  const signal = await interruption();
  process.stderr.write(`${signal}: stopping\n`);
  await sandbox.close();
}

function interruption(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
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

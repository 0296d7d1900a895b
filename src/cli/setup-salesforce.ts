import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import type { Connector, InBothLanguages } from '../../connectors/connector.ts';
import { askDescriptions } from '../mappings/ask-descriptions.ts';
import { objectsOf } from '../mappings/check-mapping.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { judgeFields } from '../setup/salesforce-check.ts';
import { customFields } from '../setup/salesforce-custom-fields.ts';
import { salesforceInstructions } from '../setup/salesforce-instructions.ts';
import { salesforcePackage } from '../setup/salesforce-package.ts';
import { words } from '../telephony/check-finding.ts';
import { findingLine } from './finding-line.ts';
import { verdictFindings } from './setup-salesforce-texts.ts';

type Language = keyof InBothLanguages;

export interface SalesforceSetupWorld {
  readonly mapping: Mapping;
  /** For example `67.0`. */
  readonly apiVersion: string;
  readonly language: Language;
}

export interface SalesforceSetupDeps {
  readonly open: () => Promise<SalesforceSetupWorld>;
  /** Signed in as the hub's own user. @throws WrongSettings */
  readonly openConnector: () => Promise<Pick<Connector, 'describe' | 'close'>>;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly setExitCode: (code: number) => void;
}

interface SetupOptions {
  readonly output: string;
  readonly check?: true;
  readonly language?: Language;
}

/** `setup salesforce`: writes what an administrator deploys; `--check`: whether it has arrived. */
export function setupSalesforceCommand(deps: SalesforceSetupDeps): Command {
  return new Command('salesforce')
    .description('writes a package to deploy: the mapping’s fields and a permission set, with instructions')
    .option('--output <folder>', 'where to', 'toritsugi-salesforce')
    .option('--check', 'ask the org instead, as our user: is each field there, and may it be written?')
    .addOption(new Option('--language <language>', 'of the texts; that of the settings unless given').choices(['en', 'ja']))
    .addHelpText('after', example)
    .action((options: SetupOptions) => run(options, deps));
}

const example = `
Nothing is sent to Salesforce: an administrator deploys the package. --check signs in with the settings of .env; its exit code
is 1 when something is missing.

Example:
  $ ./toritsugi setup salesforce
  $ sf project deploy start --metadata-dir toritsugi-salesforce/package
  $ ./toritsugi setup salesforce --check`;

async function run(options: SetupOptions, deps: SalesforceSetupDeps): Promise<void> {
  const world = await deps.open();
  const language = options.language ?? world.language;
  if (options.check === true) await check(world, deps, language);
  else writePackage(options.output, world, (line) => deps.print(line[language]));
}

async function check({ mapping }: SalesforceSetupWorld, deps: SalesforceSetupDeps, language: Language): Promise<void> {
  const connector = await deps.openConnector();
  try {
    const descriptions = await askDescriptions(connector, objectsOf(mapping), deps.signal);
    const findings = verdictFindings(judgeFields(mapping, descriptions));
    for (const finding of findings) deps.print(findingLine(finding, language).trimEnd());
    if (findings.some(({ verdict }) => verdict === 'failure')) deps.setExitCode(1);
  } finally {
    await connector.close();
  }
}

function writePackage(folder: string, world: SalesforceSetupWorld, say: (line: InBothLanguages) => void): void {
  const files = [
    ...[...salesforcePackage(world.mapping, world.apiVersion)].map(([name, text]) => [path.join('package', name), text] as const),
    ...salesforceInstructions(customFields(world.mapping)),
  ];
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    const isSame = contentOf(file) === text;
    if (!isSame) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    say(isSame ? words(`as before  ${file}`, `変更なし  ${file}`) : words(`written    ${file}`, `作成      ${file}`));
  }
  say(words(`What to do with it: ${folder}/README.md`, `このあとの手順: ${folder}/README.ja.md`));
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

import { Command, Option } from 'commander';
import type { MappingsCommandDeps } from './mapping-files.ts';
import { type CheckOptions, checkMappings } from './mappings-check.ts';
import { type TryOptions, tryMappingFile } from './mappings-try.ts';

/** `mappings check` and `mappings try`. */
export function mappingsCommand(deps: MappingsCommandDeps): Command {
  const language = () =>
    new Option('--language <language>', 'of the texts; that of the settings unless given')
      .choices(['en', 'ja'])
      .default(deps.style.locale);
  const command = new Command('toritsugi mappings').description('Which call fact goes into which CRM field.');
  command
    .command('check')
    .argument('[file...]', `mapping files; all of ${deps.directory} when none is named`)
    .description('every problem of the mapping files, with its place and remedy; exit code 1 if there is any')
    .option('--offline', 'do not ask the CRMs for their fields')
    .option('--json', 'as JSON, messages in both languages')
    .addOption(language())
    .addHelpText('after', '\nExample:\n  $ ./toritsugi mappings check mappings/salesforce.yaml')
    .action((files: string[], options: CheckOptions) => checkMappings(files, options, deps));
  command
    .command('try')
    .argument('<file>', 'mapping file')
    .description('what a call would write into the CRM; writes nothing')
    .option('--call <id>', 'a call of the ledger')
    .option('--record <file>', 'a call record as JSON, as `replay --json` prints it')
    .option('--offline', 'do not ask the CRM for lengths and rights')
    .option('--json', 'as JSON')
    .addOption(language())
    .addHelpText('after', '\nExample:\n  $ ./toritsugi mappings try mappings/kintone.yaml --call main-1763838000.12')
    .action((file: string, options: TryOptions) => tryMappingFile(file, options, deps));
  return command;
}

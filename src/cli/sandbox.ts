import { Command } from 'commander';
import { sandboxAsteriskCommand } from './sandbox-asterisk.ts';
import { sandboxCustomersCommand } from './sandbox-customers.ts';
import { sandboxKintoneCommand } from './sandbox-kintone.ts';
import { sandboxSalesforceCommand } from './sandbox-salesforce.ts';

/** `sandbox asterisk|salesforce|kintone|customers`: one foreign service alone, as strict as the real one, for developing against. */
export function sandboxCommand(): Command {
  return new Command('toritsugi sandbox')
    .description('Starts one sandbox; stops on Ctrl+C.')
    .addCommand(sandboxAsteriskCommand())
    .addCommand(sandboxSalesforceCommand())
    .addCommand(sandboxKintoneCommand())
    .addCommand(sandboxCustomersCommand())
    .addHelpText('after', '\nExample:\n  $ ./toritsugi sandbox salesforce --port 8401 --json');
}

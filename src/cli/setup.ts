import { Command } from 'commander';
import { setupKintoneFromSettings } from './setup-kintone-from-settings.ts';
import { setupSalesforceFromSettings } from './setup-salesforce-from-settings.ts';

/** `setup kintone|salesforce`: what a CRM needs before calls can be logged in it. */
export function setupCommand(): Command {
  const broken = new AbortController();
  process.once('SIGINT', () => broken.abort(new Error('broken off; run it again to go on')));
  return new Command('toritsugi setup')
    .description('Prepares a CRM for what the mapping writes into it.')
    .addCommand(setupKintoneFromSettings(broken.signal))
    .addCommand(setupSalesforceFromSettings(broken.signal))
    .addHelpText('after', '\nExample:\n  $ ./toritsugi setup kintone --dry-run');
}

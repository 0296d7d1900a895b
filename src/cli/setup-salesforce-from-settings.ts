import type { Command } from 'commander';
import { salesforceConnector } from '../../connectors/salesforce/salesforce-connector.ts';
import { environmentWith } from '../config/environment.ts';
import { hubSettings } from '../config/hub-settings.ts';
import { readDeclared } from '../config/read-declared.ts';
import { type SettingProblem, WrongSettings } from '../config/setting.ts';
import { createLog } from '../observability/log.ts';
import { mappingInForce } from './mapping-in-force.ts';
import { setupSalesforceCommand } from './setup-salesforce.ts';

/** Of the other settings nothing needs to be there yet: setting up is what comes first. */
export function setupSalesforceFromSettings(signal: AbortSignal): Command {
  return setupSalesforceCommand({
    async open() {
      const environment = environmentWith('.env', process.env);
      const { MAPPINGS_DIR = '', LANGUAGE } = readDeclared(hubSettings, environment, []);
      const { SALESFORCE_API_VERSION = '' } = readDeclared(salesforceConnector.settings, environment, []);
      const language = LANGUAGE === 'en' ? 'en' : 'ja';
      const mapping = await mappingInForce('salesforce', { directory: MAPPINGS_DIR, locale: language });
      return { mapping, apiVersion: SALESFORCE_API_VERSION, language };
    },
    openConnector() {
      const problems: SettingProblem[] = [];
      const settings = readDeclared(salesforceConnector.settings, environmentWith('.env', process.env), problems);
      if (problems.length === 0) problems.push(...salesforceConnector.problems(settings));
      if (problems.length > 0) throw new WrongSettings(problems);
      return salesforceConnector.open(settings, { now: Date.now, log: createLog('error') });
    },
    signal,
    print: (line) => process.stdout.write(`${line}\n`),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  });
}

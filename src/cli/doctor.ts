import { Command, Option } from 'commander';
import type { InBothLanguages } from '../../connectors/connector.ts';
import { declaredSettings } from '../config/declared-settings.ts';
import { envExample } from '../config/env-example.ts';
import { languageOf } from '../config/language-of.ts';
import type { Settings } from '../config/read-settings.ts';
import { databaseUrl, styleOf } from '../hub/open-parts.ts';
import type { Finding } from '../telephony/check-finding.ts';
import { openCountedRequests } from './counted-requests.ts';
import { examineConnectors } from './doctor-connectors.ts';
import { examinePbx } from './doctor-pbx.ts';
import { examineSettings } from './doctor-settings.ts';
import { examineDatabase, examineJobs } from './doctor-store.ts';
import { findingLine } from './finding-line.ts';
import { namedEnvFile } from './settings-of-command.ts';
import { examineRights } from './setup-rights.ts';

type Language = keyof InBothLanguages;

interface DoctorOptions {
  readonly env: string;
  readonly json?: boolean;
  readonly envExample?: boolean;
  readonly language?: Language;
}

/** `doctor`: one line for each thing the hub needs, a remedy for what is wrong; exit code 1 when anything is. */
export function doctorCommand(): Command {
  return new Command('toritsugi doctor')
    .description('Checks settings, PBX, CRMs, permissions, mappings, database and Redis; changes nothing in them.')
    .option('--env <file>', 'file with the settings', '.env')
    .option('--json', 'one object a line, with every text in both languages')
    .addOption(new Option('--language <language>', 'of the texts; that of the settings unless given').choices(['en', 'ja']))
    .option('--env-example', 'print .env.example instead')
    .addHelpText('after', exampleAndMarks)
    .action(async (options: DoctorOptions) => {
      if (options.envExample) {
        process.stdout.write(envExample(declaredSettings()));
        return;
      }
      process.exitCode = (await examineAndPrint(options)) ? 0 : 1;
    });
}

const exampleAndMarks = `
Marks:
  ok    as it should be
  WARN  works, and you should know
  ?     cannot be seen from here; it may well be right
  FAIL  does not work

The exit code is 1 when anything fails.

Example:
  $ ./toritsugi doctor --language ja`;

/** Whether nothing failed. */
async function examineAndPrint({ env, json, language }: DoctorOptions): Promise<boolean> {
  const { settings, findings } = examineSettings(namedEnvFile(env));
  const shown = language ?? (settings === null ? languageOf(env, process.env) : styleOf(settings).locale);
  let allWell = true;
  const print = (finding: Finding) => {
    allWell &&= finding.verdict !== 'failure';
    process.stdout.write(json ? `${JSON.stringify(finding)}\n` : findingLine(finding, shown));
  };
  findings.forEach(print);
  if (settings !== null) for await (const finding of examineParts(settings)) print(finding);
  return allWell;
}

async function* examineParts(settings: Settings): AsyncGenerator<Finding> {
  yield await examineDatabase(settings);
  yield await examineJobs(settings);
  for (const pbx of settings.pbxs) yield* await examinePbx(pbx, settings);
  const counted = await openCountedRequests({
    ...settings,
    ...{ database: databaseUrl(settings.hub), language: styleOf(settings).locale },
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    yield* examineConnectors(settings, counted.quotas);
    yield* examineRights(settings, counted.quotas);
  } finally {
    await counted.close();
  }
}

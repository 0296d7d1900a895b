import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { sql } from 'kysely';
import { declaredSettings } from '../config/declared-settings.ts';
import { envExample } from '../config/env-example.ts';
import type { PbxChoice } from '../config/read-pbxs.ts';
import { environmentWith, readSettings, type Settings } from '../config/read-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import {
  type ConfiguredConnector,
  openConnectors,
  openJobs,
  openMappings,
  openStore,
  pbxParts,
  styleOf,
} from '../hub/open-parts.ts';
import { newId } from '../main.ts';
import { askDescriptions } from '../mappings/ask-descriptions.ts';
import { checkMapping, objectsOf } from '../mappings/check-mapping.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import type { Log } from '../observability/log.ts';
import { afterRealTime } from '../telephony/after.ts';
import { checkPbx } from '../telephony/check-pbx.ts';
import { namedEnvFile } from './settings-of-command.ts';

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy: string | null;
}

const CHECK_TIMEOUT_MS = 30_000;
/** The findings speak for themselves; the parts' own log lines would only repeat them. */
const silent: Log = () => {};

/** `doctor`: one line for each thing the hub needs, a remedy for each failure; exit code 1 when anything is wrong. */
export function doctorCommand(): Command {
  return new Command('toritsugi doctor')
    .description('Checks settings, PBX, CRMs, permissions, mappings, database and Redis; changes nothing in them.')
    .option('--env <file>', 'file with the settings', '.env')
    .option('--json', 'one object a line')
    .option('--env-example', 'print .env.example instead')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi doctor')
    .action(async (options: { env: string; json?: boolean; envExample?: boolean }) => {
      if (options.envExample) {
        process.stdout.write(envExample(declaredSettings()));
        return;
      }
      let allWell = true;
      for await (const finding of examine(namedEnvFile(options.env))) {
        allWell &&= finding.ok;
        process.stdout.write(options.json ? `${JSON.stringify(finding)}\n` : line(finding));
      }
      process.exitCode = allWell ? 0 : 1;
    });
}

function line({ name, ok, detail, remedy }: Finding): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}${remedy === null ? '' : `\n        → ${remedy}`}\n`;
}

async function* examine(envFile: string): AsyncGenerator<Finding> {
  const settings = readOrProblems(envFile);
  if (Array.isArray(settings)) {
    yield* settings;
    return;
  }
  yield { name: 'settings', ok: true, detail: `read (${envFile} and the environment)`, remedy: null };
  if (settings.connectors.length === 0) {
    const remedy =
      'Fill in the settings of Salesforce or of kintone in .env: without a CRM, calls are only kept in our own ledger.';
    yield { name: 'connectors', ok: false, detail: 'none is set up', remedy };
  }
  yield await examineDatabase(settings);
  yield await examineQueue(settings);
  for (const pbx of settings.pbxs) yield { name: `PBX ${pbx.name}`, ...(await examinePbx(pbx)) };
  const mappings = await openMappings(settings, silent).catch((error: unknown) => wordsOf(error));
  if (typeof mappings === 'string') {
    yield { name: 'mappings', ok: false, detail: mappings, remedy: 'Set MAPPINGS_DIR to the folder of the mapping files.' };
    return;
  }
  for (const { file, problems } of mappings.problems()) {
    const remedy = `Run "toritsugi mappings check" and correct ${settings.hub.MAPPINGS_DIR}/${file}.`;
    yield { name: `mapping ${file}`, ok: false, detail: `${problems.length} problem(s)`, remedy };
  }
  for (const connector of openConnectors(settings, silent)) {
    yield* examineConnector(connector, mappings, settings);
    await connector.connector.close();
  }
}

function readOrProblems(envFile: string): Settings | Finding[] {
  try {
    return readSettings(environmentWith(envFile, process.env));
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    const findings = error.problems.map(({ key, problem, remedy }) => ({
      name: `setting ${key}`,
      ok: false,
      detail: problem,
      remedy,
    }));
    if (existsSync(envFile)) return findings;
    const remedy = 'Run "cp .env.example .env" and fill it in, unless the settings come from the environment.';
    return [{ name: 'settings file', ok: false, detail: `there is no ${envFile} in this folder`, remedy }, ...findings];
  }
}

async function examineDatabase(settings: Settings): Promise<Finding> {
  const name = 'database';
  try {
    const store = await openStore(settings, silent);
    await sql`select 1`.execute(store.db);
    await store.close();
    return {
      name,
      ok: true,
      detail: `${store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} answers, schema up to date`,
      remedy: null,
    };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: wordsOf(error),
      remedy: 'Check DATABASE_URL and TORITSUGI_DATA_DIR (exists? writable? server running?).',
    };
  }
}

async function examineQueue(settings: Settings): Promise<Finding> {
  const { jobs, jobsAreOnRedis } = openJobs(settings, silent);
  if (!jobsAreOnRedis) return { name: 'jobs', ok: true, detail: 'in this process (no REDIS_URL)', remedy: null };
  try {
    jobs.define({ name: 'doctor', concurrency: 1, attempts: 1, backoffMs: () => 0, run: async () => {} });
    await within(jobs.start().then(() => jobs.counts()));
    return { name: 'jobs', ok: true, detail: 'Redis answers', remedy: null };
  } catch (error) {
    return { name: 'jobs', ok: false, detail: wordsOf(error), remedy: 'Check REDIS_URL and that Redis is running.' };
  } finally {
    await jobs.close(1_000);
  }
}

async function examinePbx(pbx: PbxChoice): Promise<Omit<Finding, 'name'>> {
  const { ami } = pbxParts(pbx).ears;
  if (ami === null) return { ok: true, detail: 'heard over ARI alone', remedy: null };
  return checkPbx(ami.settings, ami.clientFactory, { now: Date.now, newId, after: afterRealTime });
}

async function* examineConnector(
  { name, label, connector }: ConfiguredConnector,
  mappings: MappingStore,
  settings: Settings,
): AsyncGenerator<Finding> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const report = await connector.check(signal);
  for (const check of report.checks) yield { ...check, name: `${label}: ${check.name}` };
  const mapping = mappings.current(name)?.mapping;
  if (mapping === undefined) {
    const remedy = `Put ${name}.yaml into ${settings.hub.MAPPINGS_DIR}, or correct it: "toritsugi mappings check".`;
    yield { name: `${label}: mapping`, ok: false, detail: 'none is in force', remedy };
    return;
  }
  if (!report.ok) return;
  const against = { outcomes: mappings.outcomes(), locale: styleOf(settings).locale };
  try {
    const problems = checkMapping(mapping, {
      ...against,
      descriptions: await askDescriptions(connector, objectsOf(mapping), signal),
    });
    for (const { path, message, remedy } of problems) {
      yield { name: `${label}: mapping ${path}`, ok: false, detail: message.en, remedy: remedy.en };
    }
    if (problems.length === 0) yield { name: `${label}: mapping`, ok: true, detail: 'fits the CRM', remedy: null };
  } catch (error) {
    yield { name: `${label}: mapping`, ok: false, detail: wordsOf(error), remedy: 'Run doctor again when the CRM answers.' };
  }
}

async function within<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS / 3);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { kintoneConnector } from '../../connectors/kintone/kintone-connector.ts';
import { type KintoneGate, openGate } from '../../connectors/kintone/kintone-gate.ts';
import { type KintoneConfig, readConfig, settingProblems } from '../../connectors/kintone/kintone-settings.ts';
import { openKintoneAdmin } from '../../connectors/kintone/setup-admin.ts';
import type { Environment } from '../config/environment.ts';
import { environmentWith } from '../config/environment.ts';
import { hubSettings } from '../config/hub-settings.ts';
import { readDeclared } from '../config/read-declared.ts';
import { type SettingProblem, WrongSettings } from '../config/setting.ts';
import { databaseUrl } from '../hub/open-parts.ts';
import type { Quotas } from '../quotas/quotas.ts';
import { confirmationAtTerminal } from './confirmation.ts';
import { openCountedRequests } from './counted-requests.ts';
import { mappingInForce } from './mapping-in-force.ts';
import { setupKintoneCommand } from './setup-kintone.ts';
import { madeAppsIn } from './setup-kintone-state.ts';

/** Of the other settings nothing needs to be there yet: setting up is what comes first. */
export function setupKintoneFromSettings(signal: AbortSignal): Command {
  return setupKintoneCommand({
    async open() {
      const environment = environmentWith('.env', process.env);
      const config = readConfig(adminSettings(environment, process.env));
      const { DATABASE_URL, TORITSUGI_DATA_DIR = '', MAPPINGS_DIR = '', LANGUAGE } = readDeclared(hubSettings, environment, []);
      const language = LANGUAGE === 'en' ? 'en' : 'ja';
      const mapping = await mappingInForce('kintone', { directory: MAPPINGS_DIR, locale: language });
      const counted = await openCountedRequests({
        connectors: [kintoneIn(environment)],
        ...{ database: databaseUrl({ DATABASE_URL, TORITSUGI_DATA_DIR }), language },
        tell: (line) => process.stderr.write(`${line}\n`),
      });
      const gate = openGate(config, counted.quotas.onRequest(kintoneConnector.name));
      return {
        admin: openKintoneAdmin(inTurn(gate, config, counted.quotas), {
          now: Date.now,
          pause: (ms, pauseSignal) => pause(ms, undefined, { signal: pauseSignal }),
          onPublishing: (app, waitedMs) => process.stderr.write(`app ${app}: publishing (${waitedMs / 1000} s)\n`),
        }),
        mapping,
        baseUrl: config.baseUrl,
        apps: config.apps,
        made: madeAppsIn(TORITSUGI_DATA_DIR, config.baseUrl),
        language,
        close: async () => {
          gate.close();
          await counted.close();
        },
      };
    },
    signal,
    confirm: confirmationAtTerminal(signal),
    print: (line) => process.stdout.write(`${line}\n`),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  });
}

function kintoneIn(environment: Environment) {
  const settings = readDeclared(kintoneConnector.settings, environment, []);
  return { name: kintoneConnector.name, definition: kintoneConnector, settings };
}

/** An administrator waits as well when what is left of the day is for ringing phones. */
function inTurn(gate: KintoneGate, { apps }: KintoneConfig, quotas: Quotas): KintoneGate {
  const objectsOf = (app: string | null) => (app === null ? [] : [[...apps].find(([, id]) => id === app)?.[0] ?? app]);
  return {
    ask: (request, signal) =>
      quotas.pass(kintoneConnector.name, { objects: objectsOf(request.app), signal }, () => gate.ask(request, signal)),
    attempt: (request, signal) =>
      quotas.pass(kintoneConnector.name, { objects: objectsOf(request.app), signal }, () => gate.attempt(request, signal)),
    close: () => gate.close(),
  };
}

/** The administrator's credentials come from the environment alone: a file would keep them. @throws WrongSettings */
function adminSettings(environment: Environment, own: Environment): Readonly<Record<string, string>> {
  const { KINTONE_BASE_URL = '', KINTONE_APPS = '', KINTONE_TIMEOUT_SECONDS = '' } = environment;
  const { KINTONE_ADMIN_USERNAME = '', KINTONE_ADMIN_PASSWORD = '', KINTONE_ADMIN_API_TOKENS = '' } = own;
  const settings = {
    ...{ KINTONE_BASE_URL, KINTONE_APPS, KINTONE_TIMEOUT_SECONDS },
    KINTONE_USERNAME: KINTONE_ADMIN_USERNAME,
    KINTONE_PASSWORD: KINTONE_ADMIN_PASSWORD,
    KINTONE_API_TOKENS: KINTONE_ADMIN_API_TOKENS,
  };
  const problems = settingProblems(settings).map(asAdmins);
  if (problems.length > 0) throw new WrongSettings(problems);
  return settings;
}

const lines = 'export KINTONE_ADMIN_USERNAME=…; read -rs KINTONE_ADMIN_PASSWORD; export KINTONE_ADMIN_PASSWORD';
const remedy = {
  en: `In the shell, not in .env: ${lines}. It is not kept.`,
  ja: `.env ではなくシェルで設定してください: ${lines} (保存されません)`,
};

function asAdmins(problem: SettingProblem): SettingProblem {
  const key = problem.key.replace(/^KINTONE_(?=API_TOKENS|USERNAME|PASSWORD)/, 'KINTONE_ADMIN_');
  return key === problem.key ? problem : { ...problem, key, remedy };
}

/** What kintone has to be told, declared once, and everything that can be wrong with it. Pure. */
import type { ConnectorSetting, VendorBudget } from '../connector.ts';

export const KINTONE_SETTINGS: readonly ConnectorSetting[] = [
  {
    key: 'KINTONE_BASE_URL',
    kind: 'url',
    secret: false,
    required: true,
    description: {
      en: 'Address of your kintone, for example https://example.cybozu.com',
      ja: 'kintone のアドレス(例: https://example.cybozu.com)',
    },
  },
  {
    key: 'KINTONE_API_TOKENS',
    kind: 'text',
    secret: true,
    required: false,
    description: {
      en: 'API tokens, one of each app, separated by commas; at most 9',
      ja: 'API トークン。アプリごとに1つ、カンマ区切り、最大9個',
    },
  },
  {
    key: 'KINTONE_USERNAME',
    kind: 'text',
    secret: false,
    required: false,
    description: {
      en: 'Login name, only where API tokens cannot be used',
      ja: 'ログイン名。API トークンを使えない場合だけ指定します',
    },
  },
  {
    key: 'KINTONE_PASSWORD',
    kind: 'text',
    secret: true,
    required: false,
    description: { en: 'Password of that user', ja: 'そのユーザーのパスワード' },
  },
  {
    key: 'KINTONE_APPS',
    kind: 'text',
    secret: false,
    required: false,
    description: {
      en: 'Names for app ids, used in mappings: customers=1,calls=2 (a plain app id works without)',
      ja: 'マッピングで使うアプリ名とアプリIDの対応(例: customers=1,calls=2)。アプリIDをそのまま書く場合は不要です',
    },
  },
  {
    key: 'KINTONE_TIMEOUT_SECONDS',
    kind: 'number',
    secret: false,
    required: false,
    default: '20',
    description: { en: 'How long an answer may take, 1 to 120', ja: '応答を待つ秒数(1〜120)' },
  },
  {
    key: 'KINTONE_DAILY_REQUESTS',
    kind: 'number',
    secret: false,
    required: false,
    default: '10000',
    description: {
      en: 'Requests a day of one app that your kintone course allows, by everybody; lower it by what other programs need',
      ja: '1アプリあたり1日に許されるAPIリクエスト数(ご契約コースの上限。他のプログラムが使う分を引いて指定します)',
    },
  },
];

export type KintoneAuth = { readonly apiToken: readonly string[] } | { readonly username: string; readonly password: string };

export interface KintoneConfig {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly auth: KintoneAuth;
  /** App ids by the names that mappings use. */
  readonly apps: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
}

export interface SettingProblem {
  readonly key: string;
  readonly problem: string;
  readonly remedy: string;
}

type Settings = Readonly<Record<string, string>>;

const MOST_TOKENS = 9;
const DEFAULT_TIMEOUT_SECONDS = 20;
const DEFAULT_DAILY_REQUESTS = 10_000;

export function settingProblems(settings: Settings): readonly SettingProblem[] {
  return [
    ...urlProblems(settings),
    ...authProblems(settings),
    ...appProblems(settings),
    ...timeoutProblems(settings),
    ...dailyProblems(settings),
  ];
}

/** Settings without problems, as the connector wants them. */
export function readConfig(settings: Settings): KintoneConfig {
  const tokens = listOf(settings.KINTONE_API_TOKENS);
  const { KINTONE_USERNAME: username = '', KINTONE_PASSWORD: password = '' } = settings;
  return {
    baseUrl: (settings.KINTONE_BASE_URL ?? '').trim().replace(/\/+$/, ''),
    auth: tokens.length > 0 ? { apiToken: tokens } : { username, password },
    apps: new Map(listOf(settings.KINTONE_APPS).map(nameAndId)),
    timeoutMs: Number(settings.KINTONE_TIMEOUT_SECONDS || DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

/**
 * kintone lets a domain have 100 requests under way and answers all others with 429, also those of people's own customisations:
 * the hub takes a tenth. A day's requests are counted for each app, from nine in the morning in Japan.
 */
export function vendorBudget(settings: Settings): VendorBudget {
  const perDay = Number(settings.KINTONE_DAILY_REQUESTS || DEFAULT_DAILY_REQUESTS);
  return { atOnce: 10, perDay, countedBy: 'object', day: { beginsAtUtcHour: 0 } };
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function nameAndId(entry: string): readonly [string, string] {
  const at = entry.lastIndexOf('=');
  return [entry.slice(0, Math.max(at, 0)).trim(), entry.slice(at + 1).trim()];
}

/** The vendor's client takes plain http from the host name `localhost` alone. */
function urlProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_BASE_URL';
  const remedy = 'Write the address of your kintone as https://<subdomain>.cybozu.com';
  const text = (settings[key] ?? '').trim();
  if (text === '') return [{ key, problem: 'The address of kintone is missing.', remedy }];
  if (!URL.canParse(text)) return [{ key, problem: 'It is no address.', remedy }];
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && url.hostname === 'localhost')) {
    return [{ key, problem: 'The address must begin with https:// (http:// only for localhost).', remedy }];
  }
  if (url.username !== '' || url.password !== '') {
    return [{ key, problem: 'The address must not contain a user name or a password.', remedy }];
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return [{ key, problem: 'The address must end after the host name.', remedy }];
  }
  return [];
}

function authProblems(settings: Settings): readonly SettingProblem[] {
  const tokens = listOf(settings.KINTONE_API_TOKENS);
  const key = 'KINTONE_API_TOKENS';
  if (tokens.length > MOST_TOKENS) {
    return [
      {
        key,
        problem: `kintone takes at most ${MOST_TOKENS} API tokens.`,
        remedy: 'Leave out those of apps that no mapping names.',
      },
    ];
  }
  if (tokens.some((token) => !/^[\x21-\x7e]+$/.test(token))) {
    return [
      {
        key,
        problem: 'An API token holds a character that no token has.',
        remedy: 'Copy the tokens again, separated by commas.',
      },
    ];
  }
  if (tokens.length > 0) return [];
  if (!settings.KINTONE_USERNAME) {
    return [
      {
        key,
        problem: 'There are neither API tokens nor a user.',
        remedy: 'Generate an API token in each app (App settings → API token) and list them here.',
      },
    ];
  }
  if (settings.KINTONE_PASSWORD) return [];
  const problem = 'The password of KINTONE_USERNAME is missing.';
  return [{ key: 'KINTONE_PASSWORD', problem, remedy: 'Set it, or better: use API tokens.' }];
}

function appProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_APPS';
  const entries = listOf(settings[key]).map(nameAndId);
  const remedy = 'Write it as customers=1,calls=2; an app’s id is the number in its address, /k/<id>/';
  const wrong = entries.filter(([name, id]) => name === '' || !/^[1-9]\d{0,14}$/.test(id));
  const names = entries.map(([name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...wrong.map(([name, id]) => ({ key, problem: `"${name}=${id}" is not a name and an app id.`, remedy })),
    ...twice.map((name) => ({ key, problem: `The name "${name}" stands for two apps.`, remedy })),
  ];
}

function timeoutProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_TIMEOUT_SECONDS';
  const seconds = Number(settings[key] || DEFAULT_TIMEOUT_SECONDS);
  if (seconds >= 1 && seconds <= 120) return [];
  return [{ key, problem: 'It is no number of seconds from 1 to 120.', remedy: `Leave it out for ${DEFAULT_TIMEOUT_SECONDS}.` }];
}

function dailyProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_DAILY_REQUESTS';
  if (/^[1-9]\d{1,7}$/.test(settings[key] || String(DEFAULT_DAILY_REQUESTS))) return [];
  return [{ key, problem: 'It is no whole number of at least 10.', remedy: `Leave it out for ${DEFAULT_DAILY_REQUESTS}.` }];
}

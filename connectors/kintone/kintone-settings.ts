/** What kintone has to be told, declared once, and everything that can be wrong with it. Pure. */
import type { ConnectorSetting, InBothLanguages, SettingProblem, VendorBudget } from '../connector.ts';

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
  // Set-up counts before the settings have been checked.
  const perDay = Number(settings.KINTONE_DAILY_REQUESTS) || DEFAULT_DAILY_REQUESTS;
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
  const remedy = {
    en: 'Write the address of your kintone as https://<subdomain>.cybozu.com.',
    ja: 'kintone のアドレスを https://<サブドメイン>.cybozu.com の形式で指定してください。',
  };
  const wrong = (en: string, ja: string) => [{ key, problem: { en, ja }, remedy }];
  const text = (settings[key] ?? '').trim();
  if (text === '') return wrong('is missing', '設定されていません');
  if (!URL.canParse(text)) return wrong('is no address', 'URL の形式ではありません');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && url.hostname === 'localhost')) {
    return wrong(
      'does not begin with https:// (http:// only for localhost)',
      'https:// で始まっていません(http:// は localhost のみ)',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('contains a user name or a password', 'ユーザー名またはパスワードが含まれています');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return wrong('goes on after the host name', 'ホスト名の後に余分な文字があります');
  }
  return [];
}

function authProblems(settings: Settings): readonly SettingProblem[] {
  const tokens = listOf(settings.KINTONE_API_TOKENS);
  if (tokens.length > MOST_TOKENS) return [{ key: 'KINTONE_API_TOKENS', ...authWords.tooMany }];
  if (tokens.some((token) => !/^[\x21-\x7e]+$/.test(token))) return [{ key: 'KINTONE_API_TOKENS', ...authWords.strange }];
  if (tokens.length > 0) return [];
  if (!settings.KINTONE_USERNAME) return [{ key: 'KINTONE_API_TOKENS', ...authWords.nothing }];
  return settings.KINTONE_PASSWORD ? [] : [{ key: 'KINTONE_PASSWORD', ...authWords.noPassword }];
}

const authWords = {
  tooMany: {
    problem: { en: `holds more than ${MOST_TOKENS} API tokens`, ja: `API トークンが ${MOST_TOKENS} 個を超えています` },
    remedy: {
      en: 'Leave out those of apps that no mapping names.',
      ja: 'マッピングで使わないアプリのトークンを除いてください。',
    },
  },
  strange: {
    problem: { en: 'holds a character that no token has', ja: 'API トークンにない文字が含まれています' },
    remedy: { en: 'Copy the tokens again, separated by commas.', ja: 'トークンをカンマ区切りでコピーし直してください。' },
  },
  nothing: {
    problem: { en: 'there are neither API tokens nor a user', ja: 'API トークンもログイン名も設定されていません' },
    remedy: {
      en: 'Generate an API token in each app (App settings → API token) and list them here.',
      ja: '各アプリで API トークンを生成し(アプリの設定 → API トークン)、ここに並べてください。',
    },
  },
  noPassword: {
    problem: { en: 'is missing for KINTONE_USERNAME', ja: 'KINTONE_USERNAME のパスワードが設定されていません' },
    remedy: { en: 'Set it, or better: use API tokens.', ja: '設定するか、できれば API トークンを使ってください。' },
  },
} as const satisfies Readonly<Record<string, Omit<SettingProblem, 'key'>>>;

function appProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_APPS';
  const entries = listOf(settings[key]).map(nameAndId);
  const remedy = {
    en: 'Write it as customers=1,calls=2; an app’s id is the number in its address, /k/<id>/.',
    ja: 'customers=1,calls=2 の形式で指定してください。アプリ ID はアプリの URL の /k/<ID>/ の数字です。',
  };
  const wrong = entries.filter(([name, id]) => name === '' || !/^[1-9]\d{0,14}$/.test(id));
  const names = entries.map(([name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const notBoth = (entry: string): InBothLanguages => ({
    en: `"${entry}" is not a name and an app id`,
    ja: `"${entry}" はアプリ名とアプリ ID の組ではありません`,
  });
  const forTwo = (name: string): InBothLanguages => ({
    en: `the name "${name}" stands for two apps`,
    ja: `"${name}" が 2 つのアプリに使われています`,
  });
  return [
    ...wrong.map(([name, id]) => ({ key, problem: notBoth(`${name}=${id}`), remedy })),
    ...twice.map((name) => ({ key, problem: forTwo(name), remedy })),
  ];
}

function timeoutProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_TIMEOUT_SECONDS';
  const seconds = Number(settings[key] || DEFAULT_TIMEOUT_SECONDS);
  if (seconds >= 1 && seconds <= 120) return [];
  const problem = { en: 'is no number of seconds from 1 to 120', ja: '1〜120 の秒数ではありません' };
  return [{ key, problem, remedy: leaveOut(DEFAULT_TIMEOUT_SECONDS) }];
}

function dailyProblems(settings: Settings): readonly SettingProblem[] {
  const key = 'KINTONE_DAILY_REQUESTS';
  if (/^[1-9]\d{1,7}$/.test(settings[key] || String(DEFAULT_DAILY_REQUESTS))) return [];
  const problem = { en: 'is no whole number of at least 10', ja: '10 以上の整数ではありません' };
  return [{ key, problem, remedy: leaveOut(DEFAULT_DAILY_REQUESTS) }];
}

function leaveOut(fallback: number): InBothLanguages {
  return { en: `Leave it out for ${fallback}.`, ja: `指定しなければ ${fallback} になります。` };
}

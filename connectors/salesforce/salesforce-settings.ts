import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectorSetting, InBothLanguages, SettingProblem } from '../connector.ts';
import type { SessionSettings } from './salesforce-session.ts';
import type { Credentials } from './sign-in.ts';

export type RawSettings = Readonly<Record<string, string>>;

const DEFAULT_VERSION = '67.0';
const OLDEST_VERSION = 46;
const missing: InBothLanguages = { en: 'is missing', ja: '設定されていません' };

export const salesforceSettings: readonly ConnectorSetting[] = [
  {
    key: 'SALESFORCE_LOGIN_URL',
    kind: 'url',
    secret: false,
    required: true,
    description: {
      en: "Your org's My Domain, for example https://example.my.salesforce.com",
      ja: '組織の「私のドメイン」。例: https://example.my.salesforce.com',
    },
  },
  {
    key: 'SALESFORCE_CLIENT_ID',
    kind: 'text',
    secret: false,
    required: true,
    description: { en: 'Consumer key of the External Client App', ja: '外部クライアントアプリケーションのコンシューマ鍵' },
  },
  {
    key: 'SALESFORCE_CLIENT_SECRET',
    kind: 'text',
    secret: true,
    required: false,
    description: {
      en: 'Consumer secret, for the client credentials flow; leave out when a private key is used',
      ja: 'クライアントログイン情報フローで使うコンシューマの秘密。秘密鍵を使うときは不要',
    },
  },
  {
    key: 'SALESFORCE_USERNAME',
    kind: 'text',
    secret: false,
    required: false,
    description: { en: 'The user as whom the JWT bearer flow signs in', ja: 'JWT ベアラーフローでログインするユーザー名' },
  },
  {
    key: 'SALESFORCE_PRIVATE_KEY_FILE',
    kind: 'file',
    secret: false,
    required: false,
    description: {
      en: 'PEM file of the private key whose certificate the External Client App holds (JWT bearer flow)',
      ja: '外部クライアントアプリケーションに登録した証明書の秘密鍵 (PEM ファイル、JWT ベアラーフロー)',
    },
  },
  {
    key: 'SALESFORCE_PRIVATE_KEY',
    kind: 'text',
    secret: true,
    required: false,
    description: {
      en: 'The private key itself instead of a file; line breaks may be written \\n',
      ja: 'ファイルの代わりに秘密鍵そのもの。改行は \\n と書ける',
    },
  },
  {
    key: 'SALESFORCE_API_VERSION',
    kind: 'text',
    secret: false,
    required: false,
    default: DEFAULT_VERSION,
    description: { en: 'Version of the REST API', ja: 'REST API のバージョン' },
  },
];

/** Every problem at once; empty when all is well. Reads the key file. */
export function findProblems(settings: RawSettings): readonly SettingProblem[] {
  return [
    ...loginUrlProblems(settings),
    ...clientProblems(settings),
    ...credentialProblems(settings),
    ...versionProblems(settings),
  ];
}

function loginUrlProblems(settings: RawSettings): readonly SettingProblem[] {
  const key = 'SALESFORCE_LOGIN_URL';
  const remedy = {
    en: 'Set it to your My Domain, for example https://example.my.salesforce.com.',
    ja: '組織の「私のドメイン」を指定してください。例: https://example.my.salesforce.com',
  };
  const text = settings[key];
  if (text === undefined) return [{ key, problem: missing, remedy }];
  if (!URL.canParse(text)) return [{ key, problem: { en: 'is no address', ja: 'URL の形式ではありません' }, remedy }];
  const url = new URL(text);
  if (url.hostname.endsWith('.lightning.force.com')) {
    const problem = {
      en: 'is the address of the Lightning pages, which serve no API',
      ja: 'Lightning 画面のアドレスです。API には使えません',
    };
    return [{ key, problem, remedy }];
  }
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return [];
  return [{ key, problem: { en: 'does not begin with https://', ja: 'https:// で始まっていません' }, remedy }];
}

function clientProblems(settings: RawSettings): readonly SettingProblem[] {
  const key = 'SALESFORCE_CLIENT_ID';
  if ((settings[key] ?? '').trim() !== '') return [];
  const remedy = {
    en: 'Copy the consumer key from the External Client App.',
    ja: '外部クライアントアプリケーションのコンシューマ鍵を指定してください。',
  };
  return [{ key, problem: missing, remedy }];
}

function credentialProblems(settings: RawSettings): readonly SettingProblem[] {
  const hasKey = settings.SALESFORCE_PRIVATE_KEY !== undefined || settings.SALESFORCE_PRIVATE_KEY_FILE !== undefined;
  if (!hasKey) {
    if ((settings.SALESFORCE_CLIENT_SECRET ?? '') !== '') return [];
    const problem = {
      en: 'neither a private key nor a client secret is set',
      ja: '秘密鍵もコンシューマの秘密も設定されていません',
    };
    const remedy = {
      en: 'Set SALESFORCE_PRIVATE_KEY_FILE and SALESFORCE_USERNAME, or SALESFORCE_CLIENT_SECRET.',
      ja: 'SALESFORCE_PRIVATE_KEY_FILE と SALESFORCE_USERNAME、または SALESFORCE_CLIENT_SECRET を設定してください。',
    };
    return [{ key: 'SALESFORCE_PRIVATE_KEY_FILE', problem, remedy }];
  }
  const problems: SettingProblem[] = [];
  if ((settings.SALESFORCE_USERNAME ?? '') === '') {
    problems.push({
      key: 'SALESFORCE_USERNAME',
      problem: {
        en: 'is missing; the JWT bearer flow signs in as a user',
        ja: '設定されていません。JWT ベアラーフローではユーザーとしてログインします',
      },
      remedy: {
        en: 'Set it to the name of the user the hub works as.',
        ja: '取次が使う Salesforce ユーザーのユーザー名を指定してください。',
      },
    });
  }
  const key = readKey(settings);
  if ('en' in key) {
    const name = settings.SALESFORCE_PRIVATE_KEY === undefined ? 'SALESFORCE_PRIVATE_KEY_FILE' : 'SALESFORCE_PRIVATE_KEY';
    problems.push({
      key: name,
      problem: key,
      remedy: {
        en: 'Give an RSA private key without passphrase in PEM form.',
        ja: 'パスフレーズのない RSA 秘密鍵を PEM 形式で指定してください。',
      },
    });
  }
  return problems;
}

function versionProblems(settings: RawSettings): readonly SettingProblem[] {
  const version = settings.SALESFORCE_API_VERSION ?? DEFAULT_VERSION;
  if (/^\d{2,3}\.0$/.test(version) && Number(version) >= OLDEST_VERSION) return [];
  const problem = {
    en: `is no version from ${OLDEST_VERSION}.0 on`,
    ja: `${OLDEST_VERSION}.0 以降のバージョンではありません`,
  };
  const remedy = {
    en: `Leave it out, or set it to ${DEFAULT_VERSION}.`,
    ja: `指定をやめるか、${DEFAULT_VERSION} としてください。`,
  };
  return [{ key: 'SALESFORCE_API_VERSION', problem, remedy }];
}

/** The key, or what is wrong with it. */
function readKey(settings: RawSettings): KeyObject | InBothLanguages {
  let pem = settings.SALESFORCE_PRIVATE_KEY?.replaceAll('\\n', '\n');
  if (pem === undefined) {
    try {
      pem = readFileSync(settings.SALESFORCE_PRIVATE_KEY_FILE ?? '', 'utf8');
    } catch {
      return { en: 'the file cannot be read', ja: 'ファイルを読めません' };
    }
  }
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : { en: 'holds a key that is not RSA', ja: 'RSA の鍵ではありません' };
  } catch {
    return { en: 'holds no private key that can be read', ja: '読み取れる秘密鍵が含まれていません' };
  }
}

/** The typed settings. @throws Error when `findProblems` was not heeded */
export function readSettings(settings: RawSettings): SessionSettings {
  const [problem] = findProblems(settings);
  if (problem !== undefined) throw new Error(`${problem.key} ${problem.problem.en}. ${problem.remedy.en}`);
  const loginUrl = new URL(settings.SALESFORCE_LOGIN_URL ?? '').origin;
  return { loginUrl, credentials: readCredentials(settings), version: settings.SALESFORCE_API_VERSION ?? DEFAULT_VERSION };
}

/** A private key counts before a client secret. */
function readCredentials(settings: RawSettings): Credentials {
  const clientId = (settings.SALESFORCE_CLIENT_ID ?? '').trim();
  if (settings.SALESFORCE_PRIVATE_KEY === undefined && settings.SALESFORCE_PRIVATE_KEY_FILE === undefined) {
    return { flow: 'clientCredentials', clientId, clientSecret: settings.SALESFORCE_CLIENT_SECRET ?? '' };
  }
  const privateKey = readKey(settings);
  if ('en' in privateKey) throw new Error(`The private key ${privateKey.en}.`);
  return { flow: 'jwt', clientId, username: settings.SALESFORCE_USERNAME ?? '', privateKey };
}

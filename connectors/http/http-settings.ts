/** What the connector has to be told besides the description, and everything that can be wrong with both. */
import { readFileSync } from 'node:fs';
import type { ConnectorSetting, SettingProblem } from '../connector.ts';
import { shownProblem } from './description-problem.ts';
import { type ReadService, readService } from './read-service.ts';
import { CREDENTIAL_SETTINGS, type CredentialSetting, type Service, type SignInShape } from './service-shape.ts';
import type { SettingNames } from './setting-names.ts';

function text(key: string, en: string, ja: string, over: Partial<ConnectorSetting> = {}): ConnectorSetting {
  return { key, kind: 'text', secret: false, required: false, description: { en, ja }, ...over };
}

/** Not among those of one service. */
export const SERVICES_SETTING = text(
  'HTTP_SERVICES',
  'Names of further described services, separated by commas: orders has the mapping mappings/orders.yaml and settings with its name in front, ORDERS_HTTP_TOKEN',
  '2つ目以降の REST サービスの名前(カンマ区切り)。orders ならマッピングは mappings/orders.yaml、設定は名前を前に付けて ORDERS_HTTP_TOKEN のように書きます',
);

/** Of one service, as an admin writes them. */
export function httpSettings(names: SettingNames): readonly ConnectorSetting[] {
  return [serviceFile(names.service), ...PLAIN_SETTINGS].map((setting) => ({ ...setting, key: names.of(setting.key) }));
}

function serviceFile(service: string): ConnectorSetting {
  const en = 'Mapping file whose part "service" describes the REST service';
  const ja = 'REST サービスを service に記述したマッピングファイル';
  return text('HTTP_SERVICE_FILE', en, ja, { kind: 'file', default: defaultFile(service) });
}

function defaultFile(service: string): string {
  return `mappings/${service}.yaml`;
}

const PLAIN_SETTINGS: readonly ConnectorSetting[] = [
  text(
    'HTTP_BASE_URL',
    'Address of the service; stands before the one in the file',
    'サービスのアドレス。ファイル内の指定より優先します',
    { kind: 'url' },
  ),
  text('HTTP_TOKEN', 'Bearer token, where the description signs in with one', 'ベアラートークン (記述がそれを使う場合)', {
    secret: true,
  }),
  text('HTTP_API_KEY', 'API key, where the description sends one in a header', 'API キー (記述がヘッダーで送る場合)', {
    secret: true,
  }),
  text('HTTP_USERNAME', 'User name, for Basic sign-in', 'ユーザー名 (Basic 認証の場合)'),
  text('HTTP_PASSWORD', 'Password, for Basic sign-in', 'パスワード (Basic 認証の場合)', { secret: true }),
  text(
    'HTTP_CLIENT_ID',
    'Client id, for OAuth 2.0 client credentials',
    'クライアント ID (OAuth 2.0 クライアントクレデンシャルの場合)',
  ),
  text('HTTP_CLIENT_SECRET', 'Client secret, for OAuth 2.0 client credentials', 'クライアントシークレット (同上)', {
    secret: true,
  }),
  text(
    'HTTP_ALLOW_PRIVATE',
    'on: the service may stand in our own network (private and loopback addresses), also without https',
    'on にすると社内ネットワーク (プライベート・ループバックアドレス) のサービスを許可します。https でなくても構いません',
    { kind: 'choice', choices: ['off', 'on'], default: 'off' },
  ),
  text('HTTP_CA_FILE', 'PEM file of a certificate authority of our own', '自社の認証局の証明書 (PEM ファイル)', { kind: 'file' }),
];

export interface HttpConfig {
  readonly service: Service;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly credentials: Readonly<Partial<Record<CredentialSetting, string>>>;
  readonly allowsPrivate: boolean;
  /** PEM; null: only the authorities everybody knows. */
  readonly ca: string | null;
  readonly names: SettingNames;
}

type Settings = Readonly<Record<string, string>>;

/** Every problem at once. Reads the description and the certificate. */
export function settingProblems(given: Settings, names: SettingNames): readonly SettingProblem[] {
  return plainProblems(names.plain(given), names.service).map(({ key, problem, remedy }) => ({
    key: names.of(key),
    problem: names.inBoth(problem),
    remedy: names.inBoth(remedy),
  }));
}

function plainProblems(settings: Settings, name: string): readonly SettingProblem[] {
  const read = readDescription(settings, name);
  const key = 'HTTP_SERVICE_FILE';
  const described =
    read === null ? [unreadable(key)] : read.problems.map((one) => ({ key, problem: shownProblem(one), remedy: one.remedy }));
  const service = read?.service ?? null;
  return [
    ...described,
    ...ownerProblems(read?.connector ?? null, name),
    ...urlProblems(settings, service),
    ...(service === null ? [] : credentialProblems(settings, service.signIn)),
    ...(settings.HTTP_CA_FILE !== undefined && readText(settings.HTTP_CA_FILE) === null ? [unreadable('HTTP_CA_FILE')] : []),
  ];
}

/** @throws Error when `settingProblems` was not heeded */
export function readConfig(given: Settings, names: SettingNames): HttpConfig {
  const [problem] = settingProblems(given, names);
  const settings = names.plain(given);
  const service = readDescription(settings, names.service)?.service ?? null;
  if (problem !== undefined || service === null)
    throw new Error(`${problem?.key}: ${problem?.problem.en}. ${problem?.remedy.en}`);
  const credentials = CREDENTIAL_SETTINGS.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]] as const]));
  return {
    ...{ service, names },
    baseUrl: (settings.HTTP_BASE_URL ?? service.baseUrl ?? '').trim().replace(/\/+$/u, ''),
    credentials: Object.fromEntries(credentials),
    allowsPrivate: settings.HTTP_ALLOW_PRIVATE === 'on',
    ca: settings.HTTP_CA_FILE === undefined ? null : readText(settings.HTTP_CA_FILE),
  };
}

function readDescription(settings: Settings, name: string): ReadService | null {
  const content = readText(settings.HTTP_SERVICE_FILE ?? defaultFile(name));
  return content === null ? null : readService(content);
}

/** A copied file whose first line was forgotten: calls would be written by one service's rules into another. */
function ownerProblems(connector: string | null, name: string): readonly SettingProblem[] {
  if (connector === null || connector === name) return [];
  const other = connector.slice(0, 40);
  const problem = {
    en: `the file is the mapping of "${other}", not of "${name}"`,
    ja: `「${name}」ではなく「${other}」のマッピングファイルです`,
  };
  const remedy = {
    en: `Write "connector: ${name}" into it, or name another file.`,
    ja: `ファイルに「connector: ${name}」と書くか、別のファイルを指定してください。`,
  };
  return [{ key: 'HTTP_SERVICE_FILE', problem, remedy }];
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function unreadable(key: string): SettingProblem {
  return {
    key,
    problem: { en: 'the file cannot be read', ja: 'ファイルを読めません' },
    remedy: { en: 'Check its name and its owner.', ja: 'ファイル名と所有者を確認してください。' },
  };
}

function urlProblems(settings: Settings, service: Service | null): readonly SettingProblem[] {
  const given = settings.HTTP_BASE_URL ?? service?.baseUrl;
  const key = settings.HTTP_BASE_URL === undefined && service?.baseUrl !== undefined ? 'HTTP_SERVICE_FILE' : 'HTTP_BASE_URL';
  const remedy = {
    en: 'Write the address before every path, for example https://crm.example.jp/api/v1.',
    ja: 'すべてのパスの前に付くアドレスを指定してください。例: https://crm.example.jp/api/v1',
  };
  const wrong = (en: string, ja: string) => [{ key, problem: { en, ja }, remedy }];
  if (given === undefined) return service === null ? [] : wrong('the service has no address', 'サービスのアドレスがありません');
  if (!URL.canParse(given)) return wrong('the service’s address is none', 'サービスのアドレスが URL の形式ではありません');
  const url = new URL(given);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return wrong(
      'the service’s address must hold neither a user name nor a password, "?" or "#"',
      'サービスのアドレスにユーザー名・パスワード・「?」・「#」は使えません',
    );
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && settings.HTTP_ALLOW_PRIVATE === 'on')) return [];
  const problem = {
    en: 'the service’s address does not begin with https://',
    ja: 'サービスのアドレスが https:// で始まっていません',
  };
  const alone = {
    en: 'Use https. Plain http is only for services in our own network: HTTP_ALLOW_PRIVATE=on.',
    ja: 'https を使ってください。http は社内ネットワークのサービスにだけ使えます(HTTP_ALLOW_PRIVATE=on)。',
  };
  return [{ key, problem, remedy: alone }];
}

/** Settings the chosen way to sign in needs. */
export function neededCredentials(signIn: SignInShape): readonly CredentialSetting[] {
  const { bearer, header, basic, oauth2 } = signIn;
  if (bearer !== undefined) return [bearer.token];
  if (header !== undefined) return [header.value];
  if (basic !== undefined) return [basic.username, basic.password];
  return oauth2 === undefined ? [] : [oauth2.clientId, oauth2.clientSecret];
}

function credentialProblems(settings: Settings, signIn: SignInShape): readonly SettingProblem[] {
  return neededCredentials(signIn).flatMap((key): readonly SettingProblem[] => {
    const value = settings[key] ?? '';
    if (value === '') return [{ key, ...credentialWords.missing }];
    if (/^[\x20-\x7e]+$/u.test(value) || signIn.basic !== undefined) return [];
    return [{ key, ...credentialWords.strange }];
  });
}

const credentialWords = {
  missing: {
    problem: { en: 'is missing: the description signs in with it', ja: '設定されていません。記述の signIn で使われています' },
    remedy: { en: 'Set it, or correct service.signIn.', ja: '設定するか、service.signIn を直してください。' },
  },
  strange: {
    problem: { en: 'holds a character that no header can carry', ja: 'ヘッダーに使えない文字が含まれています' },
    remedy: { en: 'Copy it again.', ja: 'コピーし直してください。' },
  },
} as const satisfies Readonly<Record<string, Omit<SettingProblem, 'key'>>>;

import { type Setting, textSetting as text } from './setting.ts';

/** The hub's own settings; what concerns one PBX is in `pbx-settings.ts`, the connectors declare theirs in `connectors/`. */
export const hubSettings = [
  text('TORITSUGI_DATA_DIR', 'Folder for the embedded database.', '組み込みデータベースを置くフォルダー', '.toritsugi/data'),
  {
    ...text(
      'DATABASE_URL',
      'postgres://… to use PostgreSQL; empty: SQLite in TORITSUGI_DATA_DIR.',
      'PostgreSQL を使う場合の接続先。空なら SQLite',
    ),
    kind: 'url',
    secret: true,
  },
  {
    ...text(
      'REDIS_URL',
      'redis://… to run jobs on Redis; empty: in this process.',
      'ジョブを Redis で動かす場合の接続先。空ならプロセス内',
    ),
    kind: 'url',
    secret: true,
  },
  text(
    'HTTP_HOST',
    'Address the web server listens on; 0.0.0.0 for the whole office.',
    'Web サーバーの待受アドレス。社内に公開するなら 0.0.0.0',
    '127.0.0.1',
  ),
  { ...text('HTTP_PORT', 'Port of the web server.', 'Web サーバーのポート', '8400'), kind: 'number', max: 65535 },
  text(
    'PUBLIC_ORIGIN',
    'Address in the operators’ browsers when a proxy stands before us, e.g. https://toritsugi.example.co.jp.',
    'プロキシ経由で公開する場合の URL',
  ),
  {
    ...text(
      'SESSION_SECRET',
      'At least 32 random characters that sign the operators’ sessions; the same in every process of the hub. Empty: made at the first start and kept in TORITSUGI_DATA_DIR.',
      'オペレーターのセッションに署名する 32 文字以上の乱数。複数プロセスでは同じ値にする。空なら初回起動時に作成し TORITSUGI_DATA_DIR に保存',
    ),
    secret: true,
  },
  text(
    'PBXS',
    'Names of the PBXs, separated by commas. A name is part of every call’s id, so do not change it later.',
    'PBX の名前(カンマ区切り)。通話 ID に含まれるため後から変えない',
    'main',
  ),
  text('PHONE_REGION', 'Country of numbers written without a country code.', '国番号のない番号の国', 'JP'),
  text('TIME_ZONE', 'Time zone of the call centre.', 'コールセンターのタイムゾーン', 'Asia/Tokyo'),
  {
    ...text('LANGUAGE', 'Language of what is written into the CRMs.', 'CRM に書き込む言語', 'ja'),
    kind: 'choice',
    choices: ['ja', 'en'],
  },
  {
    ...text(
      'AGENTS',
      'Extensions with names, e.g. 1001=佐藤 一郎,1002=鈴木 花子.',
      '内線番号と氏名。例: 1001=佐藤 一郎,1002=鈴木 花子',
      '',
    ),
    kind: 'list',
  },
  {
    ...text(
      'AGENT_USERS',
      'The agents’ users in the CRMs, so that call logs belong to them, e.g. salesforce:1001=005xx0000012345AAA,kintone:1001=sato.',
      'オペレーターの CRM ユーザー(通話履歴の担当者になる)。例: salesforce:1001=005xx0000012345AAA,kintone:1001=sato',
      '',
    ),
    kind: 'list',
  },
  text('MAPPINGS_DIR', 'Folder of the mapping files.', 'マッピングファイルのフォルダー', 'mappings'),
  {
    ...text(
      'DIRECTORY_SYNC_SECONDS',
      'How often changes of customers are read from the CRMs.',
      '顧客の変更を CRM から読み込む間隔 (秒)',
      '60',
    ),
    kind: 'number',
    min: 10,
    max: 86400,
  },
  {
    ...text('LOG_LEVEL', 'How much is logged.', 'ログの詳しさ', 'info'),
    kind: 'choice',
    choices: ['error', 'warn', 'info', 'debug'],
  },
] as const satisfies readonly Setting[];

type HubSettingKey = (typeof hubSettings)[number]['key'];
/** Those with neither a default nor a must. */
type OptionalKey = 'DATABASE_URL' | 'REDIS_URL' | 'PUBLIC_ORIGIN' | 'SESSION_SECRET';

export type HubSettingValues = Readonly<
  Record<Exclude<HubSettingKey, OptionalKey>, string> & Partial<Record<OptionalKey, string>>
>;

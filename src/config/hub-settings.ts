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
  {
    ...text(
      'WEBHOOK_SECRET',
      'At least 24 random characters at the end of the address where a CRM tells what changed: /api/v1/webhooks/kintone/<secret>. Empty: there is no such address, and changes are read by turns.',
      'CRM の変更通知 (Webhook) を受ける URL /api/v1/webhooks/kintone/<この値> の末尾に付ける 24 文字以上の乱数。空なら受け付けず、定期的に読み取る',
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
      'SUPERVISORS',
      'Extensions whose agents may listen in and act on every call, e.g. 1010,1020.',
      'モニタリングや全通話の操作ができる内線番号。例: 1010,1020',
      '',
    ),
    kind: 'list',
  },
  {
    ...text(
      'LIST_CALLER_IDS',
      'Numbers customers see when they are called for a lead list, e.g. spring=0312345678,autumn=0398765432.',
      'リストごとの発信者番号。例: spring=0312345678,autumn=0398765432',
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
    ...text(
      'ROUTING_TOKEN',
      'With it dialplans may ask over HTTP who is calling (CURL()), and by FastAGI from another machine; at least 24 characters.',
      'ダイヤルプランが HTTP(CURL())や別のマシンの FastAGI から発信者を問い合わせるためのトークン(24 文字以上)',
    ),
    secret: true,
  },
  {
    ...text(
      'ROUTING_AGI_PORT',
      'Port on which FastAGI answers the dialplan (usually 4573); empty: none.',
      'FastAGI で応答するポート(通常 4573)。空なら使わない',
    ),
    kind: 'number',
    min: 1,
    max: 65535,
  },
  text('ROUTING_AGI_HOST', 'Address on which it does.', 'FastAGI の待受アドレス', '127.0.0.1'),
  text(
    'ROUTING_STASIS_APP',
    'Name of the ARI application by which the dialplan asks, e.g. toritsugi-routing; another one for every hub. Empty: none.',
    'ダイヤルプランから問い合わせる ARI アプリケーション名(例: toritsugi-routing)。ハブごとに別の名前にする。空なら使わない',
  ),
  {
    ...text(
      'ROUTING_TIME_LIMIT_MS',
      'How long a dialplan waits for its answer at most; what is late is left out.',
      'ダイヤルプランへの応答時間の上限(ミリ秒)。間に合わない情報は省く',
      '800',
    ),
    kind: 'number',
    min: 100,
    max: 2000,
  },
  {
    ...text(
      'ROUTING_REMEMBER_DAYS',
      'How long the dialplan is told who spoke with a caller last, in days.',
      '前回の担当者を案内する期間(日)',
      '30',
    ),
    kind: 'number',
    min: 1,
    max: 3650,
  },
  {
    ...text(
      'ROUTING_BLOCK_WITHHELD',
      'Whether callers who withhold their number count as blocked.',
      '非通知の着信を拒否扱いにする',
      'off',
    ),
    kind: 'choice',
    choices: ['off', 'on'],
  },
  {
    ...text(
      'FILL_IN_SECONDS',
      'How often it is looked through what the PBXs wrote down (CEL_FILE and the like) for calls nobody heard.',
      '聞き逃した通話がないか PBX の記録 (CEL_FILE など) を調べる間隔 (秒)',
      '180',
    ),
    kind: 'number',
    min: 1,
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
type OptionalKey =
  | 'DATABASE_URL'
  | 'REDIS_URL'
  | 'PUBLIC_ORIGIN'
  | 'SESSION_SECRET'
  | 'WEBHOOK_SECRET'
  | 'ROUTING_TOKEN'
  | 'ROUTING_AGI_PORT'
  | 'ROUTING_STASIS_APP';

export type HubSettingValues = Readonly<
  Record<Exclude<HubSettingKey, OptionalKey>, string> & Partial<Record<OptionalKey, string>>
>;

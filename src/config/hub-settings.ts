import type { Setting } from './setting.ts';

const text = <Key extends string>(key: Key, en: string, ja: string, fallback?: string): Setting & { readonly key: Key } => ({
  key,
  kind: 'text',
  secret: false,
  required: false,
  description: { en, ja },
  ...(fallback === undefined ? {} : { default: fallback }),
});

/** The hub's own settings; the connectors declare theirs in `connectors/`. */
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
  text(
    'PBX_NAME',
    'Name of the PBX; part of every call’s id, so do not change it later.',
    'PBX の名前。通話 ID に含まれるため後から変えない',
    'main',
  ),
  text('AMI_HOST', 'Address of the Asterisk manager interface.', 'Asterisk マネージャー (AMI) のアドレス', '127.0.0.1'),
  { ...text('AMI_PORT', 'Its port (5038, with TLS usually 5039).', 'AMI のポート', '5038'), kind: 'number', min: 1, max: 65535 },
  { ...text('AMI_USER', 'User in manager.conf.', 'manager.conf のユーザー名'), required: true },
  { ...text('AMI_SECRET', 'Its secret.', 'そのパスワード'), required: true, secret: true },
  { ...text('AMI_TLS', 'TLS to the PBX.', 'PBX への TLS', 'off'), kind: 'choice', choices: ['off', 'on'] },
  { ...text('AMI_CA_FILE', 'Certificate of the PBX or of its authority (PEM).', 'PBX の証明書 (PEM)'), kind: 'file' },
  {
    ...text('AMI_CLIENT', 'Which client speaks to the PBX.', 'AMI クライアントの種類', 'own'),
    kind: 'choice',
    choices: ['own', 'asterisk-manager'],
  },
  text(
    'CEL_FILE',
    'Asterisk’s CEL file (cel_custom), from which calls are filled in that nobody heard.',
    '聞き逃した通話を補完するための Asterisk の CEL ファイル (cel_custom)',
  ),
  text(
    'CEL_COLUMNS',
    'Its columns when they are none of the samples’: the fields of cel_custom.conf, e.g. EventType,EventTime,Num,Name,Exten,Context,ChanName,AppName,AppData,UniqueID,LinkedID,Peer,EventExtra.',
    'CEL ファイルの列がサンプルと異なる場合、その並び (cel_custom.conf の fields)',
  ),
  text('CDR_FILE', 'Asterisk’s CDR file (cdr_csv with loguniqueid=yes).', 'Asterisk の CDR ファイル (cdr_csv、loguniqueid=yes)'),
  text('QUEUE_LOG_FILE', 'Asterisk’s queue_log.', 'Asterisk の queue_log'),
  {
    ...text(
      'CDR_DATABASE_URL',
      'Database with Asterisk’s tables cdr, cel and queue_log: postgres://… or mysql://… (FreePBX: asteriskcdrdb).',
      'Asterisk の cdr・cel・queue_log 表があるデータベース。postgres://… または mysql://…',
    ),
    kind: 'url',
    secret: true,
  },
  text(
    'PBX_TIME_ZONE',
    'Time zone of the PBX’s clock, in which it writes these.',
    'PBX の時計のタイムゾーン (上の記録の時刻)',
    'Asia/Tokyo',
  ),
  {
    ...text('FILL_IN_SECONDS', 'How often these are looked through.', 'それらを調べる間隔 (秒)', '180'),
    kind: 'number',
    min: 1,
    max: 86400,
  },
  {
    ...text(
      'INSIDE_PHONES',
      'Which endpoints are inside phones: a regular expression on Technology/endpoint whose first group is the extension. Empty: endpoints named by 2 to 6 digits (PJSIP/1001); all others are outside lines.',
      '内線電話とみなすエンドポイントの正規表現(最初の括弧が内線番号)。空なら 2〜6 桁の数字の名前が内線、それ以外は外線',
    ),
    kind: 'pattern',
  },
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
type OptionalKey =
  | 'DATABASE_URL'
  | 'REDIS_URL'
  | 'PUBLIC_ORIGIN'
  | 'AMI_CA_FILE'
  | 'INSIDE_PHONES'
  | 'SESSION_SECRET'
  | 'CEL_FILE'
  | 'CEL_COLUMNS'
  | 'CDR_FILE'
  | 'QUEUE_LOG_FILE'
  | 'CDR_DATABASE_URL';

export type HubSettingValues = Readonly<
  Record<Exclude<HubSettingKey, OptionalKey>, string> & Partial<Record<OptionalKey, string>>
>;

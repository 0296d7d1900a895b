import { type Setting, textSetting as text } from './setting.ts';

/**
 * What the hub must know about one PBX. With several of them, each setting may be given for one alone by its name in front
 * (`OSAKA_AMI_HOST`); without a name it holds for all.
 */
export const pbxSettings = [
  text('AMI_HOST', 'Address of the Asterisk manager interface.', 'Asterisk マネージャー (AMI) のアドレス', '127.0.0.1'),
  { ...text('AMI_PORT', 'Its port (5038, with TLS usually 5039).', 'AMI のポート', '5038'), kind: 'number', min: 1, max: 65535 },
  text(
    'AMI_USER',
    'User in manager.conf; empty: the PBX is heard over ARI alone.',
    'manager.conf のユーザー名。空なら ARI だけで受信',
  ),
  { ...text('AMI_SECRET', 'Its secret.', 'そのパスワード'), secret: true },
  { ...text('AMI_TLS', 'TLS to the PBX.', 'PBX への TLS', 'off'), kind: 'choice', choices: ['off', 'on'] },
  { ...text('AMI_CA_FILE', 'Certificate of the PBX or of its authority (PEM).', 'PBX の証明書 (PEM)'), kind: 'file' },
  {
    ...text('AMI_CLIENT', 'Which client speaks to the PBX.', 'AMI クライアントの種類', 'own'),
    kind: 'choice',
    choices: ['own', 'asterisk-manager'],
  },
  {
    ...text(
      'ARI_URL',
      'Address of the Asterisk REST interface, e.g. http://127.0.0.1:8088; https with TLS.',
      'Asterisk REST インターフェース (ARI) の URL。例: http://127.0.0.1:8088',
    ),
    kind: 'url',
  },
  text('ARI_USER', 'User in ari.conf; empty: ARI is not used.', 'ari.conf のユーザー名。空なら ARI を使わない'),
  { ...text('ARI_PASSWORD', 'Its password.', 'そのパスワード'), secret: true },
  text(
    'ARI_APP',
    'Our application’s name; another hub on the same PBX needs another one.',
    'ARI アプリケーション名。同じ PBX に複数のハブを繋ぐ場合は別名にする',
    'toritsugi',
  ),
  { ...text('ARI_CA_FILE', 'Certificate of the PBX or of its authority (PEM).', 'PBX の証明書 (PEM)'), kind: 'file' },
  {
    ...text('ARI_CLIENT', 'Which client speaks to the PBX.', 'ARI クライアントの種類', 'own'),
    kind: 'choice',
    choices: ['own', 'ari-client'],
  },
  {
    ...text(
      'INSIDE_PHONES',
      'Which endpoints are inside phones: a regular expression on Technology/endpoint whose first group is the extension. Empty: endpoints named by 2 to 6 digits (PJSIP/1001); all others are outside lines.',
      '内線電話とみなすエンドポイントの正規表現(最初の括弧が内線番号)。空なら 2〜6 桁の数字の名前が内線、それ以外は外線',
    ),
    kind: 'pattern',
  },
  text(
    'OUTSIDE_PREFIX',
    'Digits that agents dial before an outside number, e.g. 0 or 9; they are no part of it.',
    '外線発信時に付ける番号 (0 発信の 0 など)。番号の一部とはみなさない',
  ),
  {
    ...text(
      'INSIDE_NUMBERS',
      'Numbers dialled inside: extensions and ranges, e.g. 1000-1999,600,700-710. Empty: up to six digits.',
      '社内の番号(内線・範囲)。例: 1000-1999,600,700-710。空なら 6 桁以下',
    ),
    kind: 'list',
  },
  text(
    'RECORDINGS_DIR',
    'Folder in which the PBX keeps its recordings, as seen from this machine.',
    'PBX の録音フォルダー(このマシンから見たパス)',
  ),
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
    'PHONE_DEVICE',
    'How the PBX calls the phone of an extension, e.g. PJSIP/{extension} or SIP/{extension}.',
    '内線の電話機を PBX が呼ぶときの名前。例: PJSIP/{extension}',
    'PJSIP/{extension}',
  ),
  {
    ...text(
      'RING_SECONDS',
      'How long the own phone rings when somebody calls by clicking.',
      'クリック発信で自分の電話機を鳴らす時間 (秒)',
      '25',
    ),
    kind: 'number',
    min: 5,
    max: 120,
  },
  text(
    'CALLER_ID',
    'Number that customers see when somebody calls by clicking; empty: what the PBX shows.',
    'クリック発信でお客様に表示する番号。空なら PBX の設定どおり',
  ),
  {
    ...text(
      'DIAL_ALLOWED',
      'Kinds of numbers that may be called by clicking all the same: international, premium, emergency.',
      'クリック発信を許可する番号の種類: international(国際), premium(有料情報サービス), emergency(緊急通報)',
      '',
    ),
    kind: 'list',
  },
  text('PBX_TIME_ZONE', 'Time zone of the PBX’s own clock; empty: TIME_ZONE.', 'PBX の時計のタイムゾーン。空なら TIME_ZONE'),
] as const satisfies readonly Setting[];

type PbxSettingKey = (typeof pbxSettings)[number]['key'];
/** Those without a default. */
type OptionalKey =
  | 'AMI_USER'
  | 'AMI_SECRET'
  | 'AMI_CA_FILE'
  | 'ARI_URL'
  | 'ARI_USER'
  | 'ARI_PASSWORD'
  | 'ARI_CA_FILE'
  | 'INSIDE_PHONES'
  | 'OUTSIDE_PREFIX'
  | 'INSIDE_NUMBERS'
  | 'CALLER_ID'
  | 'RECORDINGS_DIR'
  | 'CEL_FILE'
  | 'CEL_COLUMNS'
  | 'CDR_FILE'
  | 'QUEUE_LOG_FILE'
  | 'CDR_DATABASE_URL'
  | 'PBX_TIME_ZONE';

export type PbxSettingValues = Readonly<
  Record<Exclude<PbxSettingKey, OptionalKey>, string> & Partial<Record<OptionalKey, string>>
>;

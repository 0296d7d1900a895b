/** A refusal as the real service words it: HTTP status, code, message in the caller's language, errors by path. */

import type { FieldKind } from './app-definition.ts';

export type Language = 'ja' | 'en';

/** A text in both languages; `ja` is what the service says unless Accept-Language asks for English. */
export interface Wording {
  readonly ja: string;
  readonly en: string;
}

export interface FailureBody {
  readonly code: string;
  readonly id: string;
  readonly message: string;
  readonly errors?: Readonly<Record<string, { readonly messages: readonly string[] }>>;
}

export class KintoneFailure extends Error {
  override readonly name = 'KintoneFailure';
  readonly status: number;
  readonly code: string;
  readonly wording: Wording;
  /** What is wrong, by the path of the argument: `records[3].tel.value`. */
  readonly errors: Readonly<Record<string, readonly Wording[]>> | null;

  constructor(status: number, code: string, wording: Wording, errors: KintoneFailure['errors'] = null) {
    super(`${status} ${code}: ${wording.en}`);
    this.status = status;
    this.code = code;
    this.wording = wording;
    this.errors = errors;
  }
}

export function failureBody(failure: KintoneFailure, id: string, language: Language): FailureBody {
  const body = { code: failure.code, id, message: failure.wording[language] };
  if (failure.errors === null) return body;
  const errors = Object.entries(failure.errors).map(([path, wordings]) => [
    path,
    { messages: wordings.map((wording) => wording[language]) },
  ]);
  return { ...body, errors: Object.fromEntries(errors) };
}

const INVALID: Wording = { ja: '入力内容が正しくありません。', en: 'Missing or invalid input.' };

/** Validation of arguments and of field values. */
export function invalid(errors: Readonly<Record<string, readonly Wording[]>>): KintoneFailure {
  return new KintoneFailure(400, 'CB_VA01', INVALID, errors);
}

export const REQUIRED: Wording = { ja: '必須です。', en: 'Required field.' };
/** For the field of a record; arguments are worded differently in English. */
export const REQUIRED_VALUE: Wording = { ja: '必須です。', en: 'Required.' };
export const DUPLICATE: Wording = {
  ja: '値がほかのレコードと重複しています。',
  en: 'This value already exists in another record.',
};
export const NO_NUMBER: Wording = { ja: '数字でなければなりません。', en: 'Only numbers are allowed.' };
export const SYNTAX: Wording = { ja: 'クエリ記法が間違っています。', en: 'The query syntax is wrong.' };

export function tooMany(path: string, most: number): KintoneFailure {
  return invalid({ [path]: [{ ja: `最大で${most}までです。`, en: `The maximum is ${most}.` }] });
}

export const failures = {
  malformed: () => new KintoneFailure(400, 'CB_IL02', { ja: '不正なリクエストです。', en: 'Illegal request.' }),
  pleaseLogIn: () => new KintoneFailure(401, 'CB_AU01', { ja: 'ログインしてください。', en: 'Please login.' }),
  wrongPassword: () =>
    new KintoneFailure(401, 'CB_WA01', {
      ja: 'パスワード認証に失敗しました。「X-Cybozu-Authorization」の値が正しくない可能性があります。',
      en: 'Password authentication failed. The value of "X-Cybozu-Authorization" may be incorrect.',
    }),
  foreignToken: () =>
    new KintoneFailure(400, 'GAIA_IA02', {
      ja: '指定したAPIトークンは、アプリで生成されたトークンと異なります。アプリのAPIトークンの設定を確認してください。',
      en: 'The specified API token does not match the API token generated via an app.',
    }),
  tokenMayNot: () =>
    new KintoneFailure(403, 'GAIA_NO01', {
      ja: 'このAPIトークンでは、指定したAPIを実行できません。',
      en: 'Using this API token, you cannot run the specified API.',
    }),
  noPermission: () => new KintoneFailure(403, 'CB_NO02', { ja: '権限がありません。', en: 'No privilege to proceed.' }),
  noSuchApp: (id: string) =>
    new KintoneFailure(404, 'GAIA_AP01', {
      ja: `指定したアプリ（id: ${id}）が見つかりません。削除されている可能性があります。`,
      en: `The app (ID: ${id}) not found. The app may have been deleted.`,
    }),
  noSuchRecord: (id: string) =>
    new KintoneFailure(404, 'GAIA_RE01', {
      ja: `指定したレコード（id: ${id}）が見つかりません。`,
      en: `The specified record (ID: ${id}) is not found.`,
    }),
  noSuchApi: () =>
    new KintoneFailure(404, 'CB_NO01', { ja: '指定されたAPIが見つかりません。', en: 'The specified API is not found.' }),
  revisionConflict: () =>
    new KintoneFailure(409, 'GAIA_CO02', {
      ja: '指定したリビジョンは最新ではありません。ほかのユーザーがレコードを更新した可能性があります。',
      en: 'The revision is not the latest. Someone may update a record.',
    }),
  noSuchField: (code: string) =>
    new KintoneFailure(400, 'GAIA_IQ11', {
      ja: `指定されたフィールド（${code}）が見つかりません。`,
      en: `Specified field (${code}) not found.`,
    }),
  operatorNotAllowed: (code: string, operator: string) =>
    new KintoneFailure(400, 'GAIA_IQ03', {
      ja: `${code}フィールドのフィールドタイプには演算子${operator}を使用できません。`,
      en: `The operator ${operator} cannot be used with the field type of field ${code}.`,
    }),
  tableCellOperator: (code: string, operator: string) =>
    new KintoneFailure(400, 'GAIA_IQ07', {
      ja: `テーブル内の${code}フィールドには演算子${operator}を使用できません。代わりにinを使用してください。`,
      en: `The operator ${operator} cannot be used with field ${code} inside a table. Use "in" instead.`,
    }),
  limitTooBig: () =>
    new KintoneFailure(400, 'GAIA_QU01', { ja: 'limitには500以下の値を指定してください。', en: 'limit must be 500 or less.' }),
  offsetTooBig: () =>
    new KintoneFailure(400, 'GAIA_QU02', {
      ja: 'offsetには10,000以下の値を指定してください。',
      en: 'offset must be 10,000 or less.',
    }),
  /** An empty text is neither more nor less than anything. */
  illegalComparison: () =>
    new KintoneFailure(400, 'GAIA_IL08', {
      ja: 'レコードの絞り込み条件に指定した値が正しくありません。',
      en: 'The value specified in the filter condition is invalid.',
    }),
  noSuchChoice: (choice: string) =>
    new KintoneFailure(400, 'GAIA_IQ10', {
      ja: `項目に「${choice}」は存在しません。`,
      en: `The option "${choice}" does not exist.`,
    }),
  noSuchPerson: (kind: FieldKind, code: string) => {
    if (kind === 'ORGANIZATION_SELECT') {
      return new KintoneFailure(520, 'GAIA_IL28', {
        ja: `指定した組織（code：${code}）が見つかりません。`,
        en: `The specified department (code：${code}) not found.`,
      });
    }
    if (kind === 'GROUP_SELECT') {
      return new KintoneFailure(520, 'GAIA_IL27', {
        ja: `指定したグループ（code：${code}）が見つかりません。`,
        en: `The specified group (code：${code}) not found.`,
      });
    }
    return new KintoneFailure(520, 'GAIA_IL26', {
      ja: `指定したユーザー（code：${code}）が見つかりません。`,
      en: `The specified user (code：${code}) not found.`,
    });
  },
  processDisabled: () =>
    new KintoneFailure(400, 'GAIA_ST02', {
      ja: '操作に失敗しました。プロセス管理機能が無効化されています。',
      en: 'Your request failed. The process management feature has been disabled.',
    }),
  noUniqueKey: (code: string) =>
    new KintoneFailure(400, 'GAIA_UK01', {
      ja: `${code}フィールドを更新キーに指定できません。重複禁止を設定した文字列（1行）または数値フィールドを指定してください。`,
      en: `Field ${code} cannot be an update key. Use a text (single-line) or number field that prohibits duplicates.`,
    }),
  lookupKeyNotFound: (code: string, value: string) =>
    new KintoneFailure(400, 'GAIA_LO04', {
      ja: `フィールド「${code}」の値「${value}」が、ルックアップの参照先のフィールドにないか、またはアプリやフィールドの閲覧権限がありません。`,
      en: `A value ${value} in the field ${code} does not exist in the datasource app for lookup, or you do not have permission to view the app or the field.`,
    }),
  noSuchCursor: () =>
    new KintoneFailure(404, 'GAIA_CN01', {
      ja: '指定したカーソルは存在しないか、既に有効期限が切れています。',
      en: 'The specified cursor does not exist or has already expired.',
    }),
  tooManyCursors: () =>
    new KintoneFailure(429, 'GAIA_TM12', {
      ja: '作成できるカーソルの上限に達しているため、カーソルを作成できません。',
      en: 'The cursor cannot be created because the limit of cursors has been reached.',
    }),
  tooManyRequests: () =>
    new KintoneFailure(429, 'GAIA_TO04', {
      ja: '同時接続数の上限を超えています。',
      en: 'The number of concurrent requests has exceeded the limit.',
    }),
  noSuchUser: (code: string) =>
    new KintoneFailure(400, 'GAIA_UN03', {
      ja: `ユーザー（code：${code}）が見つかりません。`,
      en: `The user (code: ${code}) is not found.`,
    }),
  internal: (status: 500 | 520) =>
    new KintoneFailure(status, status === 520 ? 'CB_WS01' : 'CB_SE01', {
      ja: 'システムエラーが発生しました。',
      en: 'A system error has occurred.',
    }),
} as const;

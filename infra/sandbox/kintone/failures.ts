/** Refusals of requests, apps and records, as the real service words them. */
import type { FieldKind } from './app-definition.ts';
import { invalid, KintoneFailure } from './kintone-failure.ts';

export const failures = {
  settingsConflict: (id: string) =>
    new KintoneFailure(409, 'GAIA_CO03', {
      ja: `指定したリビジョンは最新ではありません。ほかのユーザーがアプリの設定（id: ${id}）を更新した可能性があります。`,
      en: `The revision is not the latest. Someone may update the app settings (ID: ${id}).`,
    }),
  noSuchFormField: (code: string) =>
    new KintoneFailure(400, 'GAIA_FC01', {
      ja: `指定されたフィールド（code: ${code}）が見つかりません。`,
      en: `The specified field (code: ${code}) is not found.`,
    }),
  fieldCodeTaken: (code: string) =>
    invalid({
      [`properties[${code}].code`]: [
        { ja: 'フィールドコードが重複しています。', en: 'The field code is already used by another field.' },
      ],
    }),
  fieldIsLookedUp: (code: string) =>
    new KintoneFailure(400, 'GAIA_LO02', {
      ja: `フィールド（code: ${code}）は、ほかのアプリのルックアップで使用されているため削除できません。`,
      en: `The field (code: ${code}) cannot be deleted because a lookup of another app uses it.`,
    }),
  layoutIncomplete: (code: string) =>
    new KintoneFailure(400, 'GAIA_FN11', {
      ja: `レイアウトに含まれていない、または重複しているフィールドがあります。（code: ${code}）`,
      en: `The layout lacks a field or names one twice. (code: ${code})`,
    }),
  notInGuestSpace: () =>
    new KintoneFailure(520, 'GAIA_IL25', {
      ja: '指定したアプリはゲストスペース内のアプリではありません。リクエストの送信先を「/k/v1/...」にします。',
      en: 'The app is not in a guest space. Send the request to "/k/v1/...".',
    }),
  databaseLocked: () =>
    new KintoneFailure(520, 'GAIA_DA02', {
      ja: 'データベースがロックされているため、操作に失敗しました。時間をおいて再度お試しください。',
      en: 'The operation failed because the database was locked. Please try again later.',
    }),
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
  noSuchComment: () =>
    new KintoneFailure(400, 'GAIA_RE02', {
      ja: '指定したコメントが存在しません。削除された可能性があります。',
      en: 'The specified comment does not exist. The comment may have been deleted.',
    }),
  noSuchFile: (key: string) =>
    new KintoneFailure(404, 'GAIA_BL01', {
      ja: `指定したファイル（id: ${key}）が見つかりません。`,
      en: `The specified file (id: ${key}) not found.`,
    }),
  lookupNotUnique: () =>
    new KintoneFailure(400, 'GAIA_LO03', {
      ja: 'ルックアップの参照先から値をコピーできません。「コピー元のフィールド」に指定したフィールドの設定で「値の重複を禁止する」を選択しておく必要があります。',
      en: 'Values cannot be copied from the datasource app of the lookup. The key field must be set to prohibit duplicate values.',
    }),
  duplicateRow: (table: string) =>
    new KintoneFailure(520, 'GAIA_SI01', {
      ja: `テーブル（code: ${table}）の行IDが重複しています。`,
      en: `Raw ID (code: ${table}) in a table is duplicated.`,
    }),
  malformedJson: () => new KintoneFailure(400, 'CB_IJ01', { ja: '不正なJSON文字列です。', en: 'Invalid JSON string.' }),
  duplicateToken: () =>
    new KintoneFailure(400, 'GAIA_DA03', {
      ja: '同じアプリのAPIトークンを重複して指定することはできません。',
      en: 'You cannot specify a duplicate API token for the same app.',
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

/** Refusals of requests, apps and records, as the real service words them. */
import type { FieldKind } from './app-definition.ts';
import { invalid, KintoneFailure } from './kintone-failure.ts';

export const failures = {
  settingsConflict: (id: string) =>
    new KintoneFailure(409, 'GAIA_CO03', {
      ja: `指定したリビジョンは最新ではありません。ほかのユーザーがアプリの設定（id: ${id}）を更新した可能性があります。`,
      en: `The revision is not the latest. Someone may update the app settings (ID: ${id}).`,
      zh: `指定的版本不是最新的。其他用户可能已更新了应用的设置（id: ${id}）。`,
    }),
  noSuchFormField: (code: string) =>
    new KintoneFailure(400, 'GAIA_FC01', {
      ja: `指定されたフィールド（code: ${code}）が見つかりません。`,
      en: `The specified field (code: ${code}) is not found.`,
      zh: `找不到指定的字段（code: ${code}）。`,
    }),
  fieldCodeTaken: (code: string) =>
    invalid({
      [`properties[${code}].code`]: [
        {
          ja: 'フィールドコードが重複しています。',
          en: 'The field code is already used by another field.',
          zh: '字段代码重复。',
        },
      ],
    }),
  fieldIsLookedUp: (code: string) =>
    new KintoneFailure(400, 'GAIA_LO02', {
      ja: `フィールド（code: ${code}）は、ほかのアプリのルックアップで使用されているため削除できません。`,
      en: `The field (code: ${code}) cannot be deleted because a lookup of another app uses it.`,
      zh: `字段（code: ${code}）被其他应用的Lookup使用，无法删除。`,
    }),
  layoutIncomplete: (code: string) =>
    new KintoneFailure(400, 'GAIA_FN11', {
      ja: `レイアウトに含まれていない、または重複しているフィールドがあります。（code: ${code}）`,
      en: `The layout lacks a field or names one twice. (code: ${code})`,
      zh: `布局中缺少字段或字段重复。（code: ${code}）`,
    }),
  notInGuestSpace: () =>
    new KintoneFailure(520, 'GAIA_IL25', {
      ja: '指定したアプリはゲストスペース内のアプリではありません。リクエストの送信先を「/k/v1/...」にします。',
      en: 'The app is not in a guest space. Send the request to "/k/v1/...".',
      zh: '指定的应用不是来宾空间内的应用。请将请求发送到“/k/v1/...”。',
    }),
  databaseLocked: () =>
    new KintoneFailure(520, 'GAIA_DA02', {
      ja: 'データベースがロックされているため、操作に失敗しました。時間をおいて再度お試しください。',
      en: 'The operation failed because the database was locked. Please try again later.',
      zh: '数据库已被锁定，操作失败。请稍后重试。',
    }),
  malformed: () =>
    new KintoneFailure(400, 'CB_IL02', { ja: '不正なリクエストです。', en: 'Illegal request.', zh: '非法的请求。' }),
  pleaseLogIn: () => new KintoneFailure(401, 'CB_AU01', { ja: 'ログインしてください。', en: 'Please login.', zh: '请登录。' }),
  wrongPassword: () =>
    new KintoneFailure(401, 'CB_WA01', {
      ja: 'パスワード認証に失敗しました。「X-Cybozu-Authorization」の値が正しくない可能性があります。',
      en: 'Password authentication failed. The value of "X-Cybozu-Authorization" may be incorrect.',
      zh: '密码认证失败。“X-Cybozu-Authorization”的值可能不正确。',
    }),
  foreignToken: () =>
    new KintoneFailure(400, 'GAIA_IA02', {
      ja: '指定したAPIトークンは、アプリで生成されたトークンと異なります。アプリのAPIトークンの設定を確認してください。',
      en: 'The specified API token does not match the API token generated via an app.',
      zh: '指定的API令牌与应用中生成的令牌不一致。请确认应用的API令牌设置。',
    }),
  tokenMayNot: () =>
    new KintoneFailure(403, 'GAIA_NO01', {
      ja: 'このAPIトークンでは、指定したAPIを実行できません。',
      en: 'Using this API token, you cannot run the specified API.',
      zh: '使用此API令牌无法执行指定的API。',
    }),
  noPermission: () =>
    new KintoneFailure(403, 'CB_NO02', { ja: '権限がありません。', en: 'No privilege to proceed.', zh: '没有权限。' }),
  noSuchApp: (id: string) =>
    new KintoneFailure(404, 'GAIA_AP01', {
      ja: `指定したアプリ（id: ${id}）が見つかりません。削除されている可能性があります。`,
      en: `The app (ID: ${id}) not found. The app may have been deleted.`,
      zh: `找不到指定的应用（id: ${id}）。可能已被删除。`,
    }),
  noSuchRecord: (id: string) =>
    new KintoneFailure(404, 'GAIA_RE01', {
      ja: `指定したレコード（id: ${id}）が見つかりません。`,
      en: `The specified record (ID: ${id}) is not found.`,
      zh: `找不到指定的记录（id: ${id}）。`,
    }),
  noSuchApi: () =>
    new KintoneFailure(404, 'CB_NO01', {
      ja: '指定されたAPIが見つかりません。',
      en: 'The specified API is not found.',
      zh: '找不到指定的API。',
    }),
  revisionConflict: () =>
    new KintoneFailure(409, 'GAIA_CO02', {
      ja: '指定したリビジョンは最新ではありません。ほかのユーザーがレコードを更新した可能性があります。',
      en: 'The revision is not the latest. Someone may update a record.',
      zh: '指定的版本不是最新的。其他用户可能已更新了记录。',
    }),
  noSuchPerson: (kind: FieldKind, code: string) => {
    if (kind === 'ORGANIZATION_SELECT') {
      return new KintoneFailure(520, 'GAIA_IL28', {
        ja: `指定した組織（code：${code}）が見つかりません。`,
        en: `The specified department (code：${code}) not found.`,
        zh: `找不到指定的组织（code：${code}）。`,
      });
    }
    if (kind === 'GROUP_SELECT') {
      return new KintoneFailure(520, 'GAIA_IL27', {
        ja: `指定したグループ（code：${code}）が見つかりません。`,
        en: `The specified group (code：${code}) not found.`,
        zh: `找不到指定的组（code：${code}）。`,
      });
    }
    return new KintoneFailure(520, 'GAIA_IL26', {
      ja: `指定したユーザー（code：${code}）が見つかりません。`,
      en: `The specified user (code：${code}) not found.`,
      zh: `找不到指定的用户（code：${code}）。`,
    });
  },
  noSuchComment: () =>
    new KintoneFailure(400, 'GAIA_RE02', {
      ja: '指定したコメントが存在しません。削除された可能性があります。',
      en: 'The specified comment does not exist. The comment may have been deleted.',
      zh: '指定的评论不存在。可能已被删除。',
    }),
  noSuchFile: (key: string) =>
    new KintoneFailure(404, 'GAIA_BL01', {
      ja: `指定したファイル（id: ${key}）が見つかりません。`,
      en: `The specified file (id: ${key}) not found.`,
      zh: `找不到指定的文件（id: ${key}）。`,
    }),
  noSuchPlugin: (id: string) =>
    invalid({
      'ids[0]': [
        {
          ja: `プラグイン（id: ${id}）が見つかりません。`,
          en: `The plug-in (id: ${id}) is not found.`,
          zh: `找不到插件（id: ${id}）。`,
        },
      ],
    }),
  lookupNotUnique: () =>
    new KintoneFailure(400, 'GAIA_LO03', {
      ja: 'ルックアップの参照先から値をコピーできません。「コピー元のフィールド」に指定したフィールドの設定で「値の重複を禁止する」を選択しておく必要があります。',
      en: 'Values cannot be copied from the datasource app of the lookup. The key field must be set to prohibit duplicate values.',
      zh: '无法从Lookup的引用应用复制值。须将作为复制来源的字段设为禁止重复值。',
    }),
  duplicateRow: (table: string) =>
    new KintoneFailure(520, 'GAIA_SI01', {
      ja: `テーブル（code: ${table}）の行IDが重複しています。`,
      en: `Raw ID (code: ${table}) in a table is duplicated.`,
      zh: `表格（code: ${table}）的行ID重复。`,
    }),
  malformedJson: () =>
    new KintoneFailure(400, 'CB_IJ01', { ja: '不正なJSON文字列です。', en: 'Invalid JSON string.', zh: 'JSON字符串不正确。' }),
  duplicateToken: () =>
    new KintoneFailure(400, 'GAIA_DA03', {
      ja: '同じアプリのAPIトークンを重複して指定することはできません。',
      en: 'You cannot specify a duplicate API token for the same app.',
      zh: '不能重复指定同一应用的API令牌。',
    }),
  noUniqueKey: (code: string) =>
    new KintoneFailure(400, 'GAIA_UK01', {
      ja: `${code}フィールドを更新キーに指定できません。重複禁止を設定した文字列（1行）または数値フィールドを指定してください。`,
      en: `Field ${code} cannot be an update key. Use a text (single-line) or number field that prohibits duplicates.`,
      zh: `无法将字段${code}指定为更新键。请指定设为禁止重复的单行文本框或数值字段。`,
    }),
  lookupKeyNotFound: (code: string, value: string) =>
    new KintoneFailure(400, 'GAIA_LO04', {
      ja: `フィールド「${code}」の値「${value}」が、ルックアップの参照先のフィールドにないか、またはアプリやフィールドの閲覧権限がありません。`,
      en: `A value ${value} in the field ${code} does not exist in the datasource app for lookup, or you do not have permission to view the app or the field.`,
      zh: `字段“${code}”的值“${value}”不存在于Lookup的引用字段中，或者没有应用或字段的查看权限。`,
    }),
  tooManyRequests: () =>
    new KintoneFailure(429, 'GAIA_TO04', {
      ja: '同時接続数の上限を超えています。',
      en: 'The number of concurrent requests has exceeded the limit.',
      zh: '已超过同时连接数的上限。',
    }),
  noSuchUser: (code: string) =>
    new KintoneFailure(400, 'GAIA_UN03', {
      ja: `ユーザー（code：${code}）が見つかりません。`,
      en: `The user (code: ${code}) is not found.`,
      zh: `找不到用户（code：${code}）。`,
    }),
  internal: (status: 500 | 520) =>
    new KintoneFailure(status, status === 520 ? 'CB_WS01' : 'CB_SE01', {
      ja: 'システムエラーが発生しました。',
      en: 'A system error has occurred.',
      zh: '发生系统错误。',
    }),
} as const;

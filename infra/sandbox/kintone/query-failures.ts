/** Refusals of queries and cursors, as the real service words them. */
import { KintoneFailure } from './kintone-failure.ts';

export const queryFailures = {
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
  /** An empty text is neither more nor less than anything; functions take so many arguments. */
  illegalQuery: () =>
    new KintoneFailure(400, 'GAIA_IL08', { ja: 'クエリの指定が不正です。', en: 'The specified query is invalid.' }),
  noSuchDay: (day: string) =>
    new KintoneFailure(400, 'GAIA_IQ23', {
      ja: `指定した日にち（${day}）は無効です。1から31までの整数で指定します。`,
      en: `The specified day (${day}) is invalid. Specify an integer from 1 to 31.`,
    }),
  noSuchUnit: () =>
    new KintoneFailure(400, 'GAIA_IQ25', {
      ja: 'FROM_TODAY()の第2引数には、「DAYS」「WEEKS」「MONTHS」「YEARS」のいずれかを指定します。',
      en: 'Specify "DAYS", "WEEKS", "MONTHS" or "YEARS" as the second argument of FROM_TODAY().',
    }),
  noSuchChoice: (choice: string) =>
    new KintoneFailure(400, 'GAIA_IQ10', {
      ja: `項目に「${choice}」は存在しません。`,
      en: `The option "${choice}" does not exist.`,
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
} as const;

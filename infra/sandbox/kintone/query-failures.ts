/** Refusals of queries and cursors, as the real service words them. */
import { KintoneFailure } from './kintone-failure.ts';

export const queryFailures = {
  noSuchField: (code: string) =>
    new KintoneFailure(400, 'GAIA_IQ11', {
      ja: `指定されたフィールド（${code}）が見つかりません。`,
      en: `Specified field (${code}) not found.`,
      zh: `找不到指定的字段（${code}）。`,
    }),
  operatorNotAllowed: (code: string, operator: string) =>
    new KintoneFailure(400, 'GAIA_IQ03', {
      ja: `${code}フィールドのフィールドタイプには演算子${operator}を使用できません。`,
      en: `The operator ${operator} cannot be used with the field type of field ${code}.`,
      zh: `字段${code}的字段类型不能使用运算符${operator}。`,
    }),
  tableCellOperator: (code: string, operator: string) =>
    new KintoneFailure(400, 'GAIA_IQ07', {
      ja: `テーブル内の${code}フィールドには演算子${operator}を使用できません。代わりにinを使用してください。`,
      en: `The operator ${operator} cannot be used with field ${code} inside a table. Use "in" instead.`,
      zh: `表格内的字段${code}不能使用运算符${operator}。请改用in。`,
    }),
  limitTooBig: () =>
    new KintoneFailure(400, 'GAIA_QU01', {
      ja: 'limitには500以下の値を指定してください。',
      en: 'limit must be 500 or less.',
      zh: 'limit请指定500以下的值。',
    }),
  offsetTooBig: () =>
    new KintoneFailure(400, 'GAIA_QU02', {
      ja: 'offsetには10,000以下の値を指定してください。',
      en: 'offset must be 10,000 or less.',
      zh: 'offset请指定10,000以下的值。',
    }),
  /** An empty text is neither more nor less than anything; functions take so many arguments. */
  illegalQuery: () =>
    new KintoneFailure(400, 'GAIA_IL08', {
      ja: 'クエリの指定が不正です。',
      en: 'The specified query is invalid.',
      zh: '查询的指定不正确。',
    }),
  noSuchDay: (day: string) =>
    new KintoneFailure(400, 'GAIA_IQ23', {
      ja: `指定した日にち（${day}）は無効です。1から31までの整数で指定します。`,
      en: `The specified day (${day}) is invalid. Specify an integer from 1 to 31.`,
      zh: `指定的日期（${day}）无效。请指定1到31的整数。`,
    }),
  noSuchUnit: () =>
    new KintoneFailure(400, 'GAIA_IQ25', {
      ja: 'FROM_TODAY()の第2引数には、「DAYS」「WEEKS」「MONTHS」「YEARS」のいずれかを指定します。',
      en: 'Specify "DAYS", "WEEKS", "MONTHS" or "YEARS" as the second argument of FROM_TODAY().',
      zh: 'FROM_TODAY()的第2个参数请指定“DAYS”“WEEKS”“MONTHS”“YEARS”中的一个。',
    }),
  noSuchChoice: (choice: string) =>
    new KintoneFailure(400, 'GAIA_IQ10', {
      ja: `項目に「${choice}」は存在しません。`,
      en: `The option "${choice}" does not exist.`,
      zh: `选项中不存在“${choice}”。`,
    }),
  noSuchCursor: () =>
    new KintoneFailure(404, 'GAIA_CN01', {
      ja: '指定したカーソルは存在しないか、既に有効期限が切れています。',
      en: 'The specified cursor does not exist or has already expired.',
      zh: '指定的游标不存在或已过期。',
    }),
  tooManyCursors: () =>
    new KintoneFailure(429, 'GAIA_TM12', {
      ja: '作成できるカーソルの上限に達しているため、カーソルを作成できません。',
      en: 'The cursor cannot be created because the limit of cursors has been reached.',
      zh: '已达到可创建游标的上限，无法创建游标。',
    }),
} as const;

/** A refusal as the real service words it: HTTP status, code, message in the caller's language, errors by path. */

export const LANGUAGES = ['ja', 'en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in the service's languages; `ja` is what it says unless another is asked for. */
export interface Wording {
  readonly ja: string;
  readonly en: string;
  readonly zh: string;
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

const INVALID: Wording = { ja: '入力内容が正しくありません。', en: 'Missing or invalid input.', zh: '输入有误。' };

/** Validation of arguments and of field values. */
export function invalid(errors: Readonly<Record<string, readonly Wording[]>>): KintoneFailure {
  return new KintoneFailure(400, 'CB_VA01', INVALID, errors);
}

export const REQUIRED: Wording = { ja: '必須です。', en: 'Required field.', zh: '此为必填项。' };
/** For the field of a record; arguments are worded differently in English. */
export const REQUIRED_VALUE: Wording = { ja: '必須です。', en: 'Required.', zh: '此为必填项。' };
export const DUPLICATE: Wording = {
  ja: '値がほかのレコードと重複しています。',
  en: 'This value already exists in another record.',
  zh: '该值与其他记录重复。',
};
export const NO_NUMBER: Wording = { ja: '数字でなければなりません。', en: 'Only numbers are allowed.', zh: '必须为数字。' };
export const TOO_MANY_DIGITS: Wording = {
  ja: '有効桁数を超えています。',
  en: 'The number of digits exceeds the limit.',
  zh: '超过了有效位数。',
};
export const SYNTAX: Wording = { ja: 'クエリ記法が間違っています。', en: 'The query syntax is wrong.', zh: '查询的写法不正确。' };

export function tooMany(path: string, most: number): KintoneFailure {
  return invalid({ [path]: [{ ja: `最大で${most}までです。`, en: `The maximum is ${most}.`, zh: `最多为${most}。` }] });
}

export const AT_LEAST_ONE: Wording = { ja: '最小でも1以上です。', en: 'must be greater than or equal to 1', zh: '最小为1。' };
export const NOT_IN_ENUM: Wording = {
  ja: 'Enum値のいずれかでなければなりません。',
  en: 'must be one of the enum value',
  zh: '必须为Enum值之一。',
};

export function invalidChoice(path: string): KintoneFailure {
  return invalid({ [path]: [NOT_IN_ENUM] });
}

export function sizeBetween(least: number, most: number): Wording {
  return {
    ja: `${least}以上${most}以下の要素を指定してください。`,
    en: `size must be between ${least} and ${most}`,
    zh: `请指定${least}到${most}个元素。`,
  };
}

export function tooLong(most: number): Wording {
  return {
    ja: `${most + 1}文字より短くなければなりません。`,
    en: `Enter less than ${most + 1} characters.`,
    zh: `必须少于${most + 1}个字符。`,
  };
}

/** `label` is that of the calculated field. */
export function invalidFormula(label: string, reason: Wording): KintoneFailure {
  return new KintoneFailure(400, 'GAIA_IL01', {
    ja: `フィールド「${label}」の計算式が正しくありません。(エラーの内容：${reason.ja})`,
    en: `The formula in the field '${label}' is invalid. (Reason: ${reason.en})`,
    zh: `字段“${label}”的计算公式不正确。（错误内容：${reason.zh}）`,
  });
}

export const MOST_ROWS = 100;
export const DELETED_AT_ONCE: Wording = {
  ja: `一度に1件から${MOST_ROWS}件までのレコードを削除できます。`,
  en: `Between 1 and ${MOST_ROWS} records can be deleted at one time.`,
  zh: `一次可删除1到${MOST_ROWS}条记录。`,
};

export function tooManyRows(path: string, doing: 'add' | 'update' | 'delete'): KintoneFailure {
  if (doing === 'delete') return invalid({ [path]: [DELETED_AT_ONCE] });
  const [ja, en, zh] = doing === 'add' ? ['追加', 'added', '添加'] : ['更新', 'updated', '更新'];
  return invalid({
    [path]: [
      {
        ja: `一度に${MOST_ROWS}件までのレコードを${ja}できます。`,
        en: `A maximum of ${MOST_ROWS} records can be ${en} at one time.`,
        zh: `一次最多可${zh}${MOST_ROWS}条记录。`,
      },
    ],
  });
}

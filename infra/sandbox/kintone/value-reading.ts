/** One field's value: from what a client sends to what is stored. Pure. */
import type { FieldProperty } from './app-definition.ts';
import { decimalOf, decimalText, differenceOf, fitted, type NumberPrecision } from './exact-decimal.ts';
import { failures } from './failures.ts';
import { type Entity, emptyValue, isEmptyValue, PERSON_KINDS, pathOfValue, toMinute, type WireValue } from './field-values.ts';
import { NO_NUMBER, REQUIRED_VALUE, TOO_MANY_DIGITS, type Wording } from './kintone-failure.ts';
import { numberKey } from './query-values.ts';
import { isObject } from './request-arguments.ts';
import { choosable, type People } from './sandbox-people.ts';

/** Where the value stands in the request, and where what is wrong with it is written down. */
export interface ValueContext {
  /** `record` or `records[3]`. */
  readonly path: string;
  readonly people: People;
  readonly precision: NumberPrecision;
  readonly problems: Map<string, readonly Wording[]>;
  /** Set for cells: kintone stores a number it cannot read as empty there instead of refusing it. */
  readonly insideTable: boolean;
}

/** Bytes are not what kintone counts: one character is one UTF-16 unit, as in its browser form. */
const LONGEST_LINE = 65_535;
/** Of a text that prohibits duplicates: as much as is compared. */
const LONGEST_UNIQUE = 64;
const TEXTS = new Set(['SINGLE_LINE_TEXT', 'MULTI_LINE_TEXT', 'RICH_TEXT', 'LINK']);

/**
 * The stored form of `sent`; what has another shape is no JSON of the service at all; what else is wrong is written to `context.problems`, and the value is
 * then worth nothing. @throws KintoneFailure CB_IJ01
 */
export function readFieldValue(property: FieldProperty, sent: unknown, context: ValueContext): WireValue {
  const isList = property.type === 'CHECK_BOX' || property.type === 'MULTI_SELECT' || PERSON_KINDS.has(property.type);
  if (sent !== null && sent !== undefined && isList !== Array.isArray(sent)) throw failures.malformedJson();
  if (!isList && isObject(sent)) throw failures.malformedJson();
  if (TEXTS.has(property.type)) return readText(property, sent, context);
  if (PERSON_KINDS.has(property.type)) return readPeople(property, sent, context);
  switch (property.type) {
    case 'NUMBER':
      return readNumber(property, sent, context);
    case 'DROP_DOWN':
    case 'RADIO_BUTTON':
      return readChoice(property, sent, context);
    case 'CHECK_BOX':
    case 'MULTI_SELECT':
      return readChoices(property, sent, context);
    default:
      return readMoment(property, sent, context);
  }
}

/** The people a new record begins with, who may be whoever writes it; those there are not are left out. */
export function defaultPeople(property: FieldProperty, people: People, writer: string): readonly Entity[] {
  const chosen: readonly unknown[] = Array.isArray(property.defaultValue) ? property.defaultValue : [];
  return chosen
    .flatMap((each) => {
      const { code, type } = isObject(each) ? each : {};
      const wanted = type === 'FUNCTION' && code === 'LOGINUSER()' ? writer : code;
      return choosable(people, property.type).filter((one) => one.code === wanted);
    })
    .map((person) => ({ code: person.code, name: person.name }));
}

/** Required fields, after the merge with what was stored and the defaults. */
export function checkRequired(property: FieldProperty, value: WireValue | undefined, context: ValueContext): void {
  if (property.required !== true || !isEmptyValue(value)) return;
  refuse(context, `${context.path}.${property.code}.${pathOfValue(property)}`, REQUIRED_VALUE);
}

function refuse(context: ValueContext, path: string, wording: Wording): void {
  context.problems.set(path, [...(context.problems.get(path) ?? []), wording]);
}

function valuePath(property: FieldProperty, context: ValueContext): string {
  return `${context.path}.${property.code}.value`;
}

function readText(property: FieldProperty, sent: unknown, context: ValueContext): string {
  if (sent === null || sent === undefined) return '';
  const value = String(sent);
  const oneLine = property.type === 'SINGLE_LINE_TEXT' || property.type === 'LINK';
  if (oneLine && /[\r\n]/.test(value)) {
    refuse(context, valuePath(property, context), {
      ja: '改行は入力できません。',
      en: 'Line breaks are not allowed.',
      zh: '不能输入换行。',
    });
  }
  const most = Math.min(Number(property.maxLength || LONGEST_LINE), property.unique === true ? LONGEST_UNIQUE : LONGEST_LINE);
  const least = Number(property.minLength || 0);
  if (value !== '' && value.length < least) {
    refuse(context, valuePath(property, context), {
      ja: `${least - 1}文字より長くなければなりません。`,
      en: `Enter more than ${least - 1} characters.`,
      zh: `必须多于${least - 1}个字符。`,
    });
  }
  if (value.length > most) {
    refuse(context, valuePath(property, context), {
      ja: `${most + 1}文字より短くなければなりません。`,
      en: `Enter less than ${most + 1} characters.`,
      zh: `必须少于${most + 1}个字符。`,
    });
  }
  const link = property.type === 'LINK' ? LINKS[property.protocol ?? 'WEB'] : undefined;
  if (value !== '' && link !== undefined && !link.form.test(value)) refuse(context, valuePath(property, context), link.wording);
  return value;
}

/** Of telephone numbers every spelling is taken. */
const LINKS: Partial<Record<string, { readonly form: RegExp; readonly wording: Wording }>> = {
  WEB: {
    form: /^[a-z][a-z0-9+.-]*:\S/i,
    wording: { ja: 'URLの形式が正しくありません。', en: 'The URL is not in a valid format.', zh: 'URL的格式不正确。' },
  },
  MAIL: {
    form: /^\S+@\S+$/,
    wording: {
      ja: 'メールアドレスの形式が正しくありません。',
      en: 'The e-mail address is not in a valid format.',
      zh: '邮箱地址的格式不正确。',
    },
  },
};

/** What a table's cell takes for a number is what a query takes; a field of the record is stricter. */
const WRITTEN_NUMBER = /^[+-]?\d+\.?\d*([eE][+-]?\d+)?$/;
/** Beyond it a number has too many digits, or none that count, whatever the app keeps. */
const FARTHEST_EXPONENT = 999;

function readNumber(property: FieldProperty, sent: unknown, context: ValueContext): string {
  if (sent === null || sent === undefined) return '';
  const written = nearExponent(String(sent).trim());
  if (written === '') return '';
  const known = context.insideTable || WRITTEN_NUMBER.test(written) ? numberKey(written) : null;
  if (known === null) {
    if (!context.insideTable) refuse(context, `${context.path}[${property.code}].value`, NO_NUMBER);
    return '';
  }
  const value = decimalOf(known);
  const { minValue, maxValue } = property;
  if (minValue && differenceOf(value, decimalOf(minValue)) < 0) {
    refuse(context, valuePath(property, context), {
      ja: `${minValue}以上である必要があります。`,
      en: `The value must be ${minValue} or more.`,
      zh: `必须大于等于${minValue}。`,
    });
  }
  if (maxValue && differenceOf(value, decimalOf(maxValue)) > 0) {
    refuse(context, valuePath(property, context), {
      ja: `${maxValue}以下である必要があります。`,
      en: `The value must be ${maxValue} or less.`,
      zh: `必须小于等于${maxValue}。`,
    });
  }
  const kept = fitted(value, context.precision);
  if (kept === null) refuse(context, valuePath(property, context), TOO_MANY_DIGITS);
  return kept === null ? '' : decimalText(kept);
}

function nearExponent(written: string): string {
  return written.replace(/[eE]([+-]?)(\d+)$/, (_, sign: string, digits: string) => {
    return `e${sign}${Math.min(Number(digits), FARTHEST_EXPONENT)}`;
  });
}

function choiceProblem(property: FieldProperty, value: string): Wording | null {
  if (Object.hasOwn(property.options ?? {}, value)) return null;
  return {
    ja: `"${value}"は選択肢にありません。`,
    en: `The value, "${value}", is not in options.`,
    zh: `“${value}”不在选项中。`,
  };
}

function readChoice(property: FieldProperty, sent: unknown, context: ValueContext): WireValue {
  if (sent === null || sent === undefined || sent === '') {
    const fallback = property.type === 'RADIO_BUTTON' ? property.defaultValue : null;
    return typeof fallback === 'string' ? fallback : null;
  }
  const problem = choiceProblem(property, String(sent));
  if (problem !== null) refuse(context, valuePath(property, context), problem);
  return String(sent);
}

function readChoices(property: FieldProperty, sent: unknown, context: ValueContext): readonly string[] {
  if (!Array.isArray(sent)) return [];
  return sent.map((each, index) => {
    const problem = choiceProblem(property, String(each));
    if (problem !== null) refuse(context, `${context.path}.${property.code}.values[${index}].value`, problem);
    return String(each);
  });
}

function readPeople(property: FieldProperty, sent: unknown, context: ValueContext): readonly Entity[] {
  if (!Array.isArray(sent)) return [];
  const path = `${context.path}.${property.code}.values.value`;
  const known = choosable(context.people, property.type);
  return sent.flatMap((each: unknown) => {
    if (!isObject(each)) throw failures.malformedJson();
    const code = String(each.code ?? '');
    const person = known.find((one) => one.code === code);
    if (person !== undefined) return [{ code: person.code, name: person.name }];
    refuse(context, path, unknownPerson(property, code));
    return [];
  });
}

function unknownPerson({ type }: FieldProperty, code: string): Wording {
  if (type === 'ORGANIZATION_SELECT') {
    return {
      ja: `組織（code：${code}）が見つかりません。`,
      en: `The department (code: ${code}) is not found.`,
      zh: `找不到组织（code：${code}）。`,
    };
  }
  if (type === 'GROUP_SELECT') {
    return {
      ja: `グループ（code：${code}）が見つかりません。`,
      en: `The group (code: ${code}) is not found.`,
      zh: `找不到组（code：${code}）。`,
    };
  }
  return {
    ja: `ユーザー（code：${code}）が見つかりません。`,
    en: `The user (code: ${code}) is not found.`,
    zh: `找不到用户（code：${code}）。`,
  };
}

const MOMENTS: Partial<Record<FieldProperty['type'], { readonly form: RegExp; readonly wording: Wording }>> = {
  DATE: {
    form: /^\d{4}-\d{2}-\d{2}$/,
    wording: { ja: '日付の形式が正しくありません。', en: 'Enter a date as YYYY-MM-DD.', zh: '日期的格式不正确。' },
  },
  TIME: {
    form: /^([01]\d|2[0-3]):[0-5]\d$/,
    wording: { ja: '時刻の形式が正しくありません。', en: 'Enter a time as HH:mm.', zh: '时间的格式不正确。' },
  },
  DATETIME: {
    form: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/,
    wording: {
      ja: '日時の形式が正しくありません。',
      en: 'Enter a date and time in ISO 8601 with its zone.',
      zh: '日期和时间的格式不正确。',
    },
  },
};

function readMoment(property: FieldProperty, sent: unknown, context: ValueContext): WireValue {
  if (sent === null || sent === undefined || sent === '') return emptyValue(property);
  const rule = MOMENTS[property.type];
  const written = String(sent);
  if (rule === undefined) return written;
  const isDateTime = property.type === 'DATETIME';
  const exists = property.type === 'TIME' || isRealDate(isDateTime ? written.slice(0, 10) : written);
  if (!rule.form.test(written) || !exists || (isDateTime && Number.isNaN(Date.parse(written)))) {
    refuse(context, valuePath(property, context), rule.wording);
    return emptyValue(property);
  }
  return isDateTime ? toMinute(Date.parse(written)) : written;
}

/** `2026-02-30` has the form of a date and is none. */
function isRealDate(day: string): boolean {
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}

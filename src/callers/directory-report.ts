/** The report of telephone fields nobody can read, as a table for a spreadsheet. Pure. */
import iconv from 'iconv-lite';
import type { UnreadableNumber } from './directory-entry.ts';

export type ReportLanguage = 'ja' | 'en';
export const reportEncodings = ['utf-8', 'shift_jis'] as const;
export type ReportEncoding = (typeof reportEncodings)[number];

export interface ReportLine extends UnreadableNumber {
  /** The page on which a person mends it; empty where there is none. */
  readonly url: string;
}

/** Why nobody can dial what stands in a field. */
export const whyInWords: Readonly<Record<ReportLanguage, Readonly<Record<UnreadableNumber['why'], string>>>> = {
  en: {
    withheld: 'says that the number is withheld',
    tooLong: 'too long',
    noDigits: 'no digits in it',
    strangeCharacters: 'characters that are in no number',
    tooFewDigits: 'too few digits',
    tooManyDigits: 'too many digits',
    noSuchNumber: 'no such number can exist',
    several: 'several numbers in one field',
  },
  ja: {
    withheld: '非通知と書かれている',
    tooLong: '長すぎる',
    noDigits: '数字がない',
    strangeCharacters: '電話番号に使えない文字がある',
    tooFewDigits: '桁が足りない',
    tooManyDigits: '桁が多すぎる',
    noSuchNumber: '存在しない番号',
    several: '一つの欄に複数の番号がある',
  },
};

const columns = ['connector', 'object', 'id', 'name', 'field', 'raw', 'why', 'url'] as const;
const headings: Readonly<Record<ReportLanguage, readonly string[]>> = {
  en: ['CRM', 'Object', 'Record', 'Name', 'Field', 'As written', 'Why', 'Page'],
  ja: ['CRM', 'オブジェクト', 'レコード', '名前', '項目', '記載内容', '理由', 'ページ'],
};

/** For programs: the names and codes as they are. */
export function reportHeading(): string {
  return columns.join(',');
}

export function reportLine(line: ReportLine): string {
  return rowOf(line);
}

/** For people: headings and reasons in their language, in what their spreadsheet opens without being asked. */
export function reportFile(lines: readonly ReportLine[], language: ReportLanguage, encoding: ReportEncoding): Buffer {
  const rows = lines.map((line) => rowOf({ ...line, why: whyInWords[language][line.why] }));
  const text = [headings[language].join(','), ...rows, ''].join('\r\n');
  return encoding === 'shift_jis' ? iconv.encode(text, 'shift_jis') : Buffer.from(`\ufeff${text}`);
}

/** A spreadsheet would run a cell that begins like a formula. */
function cell(text: string): string {
  return `"${(/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

function rowOf(line: Readonly<Record<(typeof columns)[number], string>>): string {
  return columns.map((column) => cell(line[column])).join(',');
}

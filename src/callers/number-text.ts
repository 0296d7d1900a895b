/** Cleans what people and exchanges write around a telephone number, so that one reading rule is enough. Pure. */

/** Longest text that is still looked at; a longer one is no telephone field. */
export const longestNumberText = 255;

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const listMarks = /[\u2460-\u2473\u2776-\u277f]/g;
const dashes = /[\u2010-\u2015\u2043\u207b\u2212\u2500\u2501\u30fc\ufe58\ufe63\u02d7\u301c\u223c~_]/g;
const rangeMark = /(?<=\d)\s*[~\u301c\u223c]\s*(?=\d{1,2}\s*$)/;
const spelledDash = /(?<=\d)の(?=\d)/g;
const dots = /[\u00b7\u2022\u30fb\u2024]/g;
const brackets: readonly (readonly [RegExp, string])[] = [
  [/[[{\u3008\u300a\u300c\u300e\u3010\u3014]/g, '('],
  [/[\]}\u3009\u300b\u300d\u300f\u3011\u3015]/g, ')'],
];

/** Half width, one kind of dash, bracket and dot, no invisible characters. A range `5678~9` becomes `5678/9`. */
export function plainText(raw: string): string {
  let text = raw
    .replace(invisible, '')
    .replace(listMarks, ' / ')
    .normalize('NFKC')
    .replace(rangeMark, '/')
    .replace(dashes, '-')
    .replace(spelledDash, '-')
    .replace(dots, '.');
  for (const [from, to] of brackets) text = text.replace(from, to);
  return text.trim();
}

/** The number part of `tel:…`, `sip:…@host`, `number@host` and `Name <number>`; any other text as it is. */
export function unwrapAddress(text: string): string {
  const inner = /^[^<>]{0,100}<\s*([^<>]+?)\s*>$/.exec(text)?.[1] ?? text;
  const atHost = /^(\+?\d[\d\s().-]*)@[\w.:-]+$/.exec(inner)?.[1];
  if (atHost !== undefined) return atHost;
  const uri = /^(tel|callto|sips?):(?:\/\/)?(.+)$/i.exec(inner);
  if (uri === null) return inner;
  const rest = (uri[2] ?? '').replace(/%(2b|23|2d|20|3b)/gi, (code) => decodeURIComponent(code));
  const user = rest.replace(/@.*$/, '');
  const context = /;phone-context=(\+\d+)/i.exec(rest)?.[1];
  const extension = /;(?:ext|isub)=(\d+)/i.exec(user)?.[1];
  const number = user.replace(/;.*$/, '');
  const whole = context !== undefined && !number.startsWith('+') ? context + number.replace(/^0/, '') : number;
  return extension === undefined ? whole : `${whole};ext=${extension}`;
}

const labelWords =
  'tel|phone|telephone|mobile|mob|cell|cellular|fax|home|work|office|main|direct|voice|number|no|ph|t|m|p|h|w|c|d|f';
const latinLabel = new RegExp(`^(?:${labelWords})(?:\\s*no)?\\s*[.:)\\-]*\\s*(?=[+(\\d])`, 'i');
const latinLabelAfter = new RegExp(`(?<=\\d)\\s*\\(?\\s*(?:${labelWords})\\s*\\)?$`, 'i');
const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const cjkLabel = new RegExp(`^[(\\s]*[${cjk}][${cjk}\\s.:-]{0,20}[\\s):.-]*(?=[+(\\d])`, 'u');
const cjkLabelAfter = new RegExp(
  `(?<=\\d)\\s*(?:\\((?:\\s*[${cjk}][^()]{0,30}|[^()\\d]{1,30})\\)|\\(?\\s*[${cjk}][${cjk}\\s.:-]{0,20}\\)?)$`,
  'u',
);

/** Without `TEL:`, `携帯 `, `(代表)`, a telephone sign, or the apostrophe by which a spreadsheet marks text. */
export function stripLabels(text: string): string {
  return text
    .replace(/^['’`]/, '')
    .replace(/^[\u260e\u260f\u2706\u{1f4de}\u{1f4f1}\u{1f4e0}]\ufe0f?\s*/u, '')
    .replace(cjkLabel, '')
    .replace(latinLabel, '')
    .replace(cjkLabelAfter, '')
    .replace(latinLabelAfter, '')
    .trim();
}

const extensionSuffix =
  /(?<=[\d)])\s*[(,;-]?\s*(?:内線番号|内線|内\)?|;?\s*ext(?:ension|n)?\s*[.:=]?|xtn?\.?|x|#|,{1,4}|;)\s*[.:=]?\s*(\d{1,7})\s*番?\s*\)?$/i;

/** Splits `03-1234-5678 内線12` into the number and `12`. */
export function splitExtension(text: string): { readonly main: string; readonly extension: string | null } {
  const found = extensionSuffix.exec(text);
  if (found === null) return { main: text, extension: null };
  return { main: text.slice(0, found.index).trim(), extension: found[1] ?? null };
}

/**
 * What a caller id, a dialled number or a CRM's telephone field says: a number, an inside extension, nothing, or something no one
 * can read. Every room that compares numbers compares the `e164` made here. Pure; never throws, whatever the text.
 */
import { type CountryCode, type NumberType, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { longestNumberText, plainText, splitExtension, stripLabels, unwrapAddress } from './number-text.ts';
import { type WithheldReason, withheldReason } from './withheld.ts';

export type LineType = 'fixed' | 'mobile' | 'tollFree' | 'ip' | 'shared' | 'premium' | 'pager' | 'other';

export type ReadNumber =
  | {
      readonly kind: 'number';
      readonly e164: string;
      /** As people of the region write it; another country's number in its international form. */
      readonly national: string;
      /** The extension behind the number (内線), digits. */
      readonly extension: string | null;
      readonly lineType: LineType;
      readonly tollFree: boolean;
    }
  /** An extension of the PBX or a short code (110, 1001, *97). */
  | { readonly kind: 'extension'; readonly digits: string }
  | { readonly kind: 'withheld'; readonly reason: WithheldReason }
  | { readonly kind: 'unreadable'; readonly why: UnreadableWhy };

export type UnreadableWhy =
  | 'tooLong'
  | 'noDigits'
  | 'strangeCharacters'
  | 'tooFewDigits'
  | 'tooManyDigits'
  | 'noSuchNumber'
  | 'several';

export interface ReadOptions {
  /** ISO 3166 country whose national numbers are read; default `JP`. */
  readonly region?: string;
  /** Most digits of an inside extension; default 6. */
  readonly extensionDigits?: number;
  /** Digits the PBX puts before outside numbers, for example `0` or `9`. */
  readonly trunkPrefix?: string;
}

const mostNumbersInAField = 8;
/** The plus and fifteen digits: ITU-T E.164. The directory keeps the digits as one integer and relies on it. */
const longestE164 = 16;
const carrierPrefix = /^(?:184|186|00(?:33|36|39|61|63|65|70|77|78|80|81|82|84|86|88|89)|0091\d{2}|122)(?=0\d)/;

export function readNumber(raw: string | null, options: ReadOptions = {}): ReadNumber {
  if (raw !== null && raw.length > longestNumberText) return { kind: 'unreadable', why: 'tooLong' };
  const text = plainText(raw ?? '');
  const reason = withheldReason(text);
  if (reason !== null) return { kind: 'withheld', reason };
  return readPlain(text, options);
}

/**
 * All numbers of a field that may hold several (`03-… / 090-…`, one a line, `03-1234-5678~9`), each once, at most eight. A field
 * with one gives a list of one; a field nobody can read gives the one `unreadable`.
 */
export function readNumbers(raw: string | null, options: ReadOptions = {}): readonly ReadNumber[] {
  const whole = readNumber(raw, options);
  if (raw === null || (whole.kind !== 'unreadable' && !/[\r\n]/.test(raw))) return [whole];
  if (raw.length > longestNumberText) return [whole];
  const text = plainText(raw.replace(/[\r\n]+/g, ' ; '));
  for (const pieces of [
    text.split(/[\t;|、]+/),
    withRangeEnds(text.split(/[\t;|、/,&]+|(?<=\d{4})\.(?=[0+])|\s(?:or|and)\s|または|又は|もしくは/i)),
    text.split(/[\s/,;|、]+/),
  ].map(withoutEmpty)) {
    if (pieces.length < 2) continue;
    const read = pieces.slice(0, mostNumbersInAField).map((piece) => readNumber(piece, options));
    const numbers = read.filter((one) => one.kind === 'number');
    if (numbers.length > 0 && read.every((one) => one.kind !== 'unreadable' || one.why === 'noDigits')) return eachOnce(numbers);
  }
  return [whole];
}

/** For logs and errors: the last four digits, never more. */
export function maskNumber(raw: string | null): string {
  const digits = (raw ?? '').slice(0, 1000).normalize('NFKC').replace(/\D/g, '');
  if (digits === '') return '(no digits)';
  return digits.length <= 4 ? digits : `***${digits.slice(-4)}`;
}

function readPlain(text: string, options: ReadOptions): ReadNumber {
  if (/[\r\n]/.test(text)) return { kind: 'unreadable', why: 'several' };
  const address = unwrapAddress(text);
  if (!/\d/.test(address)) return { kind: 'unreadable', why: 'noDigits' };
  if (/^[*#][\d*#]{1,7}$/.test(address)) return { kind: 'extension', digits: address };
  const { main, extension } = splitExtension(stripTrailingNote(address));
  const bare = stripLabels(main);
  if (!/^\(?\+?[\d\s().\-/]+$/.test(bare) || /\(.*\(.*\(/.test(bare)) return { kind: 'unreadable', why: 'strangeCharacters' };
  const plus = bare.startsWith('+') || bare.startsWith('(+');
  const digits = bare.replace(/^(\(?\+\d{1,3}\)?[\s.-]*)\(0\)/, '$1').replace(/\D/g, '');
  const longestExtension = options.extensionDigits ?? 6;
  const isTornOff = /^\(?0\d*\D+\d/.test(bare);
  if (!plus && !isTornOff && extension === null && digits.length <= longestExtension) return { kind: 'extension', digits };
  return readDigits({ digits, plus, extension }, options);
}

function stripTrailingNote(text: string): string {
  const { extension } = splitExtension(text);
  return extension === null ? stripLabels(text) : text;
}

interface Digits {
  readonly digits: string;
  readonly plus: boolean;
  readonly extension: string | null;
}

function readDigits({ digits, plus, extension }: Digits, options: ReadOptions): ReadNumber {
  if (digits.length < 7) return { kind: 'unreadable', why: 'tooFewDigits' };
  if (digits.length > 24) return { kind: 'unreadable', why: digits.length > 30 ? 'tooManyDigits' : 'several' };
  const region = (options.region ?? 'JP') as CountryCode;
  const readings = plus ? [`+${digits}`, digits] : readingsWithoutPlus(digits, options.trunkPrefix ?? '');
  let possible: PhoneNumber | null = null;
  for (const reading of readings) {
    const found = parse(reading, region);
    if (found === null || found.number.length > longestE164) continue;
    if (found.isValid()) return numberOf(found, region, extension);
    if (possible === null && isPlausible(found, reading)) possible = found;
  }
  if (possible !== null) return numberOf(possible, region, extension);
  return { kind: 'unreadable', why: digits.length < 9 ? 'tooFewDigits' : digits.length > 15 ? 'tooManyDigits' : 'noSuchNumber' };
}

/** Likeliest first; the first that is a number in service wins. */
function readingsWithoutPlus(digits: string, trunkPrefix: string): readonly string[] {
  const readings = [digits];
  const withoutCarrier = digits.replace(carrierPrefix, '');
  if (withoutCarrier !== digits) readings.push(withoutCarrier);
  if (trunkPrefix !== '' && digits.startsWith(trunkPrefix)) {
    const outside = digits.slice(trunkPrefix.length);
    readings.push(outside, outside.replace(carrierPrefix, ''));
  }
  const abroad = /^(?:184|186)?(?:00\d{2}|001)?(?:010|0011|011|00)([1-9]\d+)$/.exec(digits)?.[1];
  if (abroad !== undefined) readings.push(`+${abroad}`);
  if (/^[1-9]\d{9,14}$/.test(digits)) readings.push(`+${digits}`);
  return readings;
}

function parse(text: string, region: CountryCode): PhoneNumber | null {
  return parsePhoneNumberFromString(text, { defaultCountry: region, extract: false }) ?? null;
}

/**
 * A number of the right length that the numbering plan does not know: a range opened after our tables were made, or a made-up one
 * that a CRM holds all the same. A caller must be found under it.
 */
function isPlausible(found: PhoneNumber, reading: string): boolean {
  if (found.number.startsWith('+81')) {
    return /^(?:0|\+?81)/.test(reading) && /^\+81(?:[1-9]\d{8}|[2-9]0\d{8})$/.test(found.number);
  }
  return /^[0+]/.test(reading) && found.isPossible() && found.nationalNumber.length >= 7 && !found.nationalNumber.startsWith('0');
}

function numberOf(found: PhoneNumber, region: CountryCode, extension: string | null): ReadNumber {
  const lineType = lineTypeOf(found.getType());
  return {
    kind: 'number',
    e164: found.number,
    // Made when somebody looks: a million records of a first sync are compared, not shown.
    get national() {
      return found.country === region ? found.formatNational() : found.formatInternational();
    },
    extension,
    lineType,
    tollFree: lineType === 'tollFree',
  };
}

function lineTypeOf(type: NumberType): LineType {
  switch (type) {
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
      return 'fixed';
    case 'MOBILE':
      return 'mobile';
    case 'TOLL_FREE':
      return 'tollFree';
    case 'VOIP':
      return 'ip';
    case 'UAN':
    case 'SHARED_COST':
      return 'shared';
    case 'PREMIUM_RATE':
      return 'premium';
    case 'PAGER':
      return 'pager';
    default:
      return 'other';
  }
}

/** `03-1234-5678`, `9` → `03-1234-5678`, `03-1234-5679`: a switchboard's neighbouring lines. */
function withRangeEnds(pieces: readonly string[]): readonly string[] {
  const filled: string[] = [];
  for (const piece of withoutEmpty(pieces)) {
    const before = filled.at(-1);
    const isRangeEnd = /^\d{1,2}$/.test(piece) && before !== undefined && /\d{4}$/.test(before);
    filled.push(isRangeEnd ? before.slice(0, -piece.length) + piece : piece);
  }
  return filled;
}

function withoutEmpty(pieces: readonly string[]): readonly string[] {
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

function eachOnce(numbers: readonly Extract<ReadNumber, { kind: 'number' }>[]): readonly ReadNumber[] {
  return [...new Map(numbers.map((number) => [number.e164, number])).values()];
}

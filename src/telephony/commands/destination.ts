/**
 * Where a call may go: from what a person typed, read as a number, to the digits this PBX is to dial, or the reason why not. Only
 * digits come out, so no text whatever can become a channel, a header or a variable of the PBX. Pure.
 */

/** What the reading of numbers makes of a text (full-width digits, hyphens, `+81` … are its business). */
export type ReadDestination =
  | { readonly kind: 'number'; readonly e164: string; readonly national: string; readonly lineType: string }
  /** An inside extension or a short code. */
  | { readonly kind: 'extension'; readonly digits: string }
  | { readonly kind: 'withheld' | 'unreadable' };

export interface DiallingRules {
  /** Calling code of the hub's own country, digits: `81`. */
  readonly countryCode: string;
  /** What the PBX wants before numbers outside; often nothing. */
  readonly outsidePrefix: string;
  /** What the network wants before other countries' numbers: `010` in Japan. */
  readonly internationalPrefix: string;
  /** What may be dialled inside. */
  readonly isInside: (digits: string) => boolean;
  /** Short codes of emergency services. */
  readonly emergency: readonly string[];
  /** Kinds of number that are refused unless they are here. */
  readonly allow: ReadonlySet<GuardedKind>;
}

export type GuardedKind = 'emergency' | 'premium' | 'international';

export type Destination =
  /** `dial` is what the PBX gets. */
  | { readonly kind: 'outside'; readonly dial: string; readonly e164: string }
  | { readonly kind: 'inside'; readonly dial: string }
  | { readonly kind: 'refused'; readonly because: DestinationRefusal };

export type DestinationRefusal = 'unreadable' | 'unknownExtension' | GuardedKind;

export const japaneseRules: DiallingRules = {
  countryCode: '81',
  outsidePrefix: '',
  internationalPrefix: '010',
  // Three digits that begin with 1 are the network's own services.
  isInside: (digits) => /^(?:[2-9]\d\d|\d{4,5})$/.test(digits),
  emergency: ['110', '118', '119'],
  allow: new Set(),
};

/** A person may ask for every call to withhold (184) or show (186) the own number; it is no part of the number. */
const presentationPrefix = /^(18[46])(?=0\d)/;

export function checkDestination(typed: string, read: ReadDestination, rules: DiallingRules): Destination {
  switch (read.kind) {
    case 'number':
      return checkNumber(typed, read, rules);
    case 'extension':
      return checkExtension(read.digits, rules);
    default:
      return refused('unreadable');
  }
}

function checkNumber(
  typed: string,
  { e164, national, lineType }: Extract<ReadDestination, { kind: 'number' }>,
  rules: DiallingRules,
): Destination {
  if (!/^\+\d{5,15}$/.test(e164)) return refused('unreadable');
  const isForeign = !e164.startsWith(`+${rules.countryCode}`);
  if (isForeign && !rules.allow.has('international')) return refused('international');
  if (lineType === 'premium' && !rules.allow.has('premium')) return refused('premium');
  if (isForeign) return outside(`${rules.internationalPrefix}${e164.slice(1)}`, e164, rules);
  const digits = digitsOf(national);
  const presentation = presentationPrefix.exec(digitsOf(typed))?.[1] ?? '';
  return /^\d{5,15}$/.test(digits) ? outside(`${presentation}${digits}`, e164, rules) : refused('unreadable');
}

function outside(digits: string, e164: string, rules: DiallingRules): Destination {
  return { kind: 'outside', dial: `${rules.outsidePrefix}${digits}`, e164 };
}

/** Feature codes (`*8`, `#1`) are for hands on a phone: nothing here dials them. */
function checkExtension(digits: string, rules: DiallingRules): Destination {
  if (!/^\d{1,15}$/.test(digits)) return refused('unknownExtension');
  if (isEmergency(digits, rules)) {
    return rules.allow.has('emergency') ? { kind: 'inside', dial: digits } : refused('emergency');
  }
  return rules.isInside(digits) ? { kind: 'inside', dial: digits } : refused('unknownExtension');
}

/** With or without what the PBX wants before numbers outside. */
function isEmergency(digits: string, { emergency, outsidePrefix }: DiallingRules): boolean {
  return emergency.some((code) => digits === code || digits === `${outsidePrefix}${code}`);
}

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

function refused(because: DestinationRefusal): Destination {
  return { kind: 'refused', because };
}

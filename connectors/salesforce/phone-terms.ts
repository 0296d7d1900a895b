/** What of a number identifies it in whatever spelling. Pure. */

const FEWEST_DIGITS = 7;
/** Longer than any telephone number with everything before it. */
const MOST_DIGITS = 24;
const MOST_TERMS = 8;

/** All digits of a text, full-width ones included. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

/**
 * The digits that every spelling ends with: the number without trunk prefix and country code. Null when that is too short or too long to be
 * a customer's number; nothing is looked up then.
 */
export function commonDigits(number: string, spellings: readonly string[]): string | null {
  const forms = [number, ...spellings]
    .map(digitsOf)
    .filter((digits) => digits.length >= FEWEST_DIGITS && digits.length <= MOST_DIGITS);
  const [first] = forms;
  if (first === undefined) return null;
  let length = first.length;
  for (const form of forms) {
    let shared = 0;
    while (shared < Math.min(length, form.length) && form.at(-1 - shared) === first.at(-1 - shared)) shared += 1;
    // A spelling with an extension behind it ends otherwise; it must not spoil the others.
    if (shared >= FEWEST_DIGITS) length = shared;
  }
  return first.slice(first.length - length);
}

/** The digit strings to search for. Only digits, so that nothing of a caller id can reach the search as syntax. */
export function searchTerms(number: string, spellings: readonly string[], common: string): readonly string[] {
  const terms = new Set([common, digitsOf(number), ...spellings.map(digitsOf)]);
  return [...terms].filter((term) => term.length >= FEWEST_DIGITS && term.length <= MOST_DIGITS).slice(0, MOST_TERMS);
}

import type { UnreadableNumber } from '../callers/directory-entry.ts';

/** Why nobody can dial what stands in a field; `--csv` and `--json` keep the code. */
export const whyInWords: Readonly<Record<UnreadableNumber['why'], string>> = {
  withheld: 'says that the number is withheld',
  tooLong: 'too long',
  noDigits: 'no digits in it',
  strangeCharacters: 'characters that are in no number',
  tooFewDigits: 'too few digits',
  tooManyDigits: 'too many digits',
  noSuchNumber: 'no such number can exist',
  several: 'several numbers in one field',
};

import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { TemplateFilter } from './template-filter.ts';

/** `{{ did | e164 }}` → +81398765432. */
export const e164: TemplateFilter = {
  name: 'e164',
  apply: (value, { region }) => {
    if (typeof value !== 'string') return value;
    return parsePhoneNumberFromString(value, isSupportedCountry(region) ? region : 'JP')?.number ?? value;
  },
};

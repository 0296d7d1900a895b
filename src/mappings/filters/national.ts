import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { TemplateFilter } from './template-filter.ts';

function written(text: string, region: string): string {
  const home: CountryCode = isSupportedCountry(region) ? region : 'JP';
  const number = parsePhoneNumberFromString(text, home);
  if (number === undefined) return text;
  const isHome =
    number.country === home || number.countryCallingCode === parsePhoneNumberFromString('0312345678', home)?.countryCallingCode;
  return isHome ? number.formatNational() : number.formatInternational();
}

/** `{{ customer.number | national }}` → 03-1234-5678; numbers of other countries keep theirs: +1 415 555 2671. */
export const national: TemplateFilter = {
  name: 'national',
  apply: (value, { region }) => (typeof value === 'string' ? written(value, region) : value),
};

/** A number that dials itself when it is clicked; plain text where nothing can be dialled. */
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import css from './dial-link.module.css';
import { useDial } from './use-pbx-commands.ts';

export function DialLink({ number }: { readonly number: string }) {
  const { t } = useTranslation();
  const dial = useDial();
  if (dial === null) return <>{number}</>;
  return (
    <button type="button" className={css.link} onClick={() => dial(number)} aria-label={t('dial.callNumber', { number })}>
      {number}
      <IconPhoneOutgoing className={css.icon ?? ''} size="0.8em" aria-hidden />
    </button>
  );
}

/** Whether a value on a CRM's card is a telephone number as people write it in Japan; dates and order numbers are not. */
export function looksDialable(value: string): boolean {
  const text = value.normalize('NFKC').trim();
  return (
    /^(?:\+81[-\s]?|0)\d{1,4}[-\s(]\d{1,4}[-\s)]\d{3,4}$/.test(text) || /^(?:0[5789]0\d{8}|0120\d{6}|0[1-9]\d{8})$/.test(text)
  );
}

/** Whether the page can be trusted: it sits in the header's own space, so that nothing moves when it appears. */
import { useTranslation } from 'react-i18next';
import type { LineState } from '../hub/desk-line.ts';
import css from './line-banner.module.css';

export function LineBanner({ line }: { readonly line: LineState }) {
  const { t } = useTranslation();
  if (line === 'connected') {
    return (
      <span className={css.well} data-line="connected">
        <i aria-hidden /> {t('header.connected')}
      </span>
    );
  }
  if (line === 'signedOut') return null;
  return (
    <div role="alert" className={line === 'connecting' ? css.connecting : css.lost}>
      {t(`line.${line}`)}
    </div>
  );
}

/** Says to screen readers what rings, without touching the focus. */
import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { customerName } from '../../desk/desk-view.ts';
import type { Pop } from '../../desk/pop.ts';

export function Announcer({ pops }: { readonly pops: readonly Pop[] }) {
  const { t } = useTranslation();
  const ringing = pops.filter((pop) => pop.stage === 'ringing');
  return (
    <VisuallyHidden aria-live="assertive" role="status">
      {ringing
        .map((pop) => t('desk.announceRinging', { who: customerName(pop) ?? pop.customer?.display ?? t('desk.withheld') }))
        .join(' ')}
    </VisuallyHidden>
  );
}

/** A call that rings while another card is in front: above everything, with the way to it. */
import { Button } from '@mantine/core';
import { IconPhoneIncoming } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { customerName } from '../../desk/desk-view.ts';
import type { Pop } from '../../desk/pop.ts';
import { Elapsed } from './clock.tsx';
import css from './ringing-notice.module.css';

interface RingingNoticeProps {
  /** In the order of the list. */
  readonly pops: readonly Pop[];
  readonly selected: string | null;
  readonly onShow: (callId: string) => void;
}

export function RingingNotice({ pops, selected, onShow }: RingingNoticeProps) {
  const { t } = useTranslation();
  const ringing = pops.find((pop) => pop.stage === 'ringing');
  const isRingingInFront = pops.some((pop) => pop.stage === 'ringing' && pop.callId === selected);
  if (!ringing || isRingingInFront) return null;
  const who = customerName(ringing) ?? ringing.customer?.display ?? t(ringing.customer ? 'desk.withheld' : 'stageInternal');
  return (
    <div className={css.notice}>
      <IconPhoneIncoming size={24} aria-hidden />
      <strong className={css.who}>{t('desk.ringingElsewhere', { who })}</strong>
      <Elapsed since={ringing.since} />
      <Button
        className={css.show ?? ''}
        variant="default"
        size="compact-md"
        onClick={() => onShow(ringing.callId)}
        aria-keyshortcuts="F2"
        rightSection={
          <kbd className="key" aria-hidden>
            F2
          </kbd>
        }
      >
        {t('desk.show')}
      </Button>
    </div>
  );
}

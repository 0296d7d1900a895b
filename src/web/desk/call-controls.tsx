/** What can be done with the call in front: hold, hand over, park, hang up. */
import { Button } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconParking,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Pop } from '../../desk/pop.ts';
import css from './call-controls.module.css';
import type { CallAction } from './use-pbx-commands.ts';

export type CallControl = CallAction | 'transfer';

interface CallControlsProps {
  readonly pop: Pop;
  readonly onControl: (control: CallControl) => void;
}

interface Look {
  readonly label:
    | 'hold'
    | 'resume'
    | 'transfer'
    | 'park'
    | 'hangUp'
    | 'stopDialling'
    | 'completeTransfer'
    | 'backToCustomer'
    | 'retrieve';
  readonly Icon: TablerIcon;
  /** As on the key; null when there is none. */
  readonly shortcut: string | null;
}

export function CallControls({ pop, onControl }: CallControlsProps) {
  const { t } = useTranslation();
  const controls = controlsOf(pop);
  if (controls.length === 0) return null;
  return (
    <div className={css.row} role="toolbar" aria-label={t('control.toolbar')}>
      {controls.map((control) => {
        const { label, Icon, shortcut } = lookOf(control, pop);
        return (
          <Button
            key={control}
            size="compact-md"
            h={38}
            px={10}
            variant={control === 'completeTransfer' ? 'filled' : 'default'}
            className={control === 'hangUp' ? (css.hangUp ?? '') : ''}
            leftSection={<Icon size={18} />}
            rightSection={
              shortcut === null ? null : (
                <kbd className="key" aria-hidden>
                  {shortcut}
                </kbd>
              )
            }
            onClick={() => onControl(control)}
          >
            {t(`control.${label}`)}
          </Button>
        );
      })}
    </div>
  );
}

/** What this operator may do with the call as it stands, in the order of the buttons. */
export function controlsOf({ stage, consulting }: Pick<Pop, 'stage' | 'consulting'>): readonly CallControl[] {
  switch (stage) {
    case 'dialling':
      return ['hangUp'];
    case 'talking':
      return ['hold', 'transfer', 'park', 'hangUp'];
    case 'held':
      if (consulting === 'asking') return ['completeTransfer', 'resume', 'hangUp'];
      return consulting === 'asked' ? ['hangUp'] : ['resume', 'transfer', 'park', 'hangUp'];
    case 'parked':
      return ['retrieve'];
    default:
      return [];
  }
}

function lookOf(control: CallControl, { stage, consulting }: Pop): Look {
  switch (control) {
    case 'hold':
      return { label: 'hold', Icon: IconPlayerPause, shortcut: 'H' };
    case 'resume':
      return consulting === 'asking'
        ? { label: 'backToCustomer', Icon: IconArrowBackUp, shortcut: 'H' }
        : { label: 'resume', Icon: IconPlayerPlay, shortcut: 'H' };
    case 'transfer':
      return { label: 'transfer', Icon: IconArrowForwardUp, shortcut: 'T' };
    case 'completeTransfer':
      return { label: 'completeTransfer', Icon: IconArrowForwardUp, shortcut: 'T' };
    case 'park':
      return { label: 'park', Icon: IconParking, shortcut: 'P' };
    case 'retrieve':
      return { label: 'retrieve', Icon: IconPhoneIncoming, shortcut: 'P' };
    case 'hangUp':
      return { label: stage === 'dialling' ? 'stopDialling' : 'hangUp', Icon: IconPhoneOff, shortcut: '⇧E' };
  }
}

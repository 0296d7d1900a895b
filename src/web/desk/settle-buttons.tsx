/** Done, or put away without an outcome. */
import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Pop } from '../../desk/pop.ts';
import css from './settle-buttons.module.css';

interface SettleButtonsProps {
  readonly pop: Pop;
  readonly onDone: () => void;
  readonly onDismiss: (() => void) | null;
}

const COMMAND_KEY = /mac/i.test(navigator.platform) ? '⌘' : 'Ctrl';

export function SettleButtons({ pop, onDone, onDismiss }: SettleButtonsProps) {
  const { t } = useTranslation();
  const isOver = pop.stage === 'afterCall' || pop.stage === 'handedOver';
  return (
    <div className={css.row}>
      <Button
        size="md"
        h={48}
        px="md"
        variant={isOver ? 'filled' : 'default'}
        disabled={pop.finished}
        leftSection={<IconCheck size={20} />}
        rightSection={
          <kbd className="key" aria-hidden>
            {COMMAND_KEY} ↵
          </kbd>
        }
        onClick={onDone}
        aria-keyshortcuts="Control+Enter Meta+Enter"
      >
        {pop.finished ? t('desk.finishing') : t(isOver ? 'desk.done' : 'desk.doneAfter')}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        px="xs"
        disabled={onDismiss === null}
        onClick={() => onDismiss?.()}
        aria-keyshortcuts="x"
        rightSection={
          <kbd className="key" aria-hidden>
            X
          </kbd>
        }
      >
        {t('desk.dismiss')}
      </Button>
    </div>
  );
}

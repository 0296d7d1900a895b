/** Clears the after-call pile at one stroke; nothing written is lost, and the pile can be had back. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { isPuttableStage, type Pop } from '../../desk/pop.ts';
import { send } from '../hub/fetch-json.ts';
import type { PaperworkDrawer } from './paperwork-drawer.ts';
import type { useCommand } from './use-desk.ts';

const UNDO_MS = 20_000;

export function usePutAwayAll(pops: readonly Pop[], drawer: PaperworkDrawer, command: ReturnType<typeof useCommand>): () => void {
  const { t } = useTranslation();
  const putAway = async () => {
    for (const pop of pops.filter(({ stage }) => isPuttableStage(stage))) {
      if (!(await drawer.of(pop).flush())) return fail(t('desk.offline'));
    }
    try {
      const { dismissed } = await send<{ dismissed: readonly string[] }>('POST', '/desk/dismiss-all');
      if (dismissed.length > 0) offerUndo(dismissed);
    } catch {
      fail(t('desk.failed', { reason: t('desk.unreachable') }));
    }
  };
  const offerUndo = (dismissed: readonly string[]) => {
    const id = `put-away ${dismissed[0]}`;
    const undo = async () => {
      notifications.hide(id);
      for (const callId of dismissed) if (!(await command('POST', `/calls/${callId}/reopen`))) return;
    };
    notifications.show({
      id,
      autoClose: UNDO_MS,
      title: t('desk.putAwayDone', { count: dismissed.length }),
      message: (
        <Button size="compact-sm" variant="light" onClick={() => void undo()}>
          {t('desk.undo')}
        </Button>
      ),
    });
  };
  return () => void putAway();
}

function fail(message: string): void {
  notifications.show({ color: 'red', message });
}

/** How far one CRM is with one call, why, and what can be done about it. */
import { Anchor, Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LedgerEntry } from '../../desk/desk-ports.ts';
import { useConnectorLabel } from '../desk/connector-label.ts';
import { useCommand } from '../desk/use-desk.ts';
import { useWhen } from '../desk/when.ts';
import { ja } from '../language/ja.ts';
import css from './ledger-entry-cell.module.css';

interface LedgerEntryCellProps {
  readonly callId: string;
  readonly entry: LedgerEntry;
}

export function LedgerEntryCell({ callId, entry }: LedgerEntryCellProps) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const when = useWhen();
  const act = useOwedCommands(callId, entry);
  const [isAsking, setAsking] = useState(false);
  const isStuck = entry.state === 'refused' || entry.state === 'needsPerson';
  const reason = entry.reason && reasonKey(entry.reason.code, entry);
  return (
    <div className={css.entry} data-state={entry.state}>
      <b>
        {connectorLabel(entry.connector)}
        {entry.part === 'followUp' && <small>{t('admin.followUp')}</small>}
      </b>
      <span className={css.state}>{t(`ledgerState.${entry.state}`)}</span>
      <span className={css.why}>
        {reason && t(`reason.${reason}`)}
        {entry.reason?.detail && <code title={entry.reason.detail}>{entry.reason.detail}</code>}
        {entry.state !== 'logged' && entry.attempts > 0 && <small>{t('admin.attempts', { count: entry.attempts })}</small>}
        {entry.nextTryAt !== null && <small>{t('admin.nextTry', { time: when.time(entry.nextTryAt) })}</small>}
        {entry.recordUrl !== null && /^https?:\/\//i.test(entry.recordUrl) && (
          <Anchor href={entry.recordUrl} target="_blank" rel="noopener noreferrer" size="sm">
            {t('admin.openRecord')}
          </Anchor>
        )}
      </span>
      <span className={css.tools}>
        {(isStuck || entry.state === 'waiting') && !POINTLESS_TO_RETRY.includes(entry.reason?.code ?? '') && (
          <Button size="compact-sm" variant="default" onClick={() => void act('retry')}>
            {t('admin.retry')}
          </Button>
        )}
        {isStuck && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t('admin.discard')}
          </Button>
        )}
        {entry.reason?.code === 'discarded' && (
          <Button size="compact-sm" variant="subtle" onClick={() => void act('restore')}>
            {t('admin.restore')}
          </Button>
        )}
      </span>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t('admin.discardTitle')} centered>
        <Text>
          {t(entry.part === 'followUp' ? 'admin.discardFollowUpText' : 'admin.discardText', {
            connector: connectorLabel(entry.connector),
          })}
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
            {t('admin.cancel')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              setAsking(false);
              void act('discard');
            }}
          >
            {t('admin.discard')}
          </Button>
        </Group>
      </Modal>
    </div>
  );
}

function useOwedCommands(callId: string, { connector, part }: LedgerEntry) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const command = useCommand();
  const run = async (name: 'retry' | 'discard' | 'restore'): Promise<void> => {
    const isDone = await command('POST', `/owed/${callId}/${connector}/${name}`, { part });
    await queries.invalidateQueries({ queryKey: ['owed'] });
    if (name !== 'discard' || !isDone) return;
    const id = `discarded ${callId} ${connector} ${part}`;
    const undo = () => {
      notifications.hide(id);
      void run('restore');
    };
    notifications.show({
      id,
      autoClose: 20_000,
      title: t('admin.discarded'),
      message: (
        <Button size="compact-sm" variant="light" onClick={undo}>
          {t('admin.undo')}
        </Button>
      ),
    });
  };
  return run;
}

/** A call that goes on is written when it ends; of two records a person has to remove one. */
const POINTLESS_TO_RETRY: readonly string[] = ['stillTalking', 'duplicate'];

function reasonKey(code: string, { state, part }: LedgerEntry): keyof typeof ja.reason {
  if (part === 'followUp' && code === 'mapping' && state === 'notNeeded') return 'notPromised';
  if (part === 'followUp' && code === 'missing' && state === 'needsPerson') return 'noPlace';
  // A mapping may say that a kind of call is not logged: that is no mistake in it.
  if (code === 'mapping' && state === 'notNeeded') return 'skipped';
  return Object.hasOwn(ja.reason, code) ? (code as keyof typeof ja.reason) : 'other';
}

/** The ledger: every call, and how far each CRM is with it. */
import { Button, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LedgerState } from '../../desk/desk-ports.ts';
import { useWhen } from '../desk/when.ts';
import { send } from '../hub/fetch-json.ts';
import { type LedgerPage, type ShownLedgerRow, useAgentName, useOutcomeLabel } from '../hub/queries.ts';
import page from './admin-page.module.css';
import { LedgerEntryCell } from './ledger-entry-cell.tsx';
import css from './ledger-table.module.css';
import { LEDGER_STATES } from './owed-number.tsx';

interface LedgerTableProps {
  readonly pages: readonly LedgerPage[] | null;
  readonly filter: LedgerState | null;
  readonly onFilter: (state: LedgerState | null) => void;
  /** Null when there are no older calls. */
  readonly onMore: (() => void) | null;
}

export function LedgerTable({ pages, filter, onFilter, onMore }: LedgerTableProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rows = pages?.flatMap((one) => one.rows);
  const stuck = pages?.[0]?.summary.connectors.some(({ counts }) => counts.needsPerson + counts.refused > 0) ?? false;
  const retryAll = async () => {
    try {
      const { retried } = await send<{ retried: number }>('POST', '/owed/retry', {});
      notifications.show({ message: t('admin.retried', { count: retried }) });
    } catch {
      notifications.show({ color: 'red', message: t('desk.failed', { reason: t('desk.unreachable') }) });
    }
    await queries.invalidateQueries({ queryKey: ['owed'] });
  };
  return (
    <section className={page.sheet}>
      <h2>{t('admin.ledger')}</h2>
      <div className={css.tools}>
        <SegmentedControl
          aria-label={t('admin.ledger')}
          value={filter ?? 'all'}
          onChange={(value) => onFilter(value === 'all' ? null : (value as LedgerState))}
          data={[
            { value: 'all', label: t('admin.all') },
            ...LEDGER_STATES.map((state) => ({ value: state, label: t(`ledgerState.${state}`) })),
          ]}
        />
        <Button variant="default" disabled={!stuck} onClick={() => void retryAll()}>
          {t('admin.retryAll')}
        </Button>
      </div>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('admin.when')}</th>
            <th scope="col">{t('admin.customer')}</th>
            <th scope="col">{t('admin.agent')}</th>
            <th scope="col">{t('admin.outcome')}</th>
            <th scope="col">{t('admin.crm')}</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <LedgerLine key={row.call.id} row={row} />
          ))}
        </tbody>
      </table>
      {rows?.length === 0 && <p className={css.empty}>{t('admin.empty')}</p>}
      {onMore !== null && (
        <Button className={css.more} variant="subtle" onClick={onMore}>
          {t('admin.more')}
        </Button>
      )}
    </section>
  );
}

function LedgerLine({ row: { call, entries, display } }: { readonly row: ShownLedgerRow }) {
  const { t } = useTranslation();
  const when = useWhen();
  const agentName = useAgentName();
  const outcomeLabel = useOutcomeLabel();
  const agent = call.spokeWith.at(-1) ?? call.placedBy;
  const customer = call.matches[0]?.name ?? call.customer?.name;
  return (
    <tr data-call={call.id}>
      <td className="numbers">
        {when.dateTime(call.startedAt)}
        <small>{t(`direction.${call.direction}`)}</small>
        {call.filledIn && <small title={t('admin.filledInHint')}>{t('admin.filledIn')}</small>}
      </td>
      <td>
        {customer}
        <small className="numbers">{call.customer?.withheld ? t('admin.withheld') : display}</small>
      </td>
      <td>{agent && agentName(agent)}</td>
      <td>
        {outcomeLabel(call.outcome)}
        <small>{call.result && t(`result.${call.result}`)}</small>
        {call.followUp !== null && (
          <small className="numbers">
            {call.followUp.state === 'cancelled'
              ? t('admin.followUpCancelled')
              : t('admin.followUpDue', { at: when.dateTime(call.followUp.dueAt) })}
          </small>
        )}
      </td>
      <td>
        {entries.map((entry) => (
          <LedgerEntryCell key={`${entry.connector} ${entry.part}`} callId={call.id} entry={entry} />
        ))}
      </td>
    </tr>
  );
}

/** Earlier calls with this customer, newest first. */
import { Skeleton } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EarlierCall } from '../../desk/desk-ports.ts';
import { useAgentName, useOutcomeLabel } from '../hub/queries.ts';
import css from './earlier-calls.module.css';
import card from './pop-card.module.css';
import { useWhen } from './when.ts';

export function EarlierCalls({ earlier }: { readonly earlier: readonly EarlierCall[] | null }) {
  const { t } = useTranslation();
  return (
    <section className={card.section}>
      <h3>{t('desk.earlier')}</h3>
      {earlier === null && <Skeleton height={60} />}
      {earlier?.length === 0 && <p className={card.quiet}>{t('desk.noEarlier')}</p>}
      <ol className={css.list}>
        {earlier?.map((call) => (
          <EarlierLine key={call.callId} call={call} />
        ))}
      </ol>
    </section>
  );
}

function EarlierLine({ call }: { readonly call: EarlierCall }) {
  const { t } = useTranslation();
  const when = useWhen();
  const agentName = useAgentName();
  const outcomeLabel = useOutcomeLabel();
  const Icon = call.direction === 'outbound' ? IconArrowUpRight : IconArrowDownLeft;
  return (
    <li className={css.call}>
      <Icon size={18} aria-label={t(`direction.${call.direction}`)} />
      <time className="numbers" dateTime={call.at}>
        {when.date(call.at)} {when.time(call.at)}
      </time>
      <span className={css.agent}>{call.agent === null ? '' : agentName(call.agent)}</span>
      <span className={css.outcome}>{outcomeLabel(call.outcome) ?? (call.result && t(`result.${call.result}`))}</span>
      {call.notes !== null && (
        <p className={css.notes} title={call.notes}>
          {call.notes}
        </p>
      )}
    </li>
  );
}

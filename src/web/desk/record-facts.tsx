/** What the CRMs say about the customer, in the mapping's order; and the other candidates, should the choice have been wrong. */
import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MatchedRecord } from '../../callers/caller-match.ts';
import type { Pop } from '../../desk/pop.ts';
import { useCardLabel } from './card-label.ts';
import { useConnectorLabel } from './connector-label.ts';
import { DialLink, looksDialable } from './dial-link.tsx';
import card from './pop-card.module.css';
import { choicesOf, RecordChoice } from './record-choice.tsx';
import css from './record-facts.module.css';

interface RecordFactsProps {
  readonly pop: Pop;
  readonly onChoose: (connector: string, record: { object: string; id: string } | null) => void;
}

export function RecordFacts({ pop, onChoose }: RecordFactsProps) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const isLooking = pop.match === null && !pop.customer?.withheld;
  const chosen = Object.values(pop.match?.chosen ?? {});
  const choices = choicesOf(pop);
  const unasked = pop.match?.unasked ?? [];
  return (
    <section className={card.section}>
      <h3>{t('desk.facts')}</h3>
      <div className={css.records}>
        {isLooking && <Skeleton height={84} />}
        {choices.length > 0 && <RecordChoice pop={pop} onChoose={onChoose} />}
        {!isLooking && chosen.length === 0 && choices.length === 0 && <p className={card.quiet}>{t('desk.noFacts')}</p>}
        {chosen.map((record) => (
          <RecordFactsOf key={record.connector} record={record} others={othersOf(pop, record)} onChoose={onChoose} />
        ))}
        <OtherRecords records={declinedOf(pop)} onChoose={onChoose} />
      </div>
      {unasked.length > 0 && (
        <p className={css.unasked}>{t('desk.unasked', { connectors: unasked.map(connectorLabel).join('、') })}</p>
      )}
    </section>
  );
}

interface RecordFactsOfProps {
  readonly record: MatchedRecord;
  readonly others: readonly MatchedRecord[];
  readonly onChoose: RecordFactsProps['onChoose'];
}

function RecordFactsOf({ record, others, onChoose }: RecordFactsOfProps) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const cardLabel = useCardLabel();
  return (
    <div className={css.record}>
      <p className={css.origin}>{connectorLabel(record.connector)}</p>
      {record.card.length === 0 && <p className={card.quiet}>{t('desk.noFacts')}</p>}
      <dl className={css.facts}>
        {record.card.map((line) => (
          <div key={line.label}>
            <dt>{cardLabel(line)}</dt>
            <dd>{looksDialable(line.value) ? <DialLink number={line.value} /> : line.value === '' ? '–' : line.value}</dd>
          </div>
        ))}
      </dl>
      <OtherRecords records={others} onChoose={onChoose} />
    </div>
  );
}

interface OtherRecordsProps {
  readonly records: readonly MatchedRecord[];
  readonly onChoose: RecordFactsProps['onChoose'];
}

/** Whoever chose wrongly chooses again. */
function OtherRecords({ records, onChoose }: OtherRecordsProps) {
  const { t } = useTranslation();
  if (records.length === 0) return null;
  return (
    <p className={css.others}>
      {t('desk.otherRecords')}
      {records.map((record) => (
        <button
          type="button"
          key={`${record.connector} ${record.object} ${record.id}`}
          aria-label={t('desk.choose', { name: record.name })}
          onClick={() => onChoose(record.connector, { object: record.object, id: record.id })}
        >
          {record.name}
        </button>
      ))}
    </p>
  );
}

function declinedOf(pop: Pop): readonly MatchedRecord[] {
  return (pop.match?.records ?? []).filter(({ connector }) => pop.declined.includes(connector));
}

function othersOf(pop: Pop, chosen: MatchedRecord): readonly MatchedRecord[] {
  return (pop.match?.records ?? []).filter(
    (record) => record.connector === chosen.connector && (record.id !== chosen.id || record.object !== chosen.object),
  );
}

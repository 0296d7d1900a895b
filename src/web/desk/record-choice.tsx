/** Several customers share the number: one card each, one key each. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MatchedRecord } from '../../callers/caller-match.ts';
import type { Pop } from '../../desk/pop.ts';
import { useCardLabel } from './card-label.ts';
import { useConnectorLabel } from './connector-label.ts';
import css from './record-choice.module.css';

interface RecordChoiceProps {
  readonly pop: Pop;
  readonly onChoose: (connector: string, record: { object: string; id: string } | null) => void;
}

/** The records among which somebody has to choose: those of connectors that offer several and have none chosen. */
export function choicesOf(pop: Pop): readonly MatchedRecord[] {
  const { match } = pop;
  if (match?.kind !== 'ambiguous') return [];
  return match.records.filter(
    ({ connector }) => !match.chosen[connector] && !pop.declined.includes(connector) && countOf(pop, connector) > 1,
  );
}

export function RecordChoice({ pop, onChoose }: RecordChoiceProps) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const cardLabel = useCardLabel();
  const choices = choicesOf(pop);
  const connectors = [...new Set(choices.map(({ connector }) => connector))];
  return (
    <div className={css.choice}>
      {choices.map((record, index) => (
        <button
          type="button"
          key={`${record.connector} ${record.object} ${record.id}`}
          className={css.record}
          aria-label={t('desk.choose', { name: record.name })}
          onClick={() => onChoose(record.connector, { object: record.object, id: record.id })}
        >
          <span className={css.top}>
            <b>{record.name}</b>
            {index < 9 && <kbd className="key">{index + 1}</kbd>}
          </span>
          {record.card.slice(0, 3).map((line) => (
            <span key={line.label} className={css.fact}>
              <small>{cardLabel(line)}</small> {line.value}
            </span>
          ))}
          <small className={css.origin}>
            {connectorLabel(record.connector)}
            {record.object === record.connector ? '' : ` · ${record.object}`}
          </small>
        </button>
      ))}
      {connectors.map((connector) => (
        <Button key={connector} variant="subtle" color="gray" size="compact-sm" onClick={() => onChoose(connector, null)}>
          {connectors.length > 1 ? `${connectorLabel(connector)}: ${t('desk.noneOfThese')}` : t('desk.noneOfThese')}
        </Button>
      ))}
    </div>
  );
}

function countOf(pop: Pop, connector: string): number {
  return pop.match?.records.filter((record) => record.connector === connector).length ?? 0;
}

/** Who it is: one big name, several to choose from, nobody we know, or nobody who says. */
import { Button, Skeleton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { customerName } from '../../desk/desk-view.ts';
import type { Pop } from '../../desk/pop.ts';
import { useConnectorLabel } from './connector-label.ts';
import css from './customer-head.module.css';
import { DialLink } from './dial-link.tsx';
import { choicesOf } from './record-choice.tsx';

export function CustomerHead({ pop }: { readonly pop: Pop }) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const number = pop.customer?.display ?? null;
  return (
    <section className={css.head}>
      <div className={css.who}>
        <h1 className={css.name} title={customerName(pop) ?? undefined}>
          <Name pop={pop} />
        </h1>
        <p className={css.company}>{subtitleOf(pop) ?? <Hint pop={pop} />}</p>
      </div>
      <div className={css.side}>
        {number !== null && (
          <span className={css.number} title={number}>
            {pop.stage === 'afterCall' || pop.stage === 'handedOver' ? <DialLink number={number} /> : number}
          </span>
        )}
        <div className={css.links}>
          {pagesOf(pop).map((record, index) => (
            <Button
              key={record.connector}
              component="a"
              href={safeUrl(record.url)}
              target="_blank"
              rel="noopener noreferrer"
              variant={index === 0 ? 'filled' : 'default'}
              rightSection={<IconExternalLink size={16} />}
            >
              {t('desk.openIn', { connector: connectorLabel(record.connector) })}
            </Button>
          ))}
        </div>
      </div>
    </section>
  );
}

function Name({ pop }: { readonly pop: Pop }) {
  const { t } = useTranslation();
  const name = customerName(pop);
  if (pop.direction === 'internal') return <>{t('stageInternal')}</>;
  if (pop.customer?.withheld || pop.match?.kind === 'withheld') return <>{t('desk.withheld')}</>;
  if (pop.match === null && name === null) return <Skeleton height={34} width={260} aria-label={t('desk.looking')} />;
  if (name === null && choicesOf(pop).length > 0) return <>{t('desk.ambiguous', { count: choicesOf(pop).length })}</>;
  return <>{name ?? t('desk.unknown')}</>;
}

function Hint({ pop }: { readonly pop: Pop }) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  if (pop.direction === 'internal') return <>{'\u00a0'}</>;
  if (pop.customer?.withheld || pop.match?.kind === 'withheld') return <>{t('desk.withheldHint')}</>;
  if (pop.match === null) return <>{t('desk.looking')}</>;
  const choices = choicesOf(pop);
  if (choices.length > 0) {
    if (customerName(pop) === null) return <>{t('desk.ambiguousHint')}</>;
    const connectors = [...new Set(choices.map(({ connector }) => connectorLabel(connector)))].join('、');
    return <>{t('desk.ambiguousIn', { connectors, count: choices.length })}</>;
  }
  return <>{customerName(pop) === null ? t('desk.unknownHint') : '\u00a0'}</>;
}

/** The first thing the mapping puts on a card: a company, as a rule. */
function subtitleOf(pop: Pop): string | null {
  if (choicesOf(pop).length > 0) return null;
  const firsts = Object.values(pop.match?.chosen ?? {}).map((record) => record.card[0]?.value);
  return firsts.find((value) => value) ?? null;
}

/** The chosen records that have a page; those of an imported list have none. */
function pagesOf({ match }: Pop) {
  return Object.values(match?.chosen ?? {}).filter(({ url }) => url !== '');
}

/** What a CRM calls the address of a record must never become a script. */
function safeUrl(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

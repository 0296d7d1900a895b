/** How much of each CRM's day is used, how long the rest lasts, and what waits for it. */
import { Progress, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { QuotasAnswer } from '../../quotas/quota-routes.ts';
import { useConnectorLabel } from '../desk/connector-label.ts';
import { useWhen } from '../desk/when.ts';
import page from './admin-page.module.css';
import css from './quota-panel.module.css';

type Quota = QuotasAnswer['quotas'][number];
type Budget = Quota['budgets'][number];

export function QuotaPanel({ quotas }: { readonly quotas: readonly Quota[] | null }) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  return (
    <section className={page.sheet} aria-labelledby="quotas">
      <h2 id="quotas">{t('quota.title')}</h2>
      {quotas === null && <Skeleton height={80} />}
      <ul className={css.list}>
        {quotas?.map(({ connector, budgets, hold }) => (
          <li key={connector}>
            {budgets.map((budget) => (
              <BudgetLine key={budget.object} connector={connector} budget={budget} />
            ))}
            {budgets.length === 0 && (
              <div className={css.line}>
                <b>{connectorLabel(connector)}</b>
                <span className={css.figures}>{t('quota.none')}</span>
              </div>
            )}
            {hold !== null && <HoldLine connector={connector} hold={hold} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function BudgetLine({ connector, budget }: { readonly connector: string; readonly budget: Budget }) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const moment = useMoment();
  const count = useCount();
  const { object, used, limit, left, emptyAt, dayEndsAt, waiting } = budget;
  // Whatever is less urgent waits with it.
  const [first] = waiting;
  const part = limit === null ? 0 : Math.min(100, (used / limit) * 100);
  const name = object === null ? connectorLabel(connector) : `${connectorLabel(connector)} ${object}`;
  return (
    <div className={css.line} data-mood={moodOf(budget)}>
      <b>
        {connectorLabel(connector)}
        {object !== null && <small className={css.object}>{object}</small>}
      </b>
      <Progress className={css.bar} value={part} aria-label={name} size="lg" color="var(--bar)" />
      <span className={css.figures}>
        {limit === null
          ? t('quota.usedOfUnknown', { used: count(used) })
          : t('quota.used', { used: count(used), limit: count(limit), left: count(left ?? 0) })}
        <small>{dayEndsAt === null ? t('quota.rolling') : t('quota.resets', { time: moment(dayEndsAt) })}</small>
      </span>
      {emptyAt !== null && (
        <span className={css.empty}>{left === 0 ? t('quota.empty') : t('quota.emptyAt', { time: moment(emptyAt) })}</span>
      )}
      {first !== undefined && (
        <span className={css.waiting}>{t(`quota.waiting.${first.urgency}`, { time: moment(first.until) })}</span>
      )}
    </div>
  );
}

function HoldLine({ connector, hold }: { readonly connector: string; readonly hold: NonNullable<Quota['hold']> }) {
  const { t } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const moment = useMoment();
  return (
    <div className={css.hold}>
      <b>
        {t(hold.kind === 'heldBack' ? 'quota.heldBack' : 'quota.held', {
          connector: connectorLabel(connector),
          time: moment(hold.until),
        })}
      </b>
      <span>{t(`quota.hold.${hold.kind}`)}</span>
      <code>{hold.reason}</code>
    </div>
  );
}

/** The time of day; with its date where that is not today. */
function useMoment(): (at: string) => string {
  const when = useWhen();
  const today = when.date(new Date().toISOString());
  return (at) => (when.date(at) === today ? when.time(at) : when.dateTime(at));
}

function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language === 'ja' ? 'ja-JP' : 'en-GB');
  return (count) => format.format(count);
}

function moodOf({ left, waiting, emptyAt }: Budget): 'well' | 'short' | 'empty' {
  if (left === 0 || waiting.some(({ urgency }) => urgency === 'callLog')) return 'empty';
  return waiting.length > 0 || emptyAt !== null ? 'short' : 'well';
}

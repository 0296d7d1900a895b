/** The number that must be 0. */
import { useTranslation } from 'react-i18next';
import type { LedgerSummary } from '../../desk/desk-ports.ts';
import page from './admin-page.module.css';
import { moodOf } from './mood.ts';
import css from './owed-number.module.css';

export const LEDGER_STATES = ['logged', 'waiting', 'needsPerson', 'refused', 'notNeeded'] as const;

export function OwedNumber({ summary }: { readonly summary: LedgerSummary | null }) {
  const { t } = useTranslation();
  const mood = summary && moodOf(summary);
  return (
    <section className={page.sheet}>
      <h2>{t('admin.owedLabel')}</h2>
      <div className={css.line} data-mood={mood}>
        <output className={css.number} aria-label={t('admin.owedLabel')}>
          {summary?.owed ?? '–'}
        </output>
        <p className={css.words}>{mood && t(`admin.${mood}`)}</p>
      </div>
      <table className={css.connectors}>
        <thead>
          <tr>
            <th scope="col">{t('admin.crm')}</th>
            {LEDGER_STATES.map((state) => (
              <th scope="col" key={state}>
                {t(`ledgerState.${state}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summary?.connectors.map(({ connector, label, counts }) => (
            <tr key={connector}>
              <th scope="row">{label}</th>
              {LEDGER_STATES.map((state) => (
                <td key={state} data-state={counts[state] > 0 ? state : undefined}>
                  {counts[state]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

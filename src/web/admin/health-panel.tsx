/** PBXs, connectors, database: well or not, and why. */
import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Dependency } from '../../http/health-routes.ts';
import { useConnectorLabel } from '../desk/connector-label.ts';
import page from './admin-page.module.css';
import css from './health-panel.module.css';

export function HealthPanel({ dependencies }: { readonly dependencies: readonly Dependency[] | null }) {
  const { t, i18n } = useTranslation();
  const connectorLabel = useConnectorLabel();
  return (
    <section className={page.sheet}>
      <h2>{t('admin.health')}</h2>
      {dependencies === null && <Skeleton height={160} />}
      <ul className={css.list}>
        {dependencies?.map(({ name, kind, ok, detail, detailJa }) => (
          <li key={name} data-ok={ok}>
            <i aria-hidden />
            <b>{kind === 'connector' ? connectorLabel(name) : name}</b>
            <span className={css.word}>{t(ok ? 'admin.ok' : 'admin.notOk')}</span>
            <span className={css.detail}>{i18n.language === 'ja' ? detailJa : detail}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

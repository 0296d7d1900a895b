/** For the admin: the number that must be 0, why it is not, and how the connections are. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LedgerState } from '../../desk/desk-ports.ts';
import { type SignedIn, useDirectory, useHealth, useLedger, useQuotas } from '../hub/queries.ts';
import { PageHeader } from '../page-header.tsx';
import css from './admin-page.module.css';
import { DirectoryPanel } from './directory-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { OwedNumber } from './owed-number.tsx';
import { QuotaPanel } from './quota-panel.tsx';

export function AdminPage({ session }: { readonly session: SignedIn }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<LedgerState | null>(null);
  const ledger = useLedger(filter);
  const health = useHealth();
  const quotas = useQuotas();
  const directory = useDirectory();
  return (
    <div className={css.page}>
      <PageHeader session={session} page="admin">
        {(ledger.isError || health.isError || quotas.isError) && (
          <div role="alert" className={css.unreachable}>
            {t('admin.unreachable')}
          </div>
        )}
      </PageHeader>
      <main className={css.body}>
        <div className={css.top}>
          <OwedNumber summary={ledger.data?.pages[0]?.summary ?? null} />
          <HealthPanel dependencies={health.data?.dependencies ?? null} />
        </div>
        <QuotaPanel quotas={quotas.data?.quotas ?? null} />
        {directory.data !== undefined && <DirectoryPanel directory={directory.data} />}
        <LedgerTable
          pages={ledger.data?.pages ?? null}
          filter={filter}
          onFilter={setFilter}
          onMore={ledger.hasNextPage ? () => void ledger.fetchNextPage() : null}
        />
      </main>
    </div>
  );
}

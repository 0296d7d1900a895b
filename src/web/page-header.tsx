/** The bar on top of every page. */
import { ActionIcon, Anchor, Button, Tooltip } from '@mantine/core';
import { IconArrowRight, IconKeyboard } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { send } from './hub/fetch-json.ts';
import type { SignedIn } from './hub/queries.ts';
import { LanguageSwitch } from './language/language-switch.tsx';
import css from './page-header.module.css';

interface PageHeaderProps {
  readonly session: SignedIn;
  readonly page: 'desk' | 'admin';
  readonly onHelp?: () => void;
  readonly children?: ReactNode;
}

export function PageHeader({ session, page, onHelp, children }: PageHeaderProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const signOut = async () => {
    await send('DELETE', '/session').catch(() => undefined);
    queries.setQueryData(['session'], null);
  };
  return (
    <header className={css.header}>
      <span className={css.product}>
        <span className={css.mark} aria-hidden>
          <IconArrowRight size={16} stroke={3} />
        </span>
        {t('product')}
      </span>
      <span className={css.who}>
        {session.extension !== null && <b className="numbers">{session.extension}</b>} {session.name}
      </span>
      <div className={css.middle}>{children}</div>
      <nav className={css.links}>
        {page === 'admin' && session.extension !== null && (
          <Anchor component={Link} to="/desk" size="sm">
            {t('header.desk')}
          </Anchor>
        )}
        {page === 'desk' && (
          <Anchor component={Link} to="/admin" size="sm">
            {t('header.admin')}
          </Anchor>
        )}
        {onHelp && (
          <Tooltip label={`${t('header.help')} (?)`}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('header.help')} onClick={onHelp}>
              <IconKeyboard size={20} />
            </ActionIcon>
          </Tooltip>
        )}
        <LanguageSwitch />
        <Button variant="subtle" color="gray" size="compact-sm" onClick={signOut}>
          {t('header.signOut')}
        </Button>
      </nav>
    </header>
  );
}

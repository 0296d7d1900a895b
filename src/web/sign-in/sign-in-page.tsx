/** Choosing an extension, by typing or by pointing; the last one is proposed. */
import { Alert, Button, Paper, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskAgent } from '../../desk/desk-ports.ts';
import { send } from '../hub/fetch-json.ts';
import { type SignedIn, useAgents } from '../hub/queries.ts';
import { LanguageSwitch } from '../language/language-switch.tsx';
import css from './sign-in-page.module.css';

const REMEMBERED = 'toritsugi.extension';

export function SignInPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const agents = useAgents();
  const last = localStorage.getItem(REMEMBERED);
  const [filter, setFilter] = useState('');
  const [cursor, setCursor] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const shown = useMemo(() => fitting(agents ?? [], filter, last), [agents, filter, last]);

  const signIn = async (extension: string | null) => {
    try {
      const session = await send<SignedIn>('POST', '/session', { extension });
      if (extension !== null) localStorage.setItem(REMEMBERED, extension);
      queries.setQueryData(['session'], session);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setCursor((current) => Math.max(0, Math.min(shown.length - 1, current + step)));
    }
    const chosen = shown[cursor];
    if (event.key === 'Enter' && chosen) void signIn(chosen.extension);
  };

  return (
    <main className={css.page}>
      <Paper className={css.sheet} shadow="sm" p="xl" radius="lg">
        <div className={css.top}>
          <Title order={1} size="h2">
            {t('product')}
          </Title>
          <LanguageSwitch />
        </div>
        <TextInput
          label={t('signIn.title')}
          placeholder={t('signIn.filter')}
          description={t('signIn.hint')}
          size="lg"
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
            setCursor(0);
          }}
          onKeyDown={onKey}
          autoFocus
          autoComplete="off"
          role="combobox"
          aria-expanded
          aria-controls="agents"
          aria-activedescendant={shown[cursor] && `agent-${shown[cursor].extension}`}
        />
        {failure !== null && (
          <Alert color="red" mt="md">
            {t('signIn.failed', { reason: failure })}
          </Alert>
        )}
        <div id="agents" role="listbox" aria-label={t('signIn.title')} className={css.list}>
          {shown.map((agent, index) => (
            <button
              type="button"
              role="option"
              id={`agent-${agent.extension}`}
              key={agent.extension}
              aria-selected={index === cursor}
              className={css.agent}
              tabIndex={-1}
              onClick={() => signIn(agent.extension)}
            >
              <b className="numbers">{agent.extension}</b>
              <span>{agent.name}</span>
              {agent.extension === last && <small>{t('signIn.last')}</small>}
            </button>
          ))}
          {agents && shown.length === 0 && (
            <p className={css.none}>{t(agents.length === 0 ? 'signIn.noAgents' : 'signIn.none')}</p>
          )}
        </div>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => signIn(null)}>
          {t('signIn.adminOnly')}
        </Button>
      </Paper>
    </main>
  );
}

/** The last one first; then as configured. */
function fitting(agents: readonly DeskAgent[], filter: string, last: string | null): readonly DeskAgent[] {
  const wanted = filter.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase();
  return agents
    .filter(({ extension, name }) => `${extension}${name}`.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(b.extension === last) - Number(a.extension === last));
}

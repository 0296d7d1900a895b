/** How the command given last stands, in plain words: what is being rung, what came of it, what to do. */
import { CloseButton, Loader } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import css from './command-notice.module.css';
import type { ShownCommand } from './pbx-commands.ts';

interface CommandNoticeProps {
  readonly shown: ShownCommand | null;
  readonly onDismiss: () => void;
}

/** What went well needs no reading twice; what went wrong is old news by the next call. */
const SHOWN_FOR_MS = { good: 5_000, bad: 30_000 };

export function CommandNotice({ shown, onDismiss }: CommandNoticeProps) {
  const { t } = useTranslation();
  const mood = shown === null ? null : moodOf(shown);
  useEffect(() => {
    if (mood === null || mood === 'working') return;
    const timer = setTimeout(onDismiss, SHOWN_FOR_MS[mood]);
    return () => clearTimeout(timer);
  }, [mood, onDismiss]);
  const words = useWords(shown);
  return (
    <div role="status" aria-live="polite">
      {shown !== null && (
        <div className={css.notice} data-mood={mood} data-command={shown.kind} data-state={shown.state}>
          {mood === 'working' && <Loader size={18} color="currentColor" aria-hidden />}
          <span>{words}</span>
          {mood !== 'working' && <CloseButton className={css.close ?? ''} onClick={onDismiss} aria-label={t('command.close')} />}
        </div>
      )}
    </div>
  );
}

function moodOf({ state, result }: ShownCommand): 'working' | 'good' | 'bad' {
  if (state === 'working') return 'working';
  return state === 'done' && result !== null && GOOD.has(result) ? 'good' : 'bad';
}

const GOOD: ReadonlySet<string> = new Set([
  'answered',
  'hungUp',
  'held',
  'resumed',
  'parked',
  'transferred',
  'agentHungUp',
  'calledOff',
]);

function useWords(shown: ShownCommand | null): string {
  const { t } = useTranslation();
  if (shown === null) return '';
  const { kind, state, stage, result, reason, whom, slot } = shown;
  switch (state) {
    case 'working':
      if (kind === 'consult') return t('command.consulting', { name: whom });
      if (kind === 'call' || kind === 'retrieve' || kind === 'spy')
        return t(`command.stage.${whom === '' ? 'ownPhone' : (stage ?? 'begun')}`, { whom });
      return t('command.working');
    case 'done':
      if (result === 'answered' && kind === 'consult') return t('command.result.colleagueAnswered', { name: whom });
      if (result === 'parked' && slot !== null) return t('command.result.parkedAt', { slot });
      return t(`command.result.${result ?? 'failed'}`, { name: whom });
    case 'refused':
      return t(`command.refused.${reason ?? 'pbxRefused'}`);
    case 'unknown':
      return t('command.unknown');
    case 'unreachable':
      return t('command.unreachable');
  }
}

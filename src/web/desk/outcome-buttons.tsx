/** One click or one key says how the call went; undo is always one step away. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OutcomeChoice } from '../../desk/desk-ports.ts';
import { DESK_KEYS } from './keys.ts';
import css from './outcome-buttons.module.css';
import type { PaperworkState } from './paperwork.ts';
import card from './pop-card.module.css';

interface OutcomeButtonsProps {
  readonly outcomes: readonly OutcomeChoice[];
  readonly state: PaperworkState;
  /** True while the plain digits choose a customer. */
  readonly needsAlt: boolean;
  readonly onChoose: (code: string) => void;
  readonly onUndo: () => void;
}

export function OutcomeButtons({ outcomes, state, needsAlt, onChoose, onUndo }: OutcomeButtonsProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'ja' ? 'ja' : 'en';
  return (
    <section className={card.section}>
      <h3>
        {t('desk.outcome')}
        <span className={css.state} aria-live="polite" data-state={state.isOutcomePending ? 'pending' : 'saved'}>
          {state.isOutcomePending && t('desk.outcomeSaving')}
          {!state.isOutcomePending && (state.outcome === null ? t('desk.outcomeNone') : t('desk.outcomeSaved'))}
        </span>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={!state.canUndo}
          onClick={onUndo}
          aria-keyshortcuts="u"
          rightSection={
            <kbd className="key" aria-hidden>
              U
            </kbd>
          }
        >
          {t('desk.undo')}
        </Button>
      </h3>
      <div className={css.grid}>
        {outcomes.map(({ code, label, shortcut }) => (
          <button
            type="button"
            key={code}
            className={css.outcome}
            aria-pressed={state.outcome === code}
            aria-keyshortcuts={shortcut === null ? undefined : `${shortcut} Alt+${shortcut}`}
            data-outcome={code}
            onClick={() => onChoose(code)}
          >
            {shortcut !== null && (
              <kbd className="key" aria-hidden>
                {(needsAlt || DESK_KEYS.has(shortcut.toLowerCase())) && 'Alt '}
                {shortcut.toUpperCase()}
              </kbd>
            )}
            <span>{label[language]}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** Notes, saved while typing; two texts are never mixed up silently. */
import { Button, Textarea } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { NOTES_LIMIT } from '../../desk/draft.ts';
import css from './notes-field.module.css';
import type { Paperwork, PaperworkState } from './paperwork.ts';
import card from './pop-card.module.css';

interface NotesFieldProps {
  readonly state: PaperworkState;
  readonly paperwork: Paperwork;
  readonly notesRef: Ref<HTMLTextAreaElement>;
}

export function NotesField({ state, paperwork, notesRef }: NotesFieldProps) {
  const { t } = useTranslation();
  return (
    <section className={`${card.section} ${css.field}`}>
      <h3>
        {t('desk.notes')} <kbd className="key">N</kbd>
        <span className={css.save} data-save={state.save} aria-live="polite">
          {(state.notes !== '' || state.save !== 'saved') && t(`save.${state.save}`)}
        </span>
      </h3>
      {state.theirs !== null && (
        <div className={css.conflict} role="alert">
          <b>{t('conflict.title')}</b>
          <small>{t('conflict.theirs')}</small>
          <p>{state.theirs}</p>
          <div className={css.choices}>
            <Button size="compact-sm" onClick={() => paperwork.resolve('both')}>
              {t('conflict.keepBoth')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => paperwork.resolve('mine')}>
              {t('conflict.keepMine')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => paperwork.resolve('theirs')}>
              {t('conflict.keepTheirs')}
            </Button>
          </div>
        </div>
      )}
      <Textarea
        ref={notesRef}
        aria-label={t('desk.notes')}
        placeholder={t('desk.notesPlaceholder')}
        value={state.notes}
        onChange={(event) => paperwork.type(event.currentTarget.value)}
        maxLength={NOTES_LIMIT}
        size="md"
        classNames={{ root: css.grow ?? '', wrapper: css.grow ?? '', input: css.input ?? '' }}
      />
    </section>
  );
}

/** What the operator promises the customer: when, in one click, and a word about what. */
import { Button, TextInput } from '@mantine/core';
import { IconCalendarDue } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FOLLOW_UP_NOTE_LIMIT, type FollowUpPlan } from '../../desk/follow-up.ts';
import { useConnectors } from '../hub/queries.ts';
import css from './follow-up-field.module.css';
import { isTyping } from './keys.ts';
import type { Paperwork, PaperworkState } from './paperwork.ts';
import card from './pop-card.module.css';
import { TimeChoices } from './time-choices.tsx';
import { useMinute } from './use-minute.ts';
import { useWhen } from './when.ts';

/** The operator is done, and has not said when to call again. */
export interface RecallQuestion {
  /** Grows each time it is asked. */
  readonly times: number;
  /** A time was chosen: go on. */
  readonly onChosen: () => void;
  /** Go on without one. */
  readonly onNoTimeYet: () => void;
}

interface FollowUpFieldProps {
  readonly state: PaperworkState;
  readonly paperwork: Paperwork;
  /** The chosen outcome means that somebody calls again. */
  readonly needsRecall: boolean;
  readonly question: RecallQuestion | null;
  /** Filled with what leads there by keyboard. */
  readonly openRef: RefObject<(() => void) | null>;
}

export function FollowUpField({ state, paperwork, needsRecall, question: asked, openRef }: FollowUpFieldProps) {
  const { t } = useTranslation();
  const [isOpened, setOpened] = useState(false);
  const choices = useRef<HTMLDivElement>(null);
  const { followUp } = state;
  const isToldNobody = useConnectors()?.every(({ takesFollowUps }) => !takesFollowUps) ?? false;
  const isMissing = needsRecall && followUp === null;
  const isChoosing = isOpened || isMissing;
  // Another outcome, or a time from another page, has answered it as well.
  const question = isMissing ? asked : null;
  useFocusOn(choices, question?.times ?? 0, true);
  // A colleague's choice moves nobody's focus.
  const isFromHere = state.isOutcomePending || state.isFollowUpPending || state.isDueAtRefused;
  useFocusOn(choices, Number(isMissing && isFromHere), false);
  useFocusOn(choices, Number(isOpened), true);
  useEffect(() => {
    openRef.current = () => (isChoosing ? focusFirst(choices) : setOpened(true));
    return () => {
      openRef.current = null;
    };
  }, [openRef, isChoosing]);

  const choose = (at: Date) => {
    paperwork.promise(at.toISOString());
    setOpened(false);
    question?.onChosen();
  };
  return (
    <section className={card.section} data-follow-up={followUp === null ? (isChoosing ? 'choosing' : 'none') : 'promised'}>
      <h3>
        {t(needsRecall ? 'followUp.recallTitle' : 'followUp.title')}
        <span className={css.state} aria-live="polite" data-pending={state.isFollowUpPending}>
          {state.isFollowUpPending ? t('followUp.saving') : followUp !== null && t('followUp.saved')}
        </span>
        <Opener hasFollowUp={followUp !== null} isOpened={isOpened} isHidden={isMissing} onClick={() => setOpened(!isOpened)} />
      </h3>
      {question !== null && (
        <div className={css.question}>
          <p role="alert">{t('followUp.question')}</p>
          <Button variant="default" size="compact-md" onClick={question.onNoTimeYet}>
            {t('followUp.noTimeYet')}
          </Button>
        </div>
      )}
      {state.isDueAtRefused && (
        <p className={css.refused} role="alert">
          {t('followUp.refused')}
        </p>
      )}
      {followUp !== null && !isOpened && <Promised followUp={followUp} paperwork={paperwork} />}
      {followUp !== null && isToldNobody && <p className={css.nowhere}>{t('followUp.nowhere')}</p>}
      {isChoosing && <TimeChoices choicesRef={choices} chosen={followUp} onChoose={choose} onLeave={() => setOpened(false)} />}
    </section>
  );
}

interface OpenerProps {
  readonly hasFollowUp: boolean;
  readonly isOpened: boolean;
  readonly isHidden: boolean;
  readonly onClick: () => void;
}

function Opener({ hasFollowUp, isOpened, isHidden, onClick }: OpenerProps) {
  const { t } = useTranslation();
  if (isHidden) return null;
  const label = isOpened ? 'followUp.leave' : hasFollowUp ? 'followUp.change' : 'followUp.decide';
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-expanded={isOpened}
      aria-keyshortcuts="f"
      onClick={onClick}
      rightSection={
        <kbd className="key" aria-hidden>
          F
        </kbd>
      }
    >
      {t(label)}
    </Button>
  );
}

function Promised({ followUp, paperwork }: { readonly followUp: FollowUpPlan; readonly paperwork: Paperwork }) {
  const { t } = useTranslation();
  const when = useWhen();
  const now = useMinute();
  return (
    <div className={css.promised}>
      <IconCalendarDue size={20} aria-hidden className={css.icon} />
      <b className="numbers">{when.due(followUp.dueAt, new Date(now))}</b>
      <TextInput
        className={css.note}
        aria-label={t('followUp.note')}
        placeholder={t('followUp.notePlaceholder')}
        value={followUp.note}
        maxLength={FOLLOW_UP_NOTE_LIMIT}
        autoComplete="off"
        onChange={(event) => paperwork.noteFollowUp(event.currentTarget.value)}
      />
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => paperwork.takeBack()}>
        {t('followUp.takeBack')}
      </Button>
    </div>
  );
}

/** Each time `reason` becomes another but 0; whoever writes is not called away unless `isUrgent`. */
function useFocusOn(choices: RefObject<HTMLDivElement | null>, reason: number, isUrgent: boolean): void {
  const before = useRef(reason);
  useEffect(() => {
    const isNew = reason !== before.current && reason !== 0;
    before.current = reason;
    if (isNew && (isUrgent || !isTyping(document.activeElement))) focusFirst(choices);
  }, [choices, reason, isUrgent]);
}

function focusFirst(choices: RefObject<HTMLDivElement | null>): void {
  choices.current?.querySelector('button')?.focus();
  choices.current?.closest('section')?.scrollIntoView({ block: 'nearest' });
}

/** The usual times, each one click away, and a field for any other. */
import { Button } from '@mantine/core';
import { type KeyboardEvent, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DueAtProblem, dueAtProblem, type FollowUpPlan } from '../../desk/follow-up.ts';
import { fromFieldText, type RecallName, recallChoices, toFieldText } from './recall-choices.ts';
import css from './time-choices.module.css';
import { useMinute } from './use-minute.ts';
import { useWhen } from './when.ts';

interface TimeChoicesProps {
  readonly choicesRef: Ref<HTMLDivElement>;
  readonly chosen: FollowUpPlan | null;
  readonly onChoose: (at: Date) => void;
  readonly onLeave: () => void;
}

export function TimeChoices({ choicesRef, chosen, onChoose, onLeave }: TimeChoicesProps) {
  const { t } = useTranslation();
  const when = useWhen();
  const now = new Date(useMinute());
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows are a convenience; each button is reached by Tab too.
    <div
      ref={choicesRef}
      className={css.choices}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
        else if (moveAmongButtons(event)) event.preventDefault();
      }}
    >
      {recallChoices(now).map(({ name, at }) => (
        <button type="button" key={name} className={css.choice} data-recall={name} onClick={() => onChoose(at)}>
          <span>{t(`followUp.choice.${name}`)}</span>
          <small className="numbers">{isSoon(name) ? when.time(at.toISOString()) : when.day(at.toISOString())}</small>
        </button>
      ))}
      <OtherTime now={now} chosen={chosen} onChoose={onChoose} />
    </div>
  );
}

interface OtherTimeProps {
  readonly now: Date;
  readonly chosen: FollowUpPlan | null;
  readonly onChoose: (at: Date) => void;
}

function OtherTime({ now, chosen, onChoose }: OtherTimeProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(chosen === null ? '' : toFieldText(new Date(chosen.dueAt)));
  const [problem, setProblem] = useState<DueAtProblem | 'empty' | null>(null);
  return (
    <form
      className={css.other}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const at = fromFieldText(text);
        const found = at === null ? 'empty' : dueAtProblem(at.toISOString(), chosen, now.getTime());
        setProblem(found);
        if (at !== null && found === null) onChoose(at);
      }}
    >
      <input
        type="datetime-local"
        className="numbers"
        aria-label={t('followUp.other')}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'due-at-problem'}
        value={text}
        min={toFieldText(now)}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <Button type="submit" variant="default" size="sm">
        {t('followUp.set')}
      </Button>
      {problem !== null && (
        <p id="due-at-problem" className={css.problem} role="alert">
          {t(`followUp.problem.${problem}`)}
        </p>
      )}
    </form>
  );
}

/** The day goes without saying; the others say the time themselves. */
function isSoon(name: RecallName): boolean {
  return name === 'in30' || name === 'in60';
}

/** True when the arrow led to another button. */
function moveAmongButtons(event: KeyboardEvent<HTMLDivElement>): boolean {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const buttons: (Element | null)[] = [...event.currentTarget.querySelectorAll('button[data-recall]')];
  const index = buttons.indexOf(document.activeElement);
  const next = step === undefined || index < 0 ? undefined : buttons[index + step];
  if (!(next instanceof HTMLElement)) return false;
  next.focus();
  return true;
}

/** The card of one call: state, customer, what we know, what became of it. */
import { type Ref, type RefObject, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutcomeChoice } from '../../desk/desk-ports.ts';
import type { Pop } from '../../desk/pop.ts';
import { type CallControl, CallControls } from './call-controls.tsx';
import { CustomerHead } from './customer-head.tsx';
import { EarlierCalls } from './earlier-calls.tsx';
import { FollowUpField, type RecallQuestion } from './follow-up-field.tsx';
import { NotesField } from './notes-field.tsx';
import { OutcomeButtons } from './outcome-buttons.tsx';
import { needsRecall, type Paperwork } from './paperwork.ts';
import css from './pop-card.module.css';
import { choicesOf } from './record-choice.tsx';
import { RecordFacts } from './record-facts.tsx';
import { SettleButtons } from './settle-buttons.tsx';
import { StageBand } from './stage-band.tsx';

interface PopCardProps {
  readonly pop: Pop;
  readonly outcomes: readonly OutcomeChoice[];
  readonly paperwork: Paperwork;
  readonly notesRef: Ref<HTMLTextAreaElement>;
  readonly onChoose: (connector: string, record: { object: string; id: string } | null) => void;
  readonly onDone: () => void;
  readonly onDismiss: (() => void) | null;
  readonly onControl: (control: CallControl) => void;
  /** While the operator is asked when to call again. */
  readonly question: RecallQuestion | null;
  readonly followUpRef: RefObject<(() => void) | null>;
}

export function PopCard(props: PopCardProps) {
  const { pop, outcomes, paperwork, notesRef, onChoose, onDone, onDismiss, onControl } = props;
  const { t } = useTranslation();
  const state = useSyncExternalStore(paperwork.subscribe, paperwork.read);
  const hasPaperwork = pop.direction !== 'internal';
  return (
    <article className={css.card} data-stage={pop.stage} data-call={pop.callId} aria-label={t('desk.calls')}>
      <StageBand pop={pop}>
        <CallControls pop={pop} onControl={onControl} />
      </StageBand>
      <CustomerHead pop={pop} />
      {hasPaperwork && (
        <div className={css.columns}>
          <div className={css.column}>
            <RecordFacts pop={pop} onChoose={onChoose} />
            <EarlierCalls earlier={pop.earlier} />
          </div>
          <div className={css.column}>
            <OutcomeButtons
              outcomes={outcomes}
              state={state}
              needsAlt={choicesOf(pop).length > 0}
              onChoose={(code) => paperwork.choose(code)}
              onUndo={() => paperwork.undo()}
            />
            <FollowUpField
              state={state}
              paperwork={paperwork}
              needsRecall={needsRecall(outcomes, state)}
              question={props.question}
              openRef={props.followUpRef}
            />
            <NotesField state={state} paperwork={paperwork} notesRef={notesRef} />
            <SettleButtons pop={pop} onDone={onDone} onDismiss={onDismiss} />
          </div>
        </div>
      )}
    </article>
  );
}

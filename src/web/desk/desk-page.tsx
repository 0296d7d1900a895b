/** The operator's page: calls on the left, the card of the one in front on the right. */
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customerName } from '../../desk/desk-view.ts';
import { isPuttableStage, type Pop } from '../../desk/pop.ts';
import { type SignedIn, useAgents, useOutcomes } from '../hub/queries.ts';
import { PageHeader } from '../page-header.tsx';
import { Announcer } from './announcer.tsx';
import { drawAttention } from './attention.ts';
import { type CallControl, controlsOf } from './call-controls.tsx';
import { CallRail } from './call-rail.tsx';
import { ClockOffset } from './clock.tsx';
import { CommandNotice } from './command-notice.tsx';
import css from './desk-page.module.css';
import { DialBox } from './dial-box.tsx';
import { KeyOverlay } from './key-overlay.tsx';
import { isTyping, useDeskKeys } from './keys.ts';
import { LineBanner } from './line-banner.tsx';
import { PopCard } from './pop-card.tsx';
import { usePutAwayAll } from './put-away-all.tsx';
import { choicesOf } from './record-choice.tsx';
import { RingingNotice } from './ringing-notice.tsx';
import { followPops, inListOrder, NOTHING_IN_FRONT, neighbour } from './selection.ts';
import { TransferSheet } from './transfer-sheet.tsx';
import { useCommand, useDeskLine } from './use-desk.ts';
import { DialContext, usePbxCommands } from './use-pbx-commands.ts';
import { useRecallQuestion } from './use-recall-question.ts';

const NO_POPS: readonly Pop[] = [];

export function DeskPage({ session }: { readonly session: SignedIn }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { line, view, clockOffsetMs, drawer } = useDeskLine();
  const command = useCommand();
  const outcomes = useOutcomes();
  const pbx = usePbxCommands();
  const agents = useAgents();
  const notes = useRef<HTMLTextAreaElement>(null);
  const dialBox = useRef<HTMLInputElement>(null);
  const [transferring, setTransferring] = useState<string | null>(null);
  const followUp = useRef<(() => void) | null>(null);
  const [front, setFront] = useState(NOTHING_IN_FRONT);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const pops = useMemo(() => inListOrder(view?.pops ?? NO_POPS), [view?.pops]);
  const putAwayAll = usePutAwayAll(pops, drawer, command);
  const followed = followPops(front, pops, isTyping(document.activeElement));
  if (followed !== front) setFront(followed);
  const { selected } = followed;
  const pop = pops.find((each) => each.callId === selected) ?? null;
  // Of the call in front alone: when another comes there the sheet is gone, and the keys are back.
  const isTransferring = transferring !== null && pop?.callId === transferring;
  const offered = pop ? outcomes.filter(({ directions }) => directions.includes(pop.direction)) : [];

  useEffect(() => {
    if (line === 'signedOut') queries.setQueryData(['session'], null);
  }, [line, queries]);
  useTabAttention(pops);

  const show = (callId: string | null) => {
    // The text being left is saved by itself; the new card must not inherit its focus.
    if (callId !== selected && document.activeElement === notes.current) notes.current?.blur();
    setFront((current) => ({ ...current, selected: callId }));
  };
  const recall = useRecallQuestion(outcomes, drawer);
  const finish = async (finished: Pop) => {
    if (!(await drawer.of(finished).flush())) {
      if (drawer.of(finished).read().isDueAtRefused) return;
      notifications.show({ color: 'red', message: t('desk.offline') });
      return;
    }
    if (await command('POST', `/calls/${finished.callId}/done`)) notes.current?.blur();
  };
  const dismiss = async (dismissed: Pop) => {
    await drawer.of(dismissed).flush();
    await command('POST', `/calls/${dismissed.callId}/dismiss`);
  };
  const choose = (chosen: Pop, connector: string, record: { object: string; id: string } | null) =>
    command('PUT', `/calls/${chosen.callId}/match`, { connector, record });

  const control = (which: CallControl) => {
    if (pop === null || !controlsOf(pop).includes(which)) return;
    if (which === 'transfer') setTransferring(pop.callId);
    else pbx.act(which, pop);
  };
  const controlFirst = (...ones: readonly CallControl[]) => {
    const possible = pop === null ? undefined : ones.find((one) => controlsOf(pop).includes(one));
    if (possible !== undefined) control(possible);
  };

  useDeskKeys(
    {
      choose: (index) => {
        const choice = pop && choicesOf(pop)[index];
        if (pop && choice) void choose(pop, choice.connector, { object: choice.object, id: choice.id });
        return Boolean(choice);
      },
      outcome: (shortcut) => {
        const choice = offered.find((each) => each.shortcut?.toLowerCase() === shortcut);
        if (pop && choice) drawer.of(pop).choose(choice.code);
        return Boolean(pop && choice);
      },
      focusNotes: () => notes.current?.focus(),
      done: () => pop && pop.direction !== 'internal' && recall.askBefore(pop, finish),
      undo: () => pop && drawer.of(pop).undo(),
      followUp: () => followUp.current?.(),
      openRecord: () => {
        const record = Object.values(pop?.match?.chosen ?? {}).find(({ url }) => url !== '');
        if (record) window.open(record.url, '_blank', 'noopener');
      },
      move: (step) => show(neighbour(pops, selected, step)),
      dismiss: () => pop && isPuttableStage(pop.stage) && recall.askBefore(pop, dismiss),
      dismissAll: putAwayAll,
      showRinging: () => {
        const ringing = pops.find((each) => each.stage === 'ringing');
        if (ringing) show(ringing.callId);
      },
      help: () => setHelpOpen(true),
      dial: () => dialBox.current?.focus(),
      hold: () => controlFirst('hold', 'resume'),
      transfer: () => controlFirst('completeTransfer', 'transfer'),
      park: () => controlFirst('park', 'retrieve'),
      hangUp: () => controlFirst('hangUp'),
    },
    isHelpOpen || isTransferring,
  );

  return (
    <ClockOffset.Provider value={clockOffsetMs}>
      <DialContext.Provider value={pbx.dial}>
        <div className={css.page}>
          <PageHeader session={session} page="desk" onHelp={() => setHelpOpen(true)}>
            <LineBanner line={line} />
          </PageHeader>
          <div className={css.body}>
            <CallRail
              pops={pops}
              recent={view?.recent ?? []}
              selected={selected}
              onSelect={show}
              onPutAwayAll={putAwayAll}
              onReopen={(callId) => void command('POST', `/calls/${callId}/reopen`).then(() => show(callId))}
            >
              <DialBox inputRef={dialBox} />
            </CallRail>
            <main className={css.front}>
              <CommandNotice shown={pbx.shown} onDismiss={pbx.dismiss} />
              <RingingNotice pops={pops} selected={selected} onShow={show} />
              {pop ? (
                <PopCard
                  key={pop.callId}
                  pop={pop}
                  outcomes={offered}
                  paperwork={drawer.of(pop)}
                  notesRef={notes}
                  onChoose={(connector, record) => void choose(pop, connector, record)}
                  onDone={() => recall.askBefore(pop, finish)}
                  onDismiss={isPuttableStage(pop.stage) ? () => recall.askBefore(pop, dismiss) : null}
                  question={recall.questionFor(pop)}
                  followUpRef={followUp}
                  onControl={control}
                />
              ) : (
                <div className={css.idle}>
                  <p className={css.idleTitle}>{t('desk.noCalls')}</p>
                  <p>{t('desk.noCallsHint')}</p>
                </div>
              )}
            </main>
          </div>
          <Announcer pops={pops} />
          <KeyOverlay opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
          <TransferSheet
            opened={isTransferring}
            colleagues={agents?.filter(({ extension }) => extension !== session.extension) ?? []}
            onClose={() => setTransferring(null)}
            onTransfer={(kind, to) => {
              setTransferring(null);
              if (pop !== null) pbx.transfer(kind, pop, to);
            }}
          />
        </div>
      </DialContext.Provider>
    </ClockOffset.Provider>
  );
}

function useTabAttention(pops: readonly Pop[]): void {
  const { t } = useTranslation();
  const ringing = pops.find((pop) => pop.stage === 'ringing');
  const who = ringing && (customerName(ringing) ?? ringing.customer?.display ?? t('desk.withheld'));
  const title = who === undefined ? t('product') : `● ${t('stage.ringing')} ${who}`;
  useEffect(() => {
    drawAttention(title, ringing !== undefined);
    return () => drawAttention(t('product'), false);
  }, [title, ringing, t]);
}

/** All of this operator's calls, and what happened just now. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { customerName, type RecentCall } from '../../desk/desk-view.ts';
import { isPuttableStage, type Pop } from '../../desk/pop.ts';
import { useAgentName, useOutcomeLabel } from '../hub/queries.ts';
import css from './call-rail.module.css';
import { Elapsed } from './clock.tsx';
import { DialLink } from './dial-link.tsx';
import { useWhen } from './when.ts';

interface CallRailProps {
  readonly pops: readonly Pop[];
  readonly recent: readonly RecentCall[];
  readonly selected: string | null;
  readonly onSelect: (callId: string) => void;
  readonly onReopen: (callId: string) => void;
  readonly onPutAwayAll: () => void;
  /** What stands on top: the dial box. */
  readonly children: ReactNode;
}

export function CallRail({ pops, recent, selected, onSelect, onReopen, onPutAwayAll, children }: CallRailProps) {
  const { t } = useTranslation();
  const live = pops.filter((pop) => !isPuttableStage(pop.stage));
  const after = pops.filter((pop) => isPuttableStage(pop.stage));
  return (
    <aside className={css.rail}>
      {children}
      <h2>{t('desk.calls')}</h2>
      <ul className={css.calls} aria-label={t('desk.calls')}>
        {live.map((pop) => (
          <li key={pop.callId}>
            <CallButton pop={pop} isSelected={pop.callId === selected} onSelect={onSelect} />
          </li>
        ))}
        {live.length === 0 && <li className={css.none}>{t('desk.noCalls')}</li>}
      </ul>
      {after.length > 0 && (
        <>
          <h2>
            {t('desk.afterCalls')} <span className="numbers">({after.length})</span>
          </h2>
          <ul className={css.pile} aria-label={t('desk.afterCalls')}>
            {after.map((pop) => (
              <li key={pop.callId}>
                <CallButton pop={pop} isSelected={pop.callId === selected} onSelect={onSelect} />
              </li>
            ))}
          </ul>
          {after.length > 1 && (
            <Button className={css.putAway ?? ''} variant="subtle" color="gray" size="compact-sm" onClick={onPutAwayAll}>
              {t('desk.putAwayAll')}
            </Button>
          )}
        </>
      )}
      <h2>{t('desk.recent')}</h2>
      <ul className={css.recent} aria-label={t('desk.recent')}>
        {recent.map((call) => (
          <RecentLine key={call.callId} call={call} onReopen={onReopen} />
        ))}
        {recent.length === 0 && <li className={css.none}>{t('desk.noRecent')}</li>}
      </ul>
    </aside>
  );
}

function CallButton({ pop, isSelected, onSelect }: { pop: Pop; isSelected: boolean; onSelect: (callId: string) => void }) {
  const { t } = useTranslation();
  const number = pop.customer ? (pop.customer.display ?? t('desk.withheld')) : t('stageInternal');
  const name = customerName(pop);
  return (
    <button
      type="button"
      className={css.call}
      data-stage={pop.stage}
      aria-current={isSelected}
      onClick={() => onSelect(pop.callId)}
    >
      <span className={css.stage}>
        {pop.stage !== 'afterCall' && t(stageKey(pop))} <Elapsed since={pop.since} />
      </span>
      <span className={css.name}>{name ?? number}</span>
      <span className={css.number}>{name === null ? (pop.queue ?? ' ') : number}</span>
    </button>
  );
}

function RecentLine({ call, onReopen }: { call: RecentCall; onReopen: (callId: string) => void }) {
  const { t } = useTranslation();
  const when = useWhen();
  const agentName = useAgentName();
  const outcomeLabel = useOutcomeLabel();
  const who = call.name ?? call.display ?? t('desk.withheld');
  const outcome = outcomeLabel(call.outcome === null ? null : { code: call.outcome, label: call.outcome });
  return (
    <li className={css.past} data-kind={call.kind}>
      <span className={css.pastWho} title={who}>
        {call.kind !== 'done' && call.display !== null && call.name === null ? <DialLink number={call.display} /> : who}
      </span>
      <time className="numbers" dateTime={call.at}>
        {when.time(call.at)}
      </time>
      <span className={css.pastWhat}>{outcome ?? t(`recent.${call.kind}`, { by: agentName(call.by ?? '') })}</span>
      {call.kind === 'done' && (
        <Button variant="subtle" size="compact-xs" px={0} onClick={() => onReopen(call.callId)}>
          {t('desk.reopen')}
        </Button>
      )}
    </li>
  );
}

export function stageKey(
  pop: Pop,
): `stage.${'dialling' | 'ringing' | 'talking' | 'held' | 'parked' | 'handedOver' | 'afterCall'}` {
  return pop.stage === 'withdrawn' || pop.stage === 'done' ? 'stage.afterCall' : `stage.${pop.stage}`;
}

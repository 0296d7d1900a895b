/** The band on top of a card: how the call stands, readable at arm's length. */
import { IconArrowDownLeft, IconArrowUpRight, IconPhoneCall } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pop } from '../../desk/pop.ts';
import { useAgentName } from '../hub/queries.ts';
import { stageKey } from './call-rail.tsx';
import { Elapsed, formatSeconds } from './clock.tsx';
import css from './stage-band.module.css';

const ICONS = { inbound: IconArrowDownLeft, outbound: IconArrowUpRight, internal: IconPhoneCall };

export function StageBand({ pop, children }: { readonly pop: Pop; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const Icon = ICONS[pop.direction];
  return (
    <div className={css.band}>
      <Icon size={26} stroke={2.4} aria-label={t(`direction.${pop.direction}`)} />
      <strong>{t(stageKey(pop))}</strong>
      <span className={css.timer}>
        <Elapsed since={pop.since} />
      </span>
      <span className={css.particulars}>
        {useParticulars(pop).map((particular) => (
          <span key={particular}>{particular}</span>
        ))}
      </span>
      {children}
    </div>
  );
}

function useParticulars(pop: Pop): readonly string[] {
  const { t } = useTranslation();
  const agentName = useAgentName();
  const isTalking = pop.stage === 'talking' || pop.stage === 'held';
  // Room is scarce while a colleague is asked, and nothing else matters then.
  if (pop.consulting !== null) return [t(`desk.consult.${pop.consulting}`, { names: pop.others.map(agentName).join('、') })];
  return [
    pop.stage === 'afterCall' && pop.talkSeconds > 0 && t('desk.talked', { time: formatSeconds(pop.talkSeconds) }),
    pop.did !== null && t('desk.via', { line: pop.did }),
    pop.queue !== null && t('desk.queue', { queue: pop.queue }),
    pop.handedOverBy !== null && t('desk.from', { name: agentName(pop.handedOverBy) }),
    pop.stage === 'handedOver' && pop.handedOverTo !== null && t('desk.to', { name: agentName(pop.handedOverTo) }),
    !isTalking && pop.others.length > 0 && t('desk.with', { names: pop.others.map(agentName).join('、') }),
    pop.direction === 'internal' && pop.placedBy !== null && t('desk.placedBy', { name: agentName(pop.placedBy) }),
    pop.result !== null && pop.result !== 'answered' && t(`result.${pop.result}`),
  ].filter((particular) => particular !== false);
}

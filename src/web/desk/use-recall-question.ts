/** A call that needs a recall is not put away without a time unless the operator says that there is none yet. */
import { useState } from 'react';
import type { OutcomeChoice } from '../../desk/desk-ports.ts';
import type { Pop } from '../../desk/pop.ts';
import type { RecallQuestion } from './follow-up-field.tsx';
import { needsRecall } from './paperwork.ts';
import type { PaperworkDrawer } from './paperwork-drawer.ts';

type PutAway = (pop: Pop) => Promise<void>;

interface Asking {
  readonly callId: string;
  readonly times: number;
  readonly putAway: PutAway;
}

export function useRecallQuestion(outcomes: readonly OutcomeChoice[], drawer: PaperworkDrawer) {
  const [asking, setAsking] = useState<Asking | null>(null);

  return {
    askBefore(pop: Pop, putAway: PutAway): void {
      const state = drawer.of(pop).read();
      const isMissing = needsRecall(outcomes, state) && state.followUp === null;
      setAsking(isMissing ? { callId: pop.callId, times: (asking?.times ?? 0) + 1, putAway } : null);
      if (!isMissing) void putAway(pop);
    },

    questionFor(pop: Pop): RecallQuestion | null {
      if (asking?.callId !== pop.callId) return null;
      const goOn = () => {
        setAsking(null);
        void asking.putAway(pop);
      };
      return { times: asking.times, onChosen: goOn, onNoTimeYet: goOn };
    },
  };
}

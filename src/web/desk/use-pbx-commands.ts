/** The desk's commands as its parts use them: dial this, do that with the call in front. */
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Pop } from '../../desk/pop.ts';
import { send } from '../hub/fetch-json.ts';
import { createPbxCommandLine, randomKey, type ShownCommand } from './pbx-commands.ts';

export type CallAction = 'hangUp' | 'hold' | 'resume' | 'park' | 'retrieve' | 'completeTransfer';

export interface PbxCommandsInUse {
  readonly shown: ShownCommand | null;
  /** `typed` as a person writes it. */
  readonly dial: (typed: string) => void;
  readonly act: (action: CallAction, pop: Pop) => void;
  readonly transfer: (kind: 'blind' | 'attended', pop: Pop, to: { readonly number: string; readonly name: string }) => void;
  readonly dismiss: () => void;
}

const PATHS: Readonly<Record<CallAction, string>> = {
  hangUp: 'hang-up',
  hold: 'hold',
  resume: 'resume',
  park: 'park',
  retrieve: 'retrieve',
  completeTransfer: 'transfer/complete',
};

export function usePbxCommands(): PbxCommandsInUse {
  const line = useMemo(
    () =>
      createPbxCommandLine({
        send,
        newKey: randomKey,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      }),
    [],
  );
  const shown = useSyncExternalStore(line.subscribe, line.read);
  return useMemo(
    () => ({
      shown,
      dial(typed) {
        const to = typed.trim();
        if (to !== '') line.give({ kind: 'call', path: '/calls', body: { to: to.slice(0, 64) }, whom: to.slice(0, 64) });
      },
      act(action, pop) {
        line.give({ kind: action, path: `/calls/${pop.callId}/${PATHS[action]}`, body: {}, whom: '' });
      },
      transfer(kind, pop, { number, name }) {
        const path = `/calls/${pop.callId}/transfer`;
        line.give({ kind: kind === 'blind' ? 'blindTransfer' : 'consult', path, body: { kind, to: number }, whom: name });
      },
      dismiss: line.dismiss,
    }),
    [shown, line],
  );
}

/** For numbers wherever they are shown; null where nothing can be dialled. */
export const DialContext = createContext<((typed: string) => void) | null>(null);

export function useDial(): ((typed: string) => void) | null {
  return useContext(DialContext);
}

/** The desk's live state for the page: view, line, paperwork, commands. */
import { notifications } from '@mantine/notifications';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeskLine, type DeskLineState, openDeskLine } from '../hub/desk-line.ts';
import { ApiProblem, send } from '../hub/fetch-json.ts';
import { PaperworkDrawer } from './paperwork-drawer.ts';

const CLOSED: DeskLineState = { line: 'connecting', view: null, clockOffsetMs: 0 };

export function useDeskLine(): DeskLineState & { readonly drawer: PaperworkDrawer } {
  const [line, setLine] = useState<DeskLine | null>(null);
  const drawer = useMemo(() => new PaperworkDrawer(), []);
  useEffect(() => {
    const opened = openDeskLine();
    setLine(opened);
    return () => opened.close();
  }, []);
  const state = useSyncExternalStore(line?.subscribe ?? subscribeNothing, line?.read ?? readClosed);
  useEffect(() => {
    if (state.view) drawer.sync(state.view.pops);
  }, [state.view, drawer]);
  useEffect(() => {
    if (state.line === 'connected') drawer.retry();
  }, [state.line, drawer]);
  return { ...state, drawer };
}

/** Runs a command at the hub and says so when it failed; true when it went well. */
export function useCommand(): (method: 'PUT' | 'POST', path: string, body?: unknown) => Promise<boolean> {
  const { t } = useTranslation();
  return async (method, path, body) => {
    try {
      await send(method, path, body);
      return true;
    } catch (error) {
      const reason = error instanceof ApiProblem && error.status > 0 ? error.message : t('desk.unreachable');
      notifications.show({ color: 'red', message: t('desk.failed', { reason }) });
      return false;
    }
  };
}

function subscribeNothing(): () => void {
  return () => undefined;
}

function readClosed(): DeskLineState {
  return CLOSED;
}

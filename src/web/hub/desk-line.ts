/** The line to the hub: the whole view on every (re)connect, changes in between, and whether the line holds. */
import { io } from 'socket.io-client';
import { applyChange, type DeskChange, type DeskView } from '../../desk/desk-view.ts';

export type LineState = 'connecting' | 'connected' | 'lost' | 'refused' | 'signedOut';

export interface DeskLineState {
  readonly line: LineState;
  readonly view: DeskView | null;
  /** What to add to this browser's clock to have the hub's. */
  readonly clockOffsetMs: number;
}

export interface DeskLine {
  subscribe(listener: () => void): () => void;
  read(): DeskLineState;
  close(): void;
}

export function openDeskLine(): DeskLine {
  const listeners = new Set<() => void>();
  let state: DeskLineState = { line: 'connecting', view: null, clockOffsetMs: 0 };
  const socket = io({
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
    timeout: 5_000,
  });

  function become(next: Partial<DeskLineState>): void {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  }
  const offsetOf = (serverNow: string) => Date.parse(serverNow) - Date.now();

  socket.on('desk:view', (view: DeskView) => become({ line: 'connected', view, clockOffsetMs: offsetOf(view.serverNow) }));
  socket.on('desk:change', (change: DeskChange) => {
    const view = state.view && applyChange(state.view, change);
    if (view) become({ view, clockOffsetMs: offsetOf(change.serverNow) });
    else socket.emit('desk:view');
  });
  socket.on('disconnect', (reason) => become({ line: reason === 'io server disconnect' ? 'refused' : 'lost' }));
  socket.on('connect_error', (error) => become({ line: error.message === 'notSignedIn' ? 'signedOut' : 'lost' }));

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: () => state,
    close: () => socket.close(),
  };
}

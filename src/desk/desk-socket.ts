/** Tells browsers what their operator sees: the whole view on every (re)connect, then the changes, numbered. */
import type { HubSocketServer } from '../http/http-server.ts';
import type { Desk } from './desk.ts';

/** Browsers one operator may have open at once; the oldest is told to stop. */
const SOCKETS_PER_EXTENSION = 12;

export function serveDeskSockets(io: HubSocketServer, desk: Desk): void {
  const open = new Map<string, Set<{ disconnect(close: boolean): unknown }>>();

  io.on('connection', (socket) => {
    const { extension } = socket.data.session;
    if (extension === null) return;
    const stop = desk.watch(extension, (change) => {
      socket.emit('desk:change', change);
    });
    socket.emit('desk:view', desk.view(extension));
    // A browser that notices a gap asks for everything.
    socket.on('desk:view', () => {
      socket.emit('desk:view', desk.view(extension));
    });

    const sockets = open.get(extension) ?? new Set();
    open.set(extension, sockets.add(socket));
    const [oldest] = sockets;
    if (sockets.size > SOCKETS_PER_EXTENSION && oldest) {
      sockets.delete(oldest);
      oldest.disconnect(true);
    }
    socket.on('disconnect', () => {
      stop();
      sockets.delete(socket);
      if (sockets.size === 0 && open.get(extension) === sockets) open.delete(extension);
    });
  });
}

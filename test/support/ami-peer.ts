import net, { type AddressInfo, type Socket } from 'node:net';

/** A TCP server that does to each connection what the test wants of it. */
export interface AmiPeer {
  readonly port: number;
  /** Resolves with what came in, as soon as it contains `text`. */
  heard(text: string): Promise<string>;
  close(): Promise<void>;
}

export async function startAmiPeer(onConnection: (socket: Socket) => void): Promise<AmiPeer> {
  const sockets = new Set<Socket>();
  let received = '';
  let waiting: { readonly text: string; readonly tell: (all: string) => void }[] = [];
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (const { text, tell } of waiting) if (received.includes(text)) tell(received);
      waiting = waiting.filter(({ text }) => !received.includes(text));
    });
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    heard: (text) =>
      received.includes(text)
        ? Promise.resolve(received)
        : new Promise((tell) => {
            waiting = [...waiting, { text, tell }];
          }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** As much AMI as it takes to be let in; `answer` says whether it took the action. */
export function speakAmi(socket: Socket, answer: (name: string, id: string) => boolean): void {
  let unread = '';
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  socket.on('data', (chunk) => {
    const actions = (unread + chunk.toString()).split('\r\n\r\n');
    unread = actions.pop() ?? '';
    for (const action of actions) {
      const name = /^Action: (.*)$/m.exec(action)?.[1]?.trim() ?? '';
      const id = /^ActionID: (.*)$/m.exec(action)?.[1]?.trim() ?? '';
      if (answer(name, id)) continue;
      const challenge = name === 'Challenge' ? 'Challenge: 123\r\n' : '';
      socket.write(`Response: Success\r\nActionID: ${id}\r\n${challenge}\r\n`);
    }
  });
}

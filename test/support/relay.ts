import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A line to a service that a test can cut, break off and make slow: the network between the hub and a CRM. */
export interface Relay {
  readonly port: number;
  /** Cuts every connection and takes no new ones: the service is down. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Cuts the connections that are open now. */
  cut(): void;
  /** New connections lead to another port on 127.0.0.1; those that are open are cut. */
  leadTo(target: number): void;
  /** Holds back everything the service says for so long; 0: not at all. */
  slowDown(ms: number): void;
}

export interface RunningRelay extends Relay {
  close(): Promise<void>;
}

/** @param firstTarget the port on 127.0.0.1 to which it leads */
export async function startRelay(firstTarget: number): Promise<RunningRelay> {
  const sockets = new Set<net.Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let target = firstTarget;
  let delayMs = 0;
  let port = 0;
  let server = net.createServer();

  function keep(socket: net.Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  }
  function lead(near: net.Socket): void {
    const far = net.connect(target, '127.0.0.1');
    for (const socket of [near, far]) keep(socket);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => later(() => near.write(bytes)));
    near.on('close', () => far.destroy());
    far.on('close', () => later(() => near.destroy()));
  }
  function later(act: () => void): void {
    if (delayMs === 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delayMs);
    timers.add(timer);
  }
  async function listen(): Promise<void> {
    server = net.createServer(lead).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }
  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  async function goDown(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  }

  await listen();
  return {
    ...{ port, cut, goDown, comeBack: listen },
    leadTo(another) {
      target = another;
      cut();
    },
    slowDown(ms) {
      delayMs = ms;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await goDown();
    },
  };
}

import type { AddressInfo } from 'node:net';
import type { AriApplications } from './ari-applications.ts';
import { bridgeCommands } from './ari-bridge-commands.ts';
import { channelCommands } from './ari-channel-commands.ts';
import { type AriFaults, createAriEvents } from './ari-events.ts';
import { makingChannels } from './ari-making-channels.ts';
import { readingRoutes } from './ari-reading.ts';
import type { AriEndpoint, AriWorld } from './ari-route.ts';
import { createAriServer, type ReceivedRequest } from './ari-server.ts';
import type { AriEvent } from './ari-text.ts';
import type { AriUser } from './ari-user.ts';
import { listen } from './listen.ts';
import type { LivePbx } from './live/live-pbx.ts';
import type { PbxState } from './pbx-state.ts';
import type { After } from './player.ts';

export interface AriOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly users: readonly AriUser[];
  /** `websocket_write_timeout` of ari.conf. */
  readonly writeTimeoutMs?: number;
}

export interface AriSideWorld {
  readonly host: string;
  readonly applications: AriApplications;
  readonly state: () => PbxState;
  readonly live: () => LivePbx;
  readonly now: () => number;
  readonly after: After;
  readonly startedAt: () => number;
  readonly faults: AriFaults;
  readonly onOpen: () => void;
}

/** The ARI half of the sandbox PBX. */
export interface AriSide {
  readonly url: string;
  /** To those who listen: `StasisStart` and `StasisEnd` to their application, everything else to who is subscribed. */
  publish(event: AriEvent): void;
  /** Event sockets that are open. */
  listeners(): number;
  requests(): readonly ReceivedRequest[];
  cut(): void;
  /** Text that is no event, to every event socket. */
  write(text: string): void;
  /** Stops or starts accepting connections at the same port. */
  accept(accepting: boolean): Promise<void>;
  close(): Promise<void>;
}

const maxRememberedRequests = 1_000;
const defaultWriteTimeoutMs = 100;

/** The phones and lines of the recorded PBX. */
const endpoints: readonly AriEndpoint[] = [
  ...Array.from({ length: 10 }, (_, index): AriEndpoint => phone(String(1_001 + index))),
  phone('trunk-in'),
  phone('trunk-out'),
];

export async function startAriSide(options: AriOptions, world: AriSideWorld): Promise<AriSide> {
  const { now, after, host, applications } = world;
  const writeTimeoutMs = options.writeTimeoutMs ?? defaultWriteTimeoutMs;
  const events = createAriEvents({ applications, after, writeTimeoutMs, faults: world.faults, onOpen: world.onOpen });
  const requests: ReceivedRequest[] = [];
  const ariWorld: AriWorld = { applications, endpoints, now, state: world.state, live: world.live, startedAt: world.startedAt };
  const server = createAriServer({
    ...{
      users: options.users,
      routes: [...readingRoutes, ...makingChannels, ...channelCommands, ...bridgeCommands],
      world: ariWorld,
      onListen: events.listen,
      faults: world.faults,
      after,
    },
    onRequest(request) {
      requests.push(request);
      if (requests.length > maxRememberedRequests) requests.shift();
    },
  });
  await listen(server, options.port, host);
  const { port } = server.address() as AddressInfo;

  function cut(): void {
    events.cut();
    server.closeAllConnections();
  }

  return {
    ...{ url: `http://${host}:${port}`, cut, listeners: events.count, requests: () => [...requests] },
    publish(event) {
      if (event.type === 'StasisStart' || event.type === 'StasisEnd') applications.tell(String(event.application), event);
      else applications.publish(event);
    },
    write: events.write,
    async accept(accepting) {
      if (accepting === server.listening) return;
      if (accepting) await listen(server, port, host);
      else server.close();
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
      });
    },
  };
}

function phone(resource: string): AriEndpoint {
  return { technology: 'PJSIP', resource, state: 'online' };
}

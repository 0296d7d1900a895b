import type { Socket } from 'node:net';
import path from 'node:path';
import { loadRecording } from '../../infra/sandbox/asterisk/recording.ts';
import { amiDefaults } from '../../src/telephony/ami/ami-client.ts';
import { createOwnAmiClient } from '../../src/telephony/ami/own-ami-client.ts';
import { type AriClientFactory, ariDefaults } from '../../src/telephony/ari/ari-client.ts';
import type { PbxEars } from '../../src/telephony/pbx-listener.ts';
import { readAriRecording } from '../../src/telephony/replay/ari-recording.ts';
import { type AmiPeer, speakAmi, startAmiPeer } from './ami-peer.ts';
import { type AriPeer, ariUser, startAriPeer } from './ari-peer.ts';
import { createAriWorld, linkedIdsOf } from './ari-world.ts';
import { traceFolder } from './judge-calls.ts';

/** A recording served over real sockets, both ears of it with the ids and in the order in which they were recorded. */
export interface RecordedPbx {
  readonly ari: AriPeer;
  readonly ami: AmiPeer;
  /** How many moments there are at which something is told. */
  readonly moments: number;
  /** The clock of the listener: that of the recording. */
  readonly now: () => number;
  ears(which: 'ami' | 'ari' | 'both', ariClient: AriClientFactory): PbxEars;
  /** Tells what belongs to the next so many moments; `heard` waits, after each, until it has been read. */
  play(moments: number, heard: () => Promise<void>): Promise<void>;
  /** Tells nobody: what a PBX does while it is not listened to. */
  miss(moments: number): void;
  /** How many ARI events have been told in all. */
  readonly ariTold: number;
  readonly ariHeard: number;
  cutAmi(): void;
  close(): Promise<void>;
}

type Told = { readonly at: number } & ({ readonly ami: string } | { readonly ari: unknown });

/** `ariLateMs`: by how much ARI lags behind, or, below 0, AMI. */
export async function startRecordedPbx(scenario: string, ariLateMs = 0): Promise<RecordedPbx> {
  const ariEvents = [...readAriRecording(path.join(traceFolder, `${scenario}.ari.ndjson.gz`)).events()].filter(
    (one) => one !== null,
  );
  const { packets } = loadRecording(path.join(traceFolder, `${scenario}.ami.gz`));
  const told: Told[] = [
    ...packets.map(({ at, text }) => ({ at: at + Math.max(0, -ariLateMs), ami: text })),
    ...ariEvents.map(({ at, event }) => ({ at: at + Math.max(0, ariLateMs), ari: event })),
  ].sort((a, b) => a.at - b.at);
  const moments = [...Map.groupBy(told, ({ at }) => at)];
  const linkedIds = linkedIdsOf(
    scenario,
    ariEvents.map(({ event }) => event),
  );
  const start = (told[0]?.at ?? 0) - 60_000;
  const world = createAriWorld(linkedIds, start - 3_600_000);
  const ari = await startAriPeer({ answer: world.answer });
  const amiSockets = new Set<Socket>();
  const ami = await startAmiPeer((socket) => {
    amiSockets.add(socket);
    // Every answer is waited for: it must not wait itself until there is more to send.
    socket.setNoDelay(true);
    socket.on('close', () => amiSockets.delete(socket));
    speakAmi(socket, () => false);
  });
  let now = start;
  let position = 0;
  let ariTold = 0;
  let ariHeard = 0;

  function live(count: number, tell: boolean): void {
    for (const [at, ofMoment] of moments.slice(position, position + count)) {
      now = at;
      for (const one of ofMoment) {
        if ('ari' in one) {
          world.live(one.ari, at);
          if (!tell || ari.listeners() === 0) continue;
          ariTold += 1;
          ari.tell(one.ari);
        } else if (tell) for (const socket of amiSockets) socket.write(one.ami, 'latin1');
      }
    }
    position += count;
  }

  return {
    ...{ ari, ami, moments: moments.length },
    now: () => now,
    ears(which, ariClient) {
      const amiSettings = { ...amiDefaults, host: '127.0.0.1', port: ami.port, username: 'hub', secret: 'x' };
      return {
        ami: which === 'ari' ? null : { settings: amiSettings, clientFactory: createOwnAmiClient },
        ari:
          which === 'ami'
            ? null
            : {
                settings: { ...ariDefaults, ...ariUser, url: ari.url, app: 'toritsugi' },
                clientFactory: ariClient,
                onAriEvent: () => {
                  ariHeard += 1;
                },
              },
      };
    },
    async play(count, heard) {
      for (let done = 0; done < count && position < moments.length; done += 1) {
        live(1, true);
        await heard();
      }
    },
    miss: (count) => live(count, false),
    get ariTold() {
      return ariTold;
    },
    get ariHeard() {
      return ariHeard;
    },
    cutAmi() {
      for (const socket of amiSockets) socket.destroy();
    },
    async close() {
      await Promise.all([ari.close(), ami.close()]);
    },
  };
}

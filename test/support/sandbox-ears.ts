import type { SandboxAsterisk, SandboxAsteriskOptions } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { AmiResponse } from '../../src/telephony/ami/ami-client.ts';
import type { AmiMessage } from '../../src/telephony/ami/ami-message.ts';
import { createOwnAmiClient } from '../../src/telephony/ami/own-ami-client.ts';
import { createHandClock, type HandClock } from './ami-clock.ts';
import { type AmiConnection, openAmiConnection, startTestPbx } from './ami-connection.ts';
import { type AriListening, type AriReply, ariUser, askAri, listenToAri } from './ari-listening.ts';
import { createReleases } from './releases.ts';

/** A sandbox PBX whose time is turned by hand, with a listener at both of its interfaces. */
export interface SandboxEars {
  readonly pbx: SandboxAsterisk;
  readonly clock: HandClock;
  readonly ami: AmiConnection;
  readonly ari: AriListening;
  act(name: string, headers?: Readonly<Record<string, string | readonly string[]>>): Promise<AmiResponse>;
  ask(method: string, path: string, json?: unknown): Promise<AriReply>;
  /** Turns the clock, and waits until everything that was sent meanwhile has been heard. */
  advance(ms: number): Promise<void>;
  /** What AMI told since the last time this was asked. */
  news(): Promise<readonly AmiMessage[]>;
  close(): Promise<void>;
}

export async function openSandboxEars(options: Partial<SandboxAsteriskOptions> = {}): Promise<SandboxEars> {
  const clock = createHandClock();
  const pbx = await startTestPbx({ now: clock.now, after: clock.after, ari: { port: 0, users: [ariUser] }, ...options });
  const ami = openAmiConnection(createOwnAmiClient, { port: pbx.port });
  await ami.client.connect();
  const ari = await listenToAri(pbx.ariUrl);
  await ami.client.act({ name: 'Ping' });
  let heardSoFar = ami.messages.length;

  function act(name: string, headers: Readonly<Record<string, string | readonly string[]>> = {}): Promise<AmiResponse> {
    const lines = Object.entries(headers).flatMap(([key, values]) =>
      [values].flat().map((value): [string, string] => [key, value]),
    );
    return ami.client.act({ name, headers: lines });
  }

  return {
    ...{ pbx, clock, ami, ari, act },
    ask: (method, path, json) => askAri(pbx.ariUrl, method, path, json === undefined ? {} : { json }),
    async advance(ms) {
      clock.advance(ms);
      await act('Ping');
    },
    async news() {
      await act('Ping');
      const heard = ami.messages.slice(heardSoFar).filter((message) => message.event !== null);
      heardSoFar = ami.messages.length;
      return heard;
    },
    async close() {
      ari.close();
      await ami.client.close();
      await pbx.close();
    },
  };
}

/** Opens them for one test after the other, and closes what was opened. To be called at a suite's top level. */
export function openSandboxEarsForEach(): typeof openSandboxEars {
  const release = createReleases();
  return async (options) => {
    const ears = await openSandboxEars(options);
    release(ears.close);
    return ears;
  };
}

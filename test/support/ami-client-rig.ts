import type { SandboxAsterisk } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { AmiClientFactory, AmiSettings } from '../../src/telephony/ami/ami-client.ts';
import { type AmiConnection, openAmiConnection, startTestPbx } from './ami-connection.ts';
import { type AmiPeer, startAmiPeer } from './ami-peer.ts';
import { createReleases, unlessExempt } from './releases.ts';

/** What an implementation cannot keep, each with its reason; those cases are left out for it, and for nothing else. */
export interface AmiClientExemptions {
  readonly md5?: string;
  readonly boundsWhatItHolds?: string;
  readonly repeatedHeaders?: string;
}

/** What a case of the contract is made of; everything it opens is closed after it. */
export interface AmiClientRig {
  readonly exemptions: AmiClientExemptions;
  startPbx(options?: Parameters<typeof startTestPbx>[0]): Promise<SandboxAsterisk>;
  startPeer(onConnection: Parameters<typeof startAmiPeer>[0]): Promise<AmiPeer>;
  open(settings: Partial<AmiSettings> & { port: number }): AmiConnection;
  logIn(pbx: SandboxAsterisk, settings?: Partial<AmiSettings>): Promise<AmiConnection>;
  /** A case that an implementation may leave out with a reason. */
  unlessExempt(reason: string | undefined, sentence: string, body: () => Promise<void>): void;
}

export function createAmiClientRig(make: AmiClientFactory, exemptions: AmiClientExemptions): AmiClientRig {
  const release = createReleases();

  function open(settings: Partial<AmiSettings> & { port: number }): AmiConnection {
    const connection = openAmiConnection(make, settings);
    release(async () => {
      const closed = connection.client.close();
      connection.clock.advance(60_000);
      await closed;
    });
    return connection;
  }

  return {
    exemptions,
    open,
    async startPbx(options = {}) {
      const pbx = await startTestPbx(options);
      release(pbx.close);
      return pbx;
    },
    async startPeer(onConnection) {
      const peer = await startAmiPeer(onConnection);
      release(peer.close);
      return peer;
    },
    async logIn(pbx, settings = {}) {
      const connection = open({ port: pbx.port, ...settings });
      await connection.client.connect();
      return connection;
    },
    unlessExempt,
  };
}

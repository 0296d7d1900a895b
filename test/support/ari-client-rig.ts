import type { AriClientFactory, AriSettings } from '../../src/telephony/ari/ari-client.ts';
import { type AriConnection, openAriConnection } from './ari-connection.ts';
import { type AriPeer, type AriPeerOptions, startAriPeer } from './ari-peer.ts';
import { createReleases, unlessExempt } from './releases.ts';

/** What an implementation cannot keep, each with its reason; those cases are left out for it, and for nothing else. */
export interface AriClientExemptions {
  readonly passwordOutOfAddresses?: string;
  readonly anyPassword?: string;
  readonly boundsAnswers?: string;
  readonly freePaths?: string;
  readonly noticesCutRequests?: string;
}

/** What a case of the contract is made of; everything it opens is closed after it. */
export interface AriClientRig {
  readonly exemptions: AriClientExemptions;
  startPeer(options?: AriPeerOptions): Promise<AriPeer>;
  open(settings: Partial<AriSettings> & { url: string }): AriConnection;
  connect(peer: AriPeer, settings?: Partial<AriSettings>): Promise<AriConnection>;
  /** A case that an implementation may leave out with a reason. */
  unlessExempt(reason: string | undefined, sentence: string, body: () => Promise<void>): void;
}

export function createAriClientRig(make: AriClientFactory, exemptions: AriClientExemptions): AriClientRig {
  const release = createReleases();

  function open(settings: Partial<AriSettings> & { url: string }): AriConnection {
    const connection = openAriConnection(make, settings);
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
    async startPeer(options = {}) {
      const peer = await startAriPeer(options);
      release(peer.close);
      return peer;
    },
    async connect(peer, settings = {}) {
      const connection = open({ url: peer.url, ...settings });
      await connection.client.connect();
      return connection;
    },
    unlessExempt,
  };
}

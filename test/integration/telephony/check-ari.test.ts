import { afterRealTime } from '../../../src/telephony/after.ts';
import { type AriSettings, ariDefaults } from '../../../src/telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { checkAri } from '../../../src/telephony/check-ari.ts';
import { type AriPeer, type AriPeerOptions, ariUser, startAriPeer } from '../../support/ari-peer.ts';

let releases: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const release of releases.reverse()) await release();
  releases = [];
});

async function startPeer(options: AriPeerOptions = {}): Promise<AriPeer> {
  const peer = await startAriPeer(options);
  releases.push(peer.close);
  return peer;
}

function check({ url }: AriPeer, more: Partial<AriSettings> = {}) {
  const settings = { ...ariDefaults, ...ariUser, url, app: 'toritsugi', ...more };
  return checkAri(settings, createOwnAriClient, { now: Date.now, after: afterRealTime });
}

test('says that ARI is well, without deafening the hub that listens there', async () => {
  const peer = await startPeer();
  expect(await check(peer)).toEqual({ ok: true, detail: `ARI at ${peer.url} lets "hub" in.`, remedy: null });
  expect(peer.upgrades.map(({ query }) => query.app)).toEqual(['toritsugi-check']);
  await peer.hasListeners(0);
});

test('says what to do when it is not', async () => {
  const peer = await startPeer({ answer: ({ path }) => (path === '/bridges' ? { status: 500 } : null) });
  expect(await check(peer)).toMatchObject({ ok: false, detail: expect.stringContaining('GET /bridges with 500') });
  expect(await check(peer, { password: 'a wrong secret' })).toMatchObject({
    ok: false,
    detail: expect.not.stringContaining('a wrong secret'),
    remedy: expect.stringContaining('ari.conf'),
  });
});

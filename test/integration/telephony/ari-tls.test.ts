import { AriRefused } from '../../../src/telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../../../src/telephony/ari/packaged-ari-client.ts';
import { testCertificate, testKey } from '../../support/ami-tls.ts';
import { openAriConnection } from '../../support/ari-connection.ts';
import { startAriPeer } from '../../support/ari-peer.ts';
import { createReleases } from '../../support/releases.ts';

const tls = { key: testKey, cert: testCertificate };

const release = createReleases();

async function startPeer(options: Parameters<typeof startAriPeer>[0]) {
  const peer = await startAriPeer(options);
  release(peer.close);
  return peer;
}

function open(...args: Parameters<typeof openAriConnection>) {
  const connection = openAriConnection(...args);
  release(connection.client.close);
  return connection;
}

test('speaks ARI over TLS to a PBX whose certificate it was given, events and requests', async () => {
  const peer = await startPeer({ tls });
  const { client, hears } = open(createOwnAriClient, { url: peer.url, ca: testCertificate });
  await client.connect();
  expect((await client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
  peer.tell({ type: 'Last' });
  await hears('Last');
});

test('does not speak to a PBX whose certificate nobody vouches for, and says what to do', async () => {
  const peer = await startPeer({ tls });
  const { client } = open(createOwnAriClient, { url: peer.url });
  await expect(client.connect()).rejects.toThrow(/self-signed: give the hub the CA/);
  expect([...peer.upgrades, ...peer.requests]).toEqual([]);
});

test('says that a port does not speak TLS', async () => {
  const peer = await startPeer({});
  const { client } = open(createOwnAriClient, { url: peer.url.replace('http:', 'https:'), ca: testCertificate });
  await expect(client.connect()).rejects.toThrow(/does not speak TLS.*http\.conf/);
});

test('ari-client refuses a CA rather than speak without it', async () => {
  const peer = await startPeer({ tls });
  const { client } = open(createPackagedAriClient, { url: peer.url, ca: testCertificate });
  await expect(client.connect()).rejects.toThrow(AriRefused);
});

import { AmiRefused, AmiUnreachable } from '../../../src/telephony/ami/ami-client.ts';
import { createAsteriskManagerAmiClient } from '../../../src/telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { openAmiConnection, startTestPbx } from '../../support/ami-connection.ts';
import { testCertificate, testKey } from '../../support/ami-tls.ts';
import { createReleases } from '../../support/releases.ts';

const trusting = { ca: testCertificate, servername: null };
const tls = { key: testKey, cert: testCertificate };

const release = createReleases();

async function startPbx(options: Parameters<typeof startTestPbx>[0]) {
  const pbx = await startTestPbx(options);
  release(pbx.close);
  return pbx;
}

function open(...args: Parameters<typeof openAmiConnection>) {
  const connection = openAmiConnection(...args);
  release(connection.client.close);
  return connection;
}

test('speaks AMI over TLS to a PBX whose certificate it was given', async () => {
  const pbx = await startPbx({ tls });
  const { client } = open(createOwnAmiClient, { port: pbx.port, tls: trusting });
  await client.connect();
  expect((await client.act({ name: 'Ping' })).ok).toBe(true);
});

test('does not speak to a PBX whose certificate nobody vouches for, and says what to do', async () => {
  const pbx = await startPbx({ tls });
  const { client } = open(createOwnAmiClient, { port: pbx.port, tls: { ca: null, servername: null } });
  await expect(client.connect()).rejects.toThrow(/self-signed: give the hub the CA/);
  expect(pbx.actions()).toEqual([]);
});

test('does not speak to a PBX whose certificate is for another name', async () => {
  const pbx = await startPbx({ tls });
  const { client } = open(createOwnAmiClient, { port: pbx.port, tls: { ca: testCertificate, servername: 'other.test' } });
  await expect(client.connect()).rejects.toThrow(/for another name/);
});

test('says that a port does not speak TLS', async () => {
  const pbx = await startPbx({});
  const { client } = open(createOwnAmiClient, { port: pbx.port, tls: trusting });
  await expect(client.connect()).rejects.toThrow(AmiUnreachable);
});

test('asterisk-manager refuses TLS rather than speak without it', async () => {
  const pbx = await startPbx({ tls });
  const { client } = open(createAsteriskManagerAmiClient, { port: pbx.port, tls: trusting });
  await expect(client.connect()).rejects.toThrow(AmiRefused);
});

import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openTransport } from '../../../connectors/http/guarded-transport.ts';
import { settingNames } from '../../../connectors/http/setting-names.ts';
import { testCertificate, testKey } from '../../support/ami-tls.ts';

let server: Server;
let heard = 0;

beforeEach(async () => {
  heard = 0;
  server = createServer({ cert: testCertificate, key: testKey }, (_request, response) => {
    heard += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

async function ask(ca: string | null): Promise<number> {
  const transport = openTransport({ names: settingNames('http'), allowsPrivate: true, ca });
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    const limits = { signal: new AbortController().signal, timeoutMs: 2000, maxBytes: 100 };
    return (await transport.send({ method: 'GET', url, headers: {}, body: null }, limits)).status;
  } finally {
    transport.close();
  }
}

test('trusts an authority of our own when it is named', async () => {
  expect(await ask(testCertificate)).toBe(200);
});

test('speaks to nobody whose certificate nobody vouches for', async () => {
  await expect(ask(null)).rejects.toThrow(/self[- ]signed/);
  expect(heard).toBe(0);
});

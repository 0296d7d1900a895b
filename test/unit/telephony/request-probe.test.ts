import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

type Probe = (url: string, done: (error: (Error & { code?: string }) | null) => void) => void;

const probe = jest.requireActual<Probe>(path.resolve(__dirname, '../../../src/telephony/ari/request-probe/index.cjs'));
const ask = (url: string) => new Promise<(Error & { code?: string }) | null>((resolve) => probe(url, resolve));

test('a server is there, whatever it answers', async () => {
  const server = http.createServer((_, answer) => void answer.writeHead(401).end('x'.repeat(100_000)));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await ask(`http://127.0.0.1:${port}/`)).toBeNull();
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
  expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 'ECONNREFUSED' });
});

test('one that says nothing is told by the code that ari-client knows', async () => {
  const fetching = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new DOMException('aborted', 'TimeoutError'));
  expect(await ask('http://127.0.0.1:1/')).toMatchObject({ code: 'ETIMEDOUT' });
  fetching.mockRestore();
});

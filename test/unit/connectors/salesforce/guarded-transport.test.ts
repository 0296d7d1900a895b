import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guardedTransport } from '../../../../connectors/salesforce/guarded-transport.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const limits = (over: Partial<Parameters<typeof guardedTransport>[0]> = {}) => ({
  signal: new AbortController().signal,
  timeoutMs: 10_000,
  maxBytes: 1_000,
  ...over,
});

test('hands on status, headers and body', async () => {
  const url = await serve((request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(`{"method":"${request.method}"}`);
  });
  const transport = guardedTransport(limits());
  const response = await transport.httpRequest({ url, method: 'POST', body: '{}', headers: { 'content-length': '99' } });
  expect(response).toMatchObject({ statusCode: 201, body: '{"method":"POST"}' });
  expect(transport.seen).toMatchObject({ status: 201, headers: { 'content-type': 'application/json' } });
});

test('never follows a redirect with the token in its hand', async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const transport = guardedTransport(limits());
  await expect(transport.httpRequest({ url, method: 'GET', headers: { authorization: 'Bearer x' } })).rejects.toThrow(
    'redirected (HTTP 302)',
  );
  expect(asked).toBe(1);
  expect(transport.seen.status).toBeNull();
});

test('takes no answer larger than it may hold', async () => {
  const url = await serve((_request, response) => void response.end('x'.repeat(2_000)));
  await expect(guardedTransport(limits()).httpRequest({ url, method: 'GET' })).rejects.toThrow('larger than 1000 bytes');
});

test('an answer that breaks off fails alone', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{', () => response.destroy());
  });
  const transport = guardedTransport(limits());
  await expect(transport.httpRequest({ url, method: 'GET' })).rejects.toThrow();
  expect(transport.seen.status).toBeNull();
});

test('gives up after its time, and when its caller does', async () => {
  const url = await serve(() => {});
  await expect(guardedTransport(limits({ timeoutMs: 1 })).httpRequest({ url, method: 'GET' })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await expect(
    guardedTransport(limits({ signal: AbortSignal.abort() })).httpRequest({ url, method: 'GET' }),
  ).rejects.toMatchObject({ name: 'AbortError' });
});

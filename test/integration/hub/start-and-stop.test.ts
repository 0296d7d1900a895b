/** A hub that cannot start ends and says why; one that is told to stop does so, whatever it cannot reach. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net, { type Server } from 'node:net';
import { startHubProcess } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';

jest.setTimeout(60_000);

let world: SandboxWorld;
let squatter: Server;

beforeEach(async () => {
  world = await startSandboxWorld();
  squatter = net.createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
});

afterEach(async () => {
  squatter.close();
  await world.close();
});

test('a hub whose web port is taken ends, and says so', async () => {
  const taken = String((squatter.address() as AddressInfo).port);
  await expect(startHubProcess({ ...world.environment, HTTP_PORT: taken })).rejects.toThrow(/ended at once.*使用中/s);
});

test.each([
  ['refuses every connection', () => '1'],
  ['says nothing', () => String((squatter.address() as AddressInfo).port)],
])('a hub whose PBX %s ends when it is told to', async (_, port) => {
  const hub = await startHubProcess({ ...world.environment, AMI_PORT: port() });
  await hub.stop();
  expect(hub.isRunning).toBe(false);
  expect(hub.logged()).not.toMatch(/could not be ended|unhandled/i);
});

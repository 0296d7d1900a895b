import { randomUUID } from 'node:crypto';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { type AmiSettings, amiDefaults } from '../../../src/telephony/ami/ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { checkPbx } from '../../../src/telephony/check-pbx.ts';
import { hubUser, startTestPbx } from '../../support/ami-connection.ts';

const world = { now: Date.now, newId: randomUUID, after: afterRealTime };

async function check(options: Parameters<typeof startTestPbx>[0], settings: Partial<AmiSettings> = {}) {
  const pbx = await startTestPbx(options);
  try {
    const access = { ...amiDefaults, host: '127.0.0.1', port: pbx.port, username: hubUser.name, secret: hubUser.secret };
    return await checkPbx({ ...access, ...settings }, createOwnAmiClient, world);
  } finally {
    await pbx.close();
  }
}

test('a PBX that lets us in and answers is well', async () => {
  expect(await check({})).toEqual({ ok: true, detail: expect.stringContaining('as "hub"'), remedy: null });
});

test('a wrong secret is told with the remedy', async () => {
  expect(await check({}, { secret: 'wrong' })).toMatchObject({ ok: false, remedy: expect.stringContaining('manager.conf') });
});

test('missing rights are told by the action that needs them', async () => {
  expect(await check({ users: [{ ...hubUser, write: [] }] })).toMatchObject({
    ok: false,
    detail: expect.stringContaining('CoreShowChannels'),
    remedy: expect.stringContaining('write ='),
  });
});

test('a PBX that is not there is told with the remedy', async () => {
  expect(await check({}, { port: 1 })).toMatchObject({ ok: false, remedy: expect.stringContaining('Check host and port') });
});

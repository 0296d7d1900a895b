/** The directory of a whole hub: what the admin sees of it, and what kintone may tell. */
import { untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

const secret = 'only-kintone-knows-this-1';

let world: SandboxWorld;
let hub: RunningHub | null = null;

beforeEach(async () => {
  world = await startSandboxWorld();
});

afterEach(async () => {
  await hub?.stop();
  hub = null;
  await world.close();
});

async function start(webhookSecret: string): Promise<string> {
  hub = await startHubHere({ ...world.environment, WEBHOOK_SECRET: webhookSecret });
  await untilListening(hub.url);
  return `${hub.url}/api/v1`;
}

async function signIn(api: string): Promise<string> {
  const answer = await fetch(`${api}/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ extension: '1002' }) },
  });
  return answer.headers.getSetCookie().join('; ').split(';')[0] ?? '';
}

function tell(address: string, notice: object): Promise<Response> {
  return fetch(address, { ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(notice) } });
}

test('the admin sees how far each CRM is read, and kintone may tell of a deletion', async () => {
  const api = await start(secret);
  const headers = { cookie: await signIn(api) };
  const customers = async () => {
    const answer = await fetch(`${api}/directory`, { headers });
    const { sources } = (await answer.json()) as { sources: { connector: string; object: string; completeAt: string | null }[] };
    return sources;
  };
  await until('both CRMs are read', async () => {
    const sources = await customers();
    return new Set(sources.filter(({ completeAt }) => completeAt !== null).map(({ connector }) => connector)).size === 2;
  });
  const notice = { type: 'DELETE_RECORD', app: { id: '1' }, recordId: '1' };
  expect((await tell(`${api}/webhooks/kintone/${secret}`, notice)).status).toBe(204);
  expect((await tell(`${api}/webhooks/salesforce/${secret}`, notice)).status).toBe(404);
});

test('whoever does not know the secret is not listened to, and does not see the directory either', async () => {
  const api = await start(secret);
  const wrong = await tell(`${api}/webhooks/kintone/${secret.replace('1', '2')}`, {});
  expect([wrong.status, ((await wrong.json()) as { type: string }).type]).toEqual([401, 'urn:toritsugi:problem:wrong-secret']);
  expect((await fetch(`${api}/directory`)).status).toBe(401);
});

test('a secret that can be guessed is refused before the hub starts', async () => {
  await expect(start('kintone')).rejects.toThrow(/WEBHOOK_SECRET/);
});

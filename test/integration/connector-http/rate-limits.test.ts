import { RateLimited, type RequestNotice } from '../../../connectors/connector.ts';
import { type ScriptedAnswer, type ScriptedService, startScriptedService } from './scripted-service.ts';

const never = new AbortController().signal;
const source = { object: 'customers', phones: ['phone'], name: 'name', fields: [] };
const ringing = { number: '+81312345678', spellings: ['0312345678'], sources: [source], limit: 5 };
const described = {
  limits: { concurrent: 2, dayHeaders: { limit: 'X-Day-Limit', remaining: 'X-Day-Left' } },
  objects: {
    customers: {
      fields: { name: 'string', phone: 'phone' },
      find: { path: '/find', query: { phone: '{spellings}' } },
      changes: { path: '/list', records: 'items', deleted: { untold: true } },
    },
  },
};

let service: ScriptedService;
let answers: ScriptedAnswer[];
let time: number;
let notices: RequestNotice[];

beforeEach(async () => {
  [answers, time, notices] = [[], Date.parse('2026-11-23T01:00:00Z'), []];
  service = await startScriptedService(({ url }) => ({
    ...{ status: 200, body: url.startsWith('/find') ? [] : { items: [] } },
    ...answers.shift(),
  }));
});
afterEach(() => service.close());

const open = () => service.open(described, {}, { now: () => time, onRequest: (notice) => notices.push(notice) });

async function read(connector: ReturnType<typeof open>): Promise<void> {
  for await (const _ of connector.readChanges(source, null, never));
}

test('asks nothing more of a service that says its limit is reached, until that is over', async () => {
  const connector = open();
  answers = [{ headers: { 'RateLimit-Limit': '600', 'RateLimit-Remaining': '0', 'RateLimit-Reset': '60' } }];
  await read(connector);
  const refused = await read(connector).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RateLimited);
  expect(refused).toMatchObject({ retryAfterMs: 60_000 });
  expect(service.heard).toHaveLength(1);
  time += 60_000;
  await read(connector);
  expect(service.heard).toHaveLength(2);
});

test('asks for a ringing phone all the same', async () => {
  const connector = open();
  answers = [{ headers: { RateLimit: '"minute";r=0;t=60' } }];
  await read(connector);
  expect(await connector.findByPhone(ringing, never)).toEqual([]);
  expect(service.heard.map(({ url }) => url.split('?')[0])).toEqual(['/list', '/find']);
});

test('a service that lets us in again before its time is asked again', async () => {
  const connector = open();
  answers = [
    { headers: { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '72000' } },
    { headers: { 'RateLimit-Remaining': '500', 'RateLimit-Reset': '72000' } },
  ];
  await read(connector);
  await connector.findByPhone(ringing, never);
  await read(connector);
  expect(service.heard).toHaveLength(3);
});

test('a refusal without Retry-After waits for as long as the other headers say', async () => {
  const connector = open();
  answers = [{ status: 429, headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(time / 1000 + 90) } }];
  expect(await read(connector).catch((error: unknown) => error)).toMatchObject({ kind: 'rateLimited', retryAfterMs: 90_000 });
});

test('the clock that is put back makes no rest longer', async () => {
  const connector = open();
  answers = [{ headers: { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '60' } }];
  await read(connector);
  time -= 3_600_000;
  await read(connector);
  expect(service.heard).toHaveLength(2);
});

test('tells of each request with the day’s figures, of redirects and refusals too, and of none that never left', async () => {
  const connector = open();
  const day = { 'X-Day-Limit': '5000', 'X-Day-Left': '4321' };
  answers = [{ status: 302, headers: { Location: `${service.origin}/list?again` } }, { headers: day }, { status: 500 }];
  await read(connector);
  await read(connector).catch(() => {});
  expect(notices.map(({ day }) => day)).toEqual([null, { used: 679, limit: 5000 }, null]);
  const elsewhere = service.open(
    described,
    { HTTP_BASE_URL: 'http://127.0.0.1:1' },
    { now: () => time, onRequest: (one) => notices.push(one) },
  );
  await read(elsewhere).catch(() => {});
  expect(notices).toHaveLength(3);
});

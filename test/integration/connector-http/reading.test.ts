import { type ChangePage, type Connector, Unauthorized, Unreachable } from '../../../connectors/connector.ts';
import { type Script, type ScriptedService, startScriptedService } from './scripted-service.ts';

let service: ScriptedService;
let script: Script;

beforeEach(async () => {
  script = () => ({ body: [] });
  service = await startScriptedService((request, response) => script(request, response));
});
afterEach(() => service.close());

const never = new AbortController().signal;
const source = { object: 'customers', phones: ['phone'], name: 'name', fields: ['rank'] };
const fields = { name: 'string', phone: 'phone', rank: 'string' };
const query = (spellings: readonly string[]) => ({ number: '+81312345678', spellings, sources: [source], limit: 5 });
const person = (id: number, over: object = {}) => ({ id, name: `客 ${id}`, phone: '03-1234-5678', ...over });

async function pages(connector: Connector, since: string | null): Promise<readonly ChangePage[]> {
  const all: ChangePage[] = [];
  for await (const page of connector.readChanges(source, since, never)) all.push(page);
  return all;
}

describe('looking up a number', () => {
  test('asks once for each spelling, likeliest first, up to the bound', async () => {
    const find = { path: '/search/{spelling}', most: 2, nobody: [404] };
    script = ({ url }) => (url === '/search/03-1234-5678' ? { body: [person(1)] } : { status: 404 });
    const found = await service
      .open({ objects: { customers: { fields, find } } })
      .findByPhone(query(['0312345678', '03-1234-5678', '(03) 1234-5678']), never);
    expect(found.map(({ id }) => id)).toEqual(['1']);
    expect(service.heard.map(({ url }) => url).toSorted()).toEqual(['/search/03-1234-5678', '/search/0312345678']);
  });

  test('offers nobody whom the service keeps only as deleted', async () => {
    const find = { path: '/find', query: { phone: '{spellings}' } };
    const changes = { path: '/list', deleted: { flag: 'deleted_at' } };
    script = () => ({ body: [person(1, { deleted_at: '2026-11-20' }), person(2, { deleted_at: null })] });
    const found = await service
      .open({ objects: { customers: { fields, find, changes } } })
      .findByPhone(query(['0312345678']), never);
    expect(found.map(({ id }) => id)).toEqual(['2']);
  });

  test('asks once for each row of digits and field where the service sees through punctuation', async () => {
    const find = { path: '/search', method: 'POST', body: { where: { '{field}': '{digits}' }, most: '{limit}' } };
    script = () => ({ body: [person(1), person(2, { phone: '06-9999-0000' })] });
    const found = await service
      .open({ objects: { customers: { fields, find } } })
      .findByPhone(query(['0312345678', '03-1234-5678', '+81312345678']), never);
    // A hit that does not hold the number is not offered, and the same record only once.
    expect(found.map(({ id }) => id)).toEqual(['1']);
    expect(service.heard.map(({ body }) => JSON.parse(body))).toEqual([
      { where: { phone: '0312345678' }, most: 5 },
      { where: { phone: '81312345678' }, most: 5 },
    ]);
  });

  test('says where the description and the answer part, without a value of the answer', async () => {
    script = () => ({ body: { data: [person(1)] } });
    const find = { path: '/search', query: { q: '{number}' }, records: 'items' };
    const failure = service.open({ objects: { customers: { fields, find } } }).findByPhone(query(['0312345678']), never);
    await expect(failure).rejects.toThrow(/no list at "items"; the answer holds data/);
    await expect(failure).rejects.toBeInstanceOf(Unreachable);
  });

  test('keeps an id that is too large for a number', async () => {
    script = (_request, response) => {
      response.end('[{"id": 9007199254740993, "name": "客", "phone": "03-1234-5678", "rank": 12345678901234567890}]');
      return null;
    };
    const find = { path: '/search', query: { q: '{number}' } };
    const [found] = await service.open({ objects: { customers: { fields, find } } }).findByPhone(query(['0312345678']), never);
    expect(found).toMatchObject({ id: '9007199254740993', values: { rank: '12345678901234567890' } });
  });

  test('reads numbers out of a list inside a record', async () => {
    const many = { ...fields, phone: { type: 'phone', at: 'phones.*.number' } };
    script = () => ({ body: [{ id: 'x', name: '客', phones: [{ number: '06-1' }, { number: '03-1234-5678' }] }] });
    const find = { path: '/search', query: { q: '{number}' } };
    const [found] = await service
      .open({ objects: { customers: { fields: many, find } } })
      .findByPhone(query(['0312345678']), never);
    expect(found?.phones).toEqual([
      { field: 'phone', value: '06-1' },
      { field: 'phone', value: '03-1234-5678' },
    ]);
  });
});

describe('reading everybody', () => {
  test('reads nothing ahead of a service without a list, and everything once a list is described', async () => {
    const [page] = await pages(service.open({ objects: { customers: { fields } } }), null);
    expect(page).toMatchObject({ records: [], deleted: [] });
    expect(service.heard).toEqual([]);
    script = () => ({ body: [person(1)] });
    const changes = { path: '/c', query: { since: '{since}' }, deleted: { untold: true } };
    const [first] = await pages(service.open({ objects: { customers: { fields, changes } } }), page?.cursor ?? '');
    expect([first?.records.length, service.heard.at(-1)?.url]).toEqual([1, '/c']);
  });

  const numbered = (deleted: object, total: object = { total: 'count' }) => ({
    objects: {
      customers: {
        fields,
        changes: {
          path: '/customers',
          query: { p: '{page}', since: '{since}' },
          records: 'rows',
          ...total,
          next: { page: 1 },
          deleted,
        },
      },
    },
  });
  const pageOf = (url: string) => Number(new URL(url, 'http://x').searchParams.get('p'));

  test('goes on while pages come, although they are smaller than asked for', async () => {
    script = ({ url }) => ({ body: { rows: pageOf(url) <= 3 ? [person(pageOf(url))] : [] } });
    const read = await pages(service.open(numbered({ untold: true }, {})), null);
    expect(read.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['1', '2', '3']);
    expect(read.every(({ everything }) => everything === undefined)).toBe(true);
  });

  test('tells that everything was read, so that who is gone comes out', async () => {
    script = ({ url }) => ({ body: { count: 2, rows: [person(pageOf(url))] } });
    const read = await pages(service.open(numbered({ everything: 'nightly' })), null);
    expect(read.map(({ everything, total }) => [everything?.last, total])).toEqual([
      [false, 2],
      [true, 2],
    ]);
    expect(new Set(read.map(({ everything }) => everything?.id)).size).toBe(1);
  });

  test('takes nobody for gone when the list moved while it was read', async () => {
    script = ({ url }) => ({ body: { count: pageOf(url) === 1 ? 3 : 2, rows: [person(pageOf(url))] } });
    const read = await pages(service.open(numbered({ everything: 'nightly' })), null);
    expect(read.at(-1)?.everything?.last).toBe(false);
  });

  test('reads everything again at night, and only changes by day', async () => {
    let time = Date.parse('2026-11-23T01:00:00Z');
    script = ({ url }) => ({ headers: { date: new Date(time).toUTCString() }, body: { count: 1, rows: [person(pageOf(url))] } });
    const connector = service.open(numbered({ everything: 'nightly' }), {}, { now: () => time });
    const cursor = (await pages(connector, null)).at(-1)?.cursor ?? '';
    time += 3_600_000;
    const byDay = await pages(connector, cursor);
    expect(service.heard.at(-1)?.url).toBe('/customers?p=1&since=2026-11-23T00%3A55%3A00Z');
    time += 20 * 3_600_000;
    await pages(connector, byDay.at(-1)?.cursor ?? '');
    expect(service.heard.at(-1)?.url).toBe('/customers?p=1');
  });

  test('goes by the service’s clock, wherever ours stands', async () => {
    script = () => ({ headers: { date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, body: { count: 0, rows: [] } });
    const connector = service.open(numbered({ untold: true }), {}, { now: () => Date.parse('2026-11-23T09:30:00Z') });
    await pages(connector, (await pages(connector, null)).at(-1)?.cursor ?? '');
    expect(service.heard.at(-1)?.url).toContain('since=2026-11-23T08%3A55%3A00Z');
  });

  test('asks from a day earlier where the service takes a date only', async () => {
    script = () => ({ headers: { date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, body: [] });
    const query = { d: '{sinceDate}', s: '{sinceSeconds}', ms: '{sinceMilliseconds}' };
    const changes = { path: '/c', query, overlapSeconds: 0, deleted: { untold: true } };
    const connector = service.open({ objects: { customers: { fields, changes } } });
    await pages(connector, (await pages(connector, null)).at(-1)?.cursor ?? '');
    expect(service.heard.map(({ url }) => url)).toEqual(['/c', '/c?d=2026-11-22&s=1795424400&ms=1795424400000']);
  });

  test('begins the reading anew when the service has forgotten its cursor', async () => {
    let second = 'second';
    script = ({ url }) => {
      const at = new URL(url, 'http://x').searchParams.get('c');
      if (at !== null && at !== second) return { status: 410 };
      return { body: { rows: [person(at === null ? 1 : 2)], next: at === null ? second : null } };
    };
    const changes = {
      path: '/c',
      query: { c: '{cursor}' },
      records: 'rows',
      next: { cursor: 'next' },
      deleted: { untold: true },
    };
    const connector = service.open({ objects: { customers: { fields, changes } } });
    let cursor = '';
    for await (const page of connector.readChanges(source, null, never)) {
      cursor = page.cursor;
      break;
    }
    second = 'another';
    const read = await pages(connector, cursor);
    expect(read.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['1', '2']);
    expect(service.heard.map(({ url }) => url)).toEqual(['/c', '/c?c=second', '/c', '/c?c=another']);
  });

  test('a service that gives the same page for ever is told of', async () => {
    script = () => ({ body: { rows: [person(1)] } });
    await expect(pages(service.open(numbered({ untold: true }, {})), null)).rejects.toThrow(/same page of customers twice/);
  });

  test('a record without an id is no customer to be lost in silence', async () => {
    script = () => ({ body: { count: 1, rows: [{ name: '客' }] } });
    await expect(pages(service.open(numbered({ untold: true })), null)).rejects.toThrow(/no id at "id" but name/);
  });
});

describe('signing in', () => {
  const objects = { customers: { fields, find: { path: '/find', query: { q: '{number}' } } } };
  const oauth = { signIn: { oauth2: { tokenUrl: '/token', send: 'header', scope: 'all' } }, objects };
  const settings = { HTTP_CLIENT_ID: 'us', HTTP_CLIENT_SECRET: 'v3ry s3cret' };

  test('fetches one token for all who wait, and a new one before it expires', async () => {
    let time = 0;
    script = ({ url }) => (url === '/token' ? { body: { access_token: `t${time}`, expires_in: 3600 } } : { body: [] });
    const connector = service.open(oauth, settings, { now: () => time });
    const find = () => connector.findByPhone(query(['0312345678']), never);
    await Promise.all([find(), find(), find()]);
    expect(service.heard.filter(({ url }) => url === '/token')).toHaveLength(1);
    expect(service.heard[0]).toMatchObject({ body: 'grant_type=client_credentials&scope=all' });
    expect(service.heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from('us:v3ry%20s3cret').toString('base64')}`);
    time = 3_580_000;
    await find();
    expect(service.heard.at(-1)?.headers.authorization).toBe('Bearer t3580000');
  });

  test('says Unauthorized, and no secret, when no token is given out', async () => {
    script = () => ({ status: 401, body: { error: 'invalid_client', error_description: 'v3ry s3cret is wrong' } });
    const failure = service.open(oauth, settings).findByPhone(query(['0312345678']), never);
    await expect(failure).rejects.toBeInstanceOf(Unauthorized);
    await expect(failure).rejects.not.toThrow(/s3cret/);
    await expect(failure).rejects.toThrow(/HTTP_CLIENT_SECRET/);
  });
});

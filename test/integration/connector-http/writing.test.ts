import { type Connector, type RecordWrite, Rejected, Unauthorized, Unreachable } from '../../../connectors/connector.ts';
import {
  type HeardRequest,
  type Script,
  type ScriptedAnswer,
  type ScriptedService,
  startScriptedService,
} from './scripted-service.ts';

let service: ScriptedService;
let script: Script;

beforeEach(async () => {
  script = () => ({ body: {} });
  service = await startScriptedService((request, response) => script(request, response));
});
afterEach(() => service.close());

const never = new AbortController().signal;
const fields = {
  ref: { key: true },
  title: { length: 20 },
  notes: 'text',
  seconds: 'integer',
  'contact.id': 'reference',
  made: { readOnly: true },
};

function open(write: object, over: object = {}): Connector {
  return service.open({ limits: { concurrent: 2 }, objects: { calls: { fields, write, ...over } } });
}

function log(key: string | null, given: RecordWrite['fields'] = { title: 'a' }, owners: RecordWrite['owners'] = {}): RecordWrite {
  return { object: 'calls', key: key === null ? null : { field: 'ref', value: key }, fields: given, owners };
}

const write = (connector: Connector, ...batch: readonly RecordWrite[]) => connector.write(batch, never);
const linesOf = (heard: readonly HeardRequest[]) => heard.map(({ method, url }) => `${method} ${url}`);
const sentBody = (at: number): unknown => JSON.parse(service.heard.at(at)?.body ?? 'null');

describe('looking first', () => {
  const steps = {
    find: { path: '/calls', query: { ref: '{key}' } },
    create: { path: '/calls' },
    update: { path: '/calls/{id}', headers: { 'If-Match': '{version}' } },
  };
  /** One record, and what stands in the way of the next writes. */
  function recordKeeper(standing: Record<string, unknown> | null, obstacles: ScriptedAnswer[] = []): void {
    let record = standing;
    script = ({ method, body }) => {
      if (method === 'GET') return { body: record === null ? [] : [record] };
      const obstacle = obstacles.shift();
      if (obstacle !== undefined) {
        record = { id: 9, ref: 'k', etag: 'v2', title: '', notes: 'typed meanwhile' };
        return obstacle;
      }
      record = { id: 9, ...record, ...(JSON.parse(body) as object) };
      return { status: method === 'POST' ? 201 : 200, body: record };
    };
  }

  test('creates what is not there, with values of their types in their places', async () => {
    recordKeeper(null);
    const result = await write(
      open(steps),
      log('k', { title: 'one\nline\u0000', notes: 'a\r\nb', seconds: '3', 'contact.id': 7 }),
    );
    expect(result).toEqual([{ ok: true, id: '9', created: true }]);
    expect(linesOf(service.heard)).toEqual(['GET /calls?ref=k', 'POST /calls']);
    expect(sentBody(-1)).toEqual({ ref: 'k', title: 'one line', notes: 'a\nb', seconds: 3, contact: { id: 7 } });
  });

  test('changes what is there, from the version that was read', async () => {
    recordKeeper({ id: 9, ref: 'k', etag: 'v1', title: 'old' });
    expect(await write(open(steps, { version: 'etag' }), log('k'))).toEqual([{ ok: true, id: '9', created: false }]);
    expect(service.heard.at(-1)).toMatchObject({ method: 'PATCH', url: '/calls/9', headers: { 'if-match': 'v1' } });
  });

  test('reads and merges again when somebody else wrote meanwhile', async () => {
    recordKeeper({ id: 9, ref: 'k', etag: 'v1', title: '', notes: '' }, [{ status: 412 }]);
    const ours = log('k', { notes: 'ours' }, { notes: 'append' });
    expect(await write(open(steps, { version: 'etag' }), ours)).toMatchObject([{ ok: true }]);
    expect(sentBody(-1)).toEqual({ ref: 'k', notes: 'typed meanwhile\nours' });
    expect(service.heard.at(-1)?.headers['if-match']).toBe('v2');
  });

  test('turns a create that came second into a change', async () => {
    recordKeeper(null, [{ status: 409 }]);
    expect(await write(open(steps), log('k'))).toEqual([{ ok: true, id: '9', created: false }]);
    expect(linesOf(service.heard)).toEqual(['GET /calls?ref=k', 'POST /calls', 'GET /calls?ref=k', 'PATCH /calls/9']);
  });

  test('gives up a conflict that does not end', async () => {
    recordKeeper(
      null,
      Array.from({ length: 9 }, () => ({ status: 409 })),
    );
    const [result] = await write(open(steps), log('k'));
    expect(result?.ok === false && result.error).toBeInstanceOf(Rejected);
    expect(service.heard).toHaveLength(6);
  });

  test('takes no other record for ours, whatever a search brings', async () => {
    script = ({ method }) => (method === 'GET' ? { body: [{ id: 1, ref: 'k-2' }] } : { status: 201, body: { id: 2 } });
    expect(await write(open(steps), log('k'))).toEqual([{ ok: true, id: '2', created: true }]);
  });

  test('begins no further record once the service refuses us', async () => {
    script = () => ({ status: 401 });
    const many = Array.from({ length: 20 }, (_, index) => log(`k-${index}`));
    await expect(open(steps).write(many, never)).rejects.toBeInstanceOf(Unauthorized);
    expect(service.heard.length).toBeLessThanOrEqual(2);
  });

  test('lets a key that cannot stand in an address cost only its own record', async () => {
    recordKeeper(null);
    const results = await write(open({ ...steps, find: { path: '/by-ref/{key}' } }), log('..'), log('k'));
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
  });

  test('keeps what was written when the service goes away in the middle', async () => {
    let left = 4;
    script = ({ method }) => {
      left -= 1;
      if (left < 0) return { status: 503 };
      return method === 'GET' ? { body: [] } : { status: 201, body: { id: 1 } };
    };
    const results = await write(open(steps), ...Array.from({ length: 6 }, (_, index) => log(`k-${index}`)));
    expect(results.some(({ ok }) => ok)).toBe(true);
    const failed = results.flatMap((result) => (result.ok ? [] : [result.error]));
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error).toBeInstanceOf(Unreachable);
  });
});

describe('putting by key', () => {
  const upsert = { path: '/calls/{key}', body: { call: '{fields}' }, record: 'call' };

  test('tells by the status whether the record is new', async () => {
    script = () => ({ status: 201, body: { call: { id: 4 } } });
    const connector = open({ upsert });
    expect(await write(connector, log('a/b'))).toEqual([{ ok: true, id: '4', created: true }]);
    expect([linesOf(service.heard), sentBody(-1)]).toEqual([['PUT /calls/a%2Fb'], { call: { ref: 'a/b', title: 'a' } }]);
    script = () => ({ status: 204 });
    expect(await write(connector, log('k'))).toEqual([{ ok: true, id: 'k', created: false }]);
  });

  test('refuses what it could only guess: another’s field without a look-up, a record without a key', async () => {
    const results = await write(open({ upsert }), log('k', { title: 'a' }, { title: 'fillEmpty' }), log(null));
    expect(results.map((result) => (result.ok ? null : result.error.constructor))).toEqual([Rejected, Rejected]);
    expect(service.heard).toEqual([]);
  });

  test('refuses a field that is not described, is read-only, or is no key, and names it', async () => {
    const noKey: RecordWrite = { ...log('k'), key: { field: 'title', value: 'k' } };
    const results = await write(open({ upsert }), log('k', { colour: 'red', made: 'now' }), noKey, log(' '));
    const named = results.map((result) =>
      !result.ok && result.error instanceof Rejected ? result.error.fields.map(({ field }) => field) : [],
    );
    expect(named).toEqual([['colour', 'made'], ['title'], ['ref']]);
    expect(service.heard).toEqual([]);
  });

  test.each(['.', '..'])('writes nowhere else for the key %s', async (key) => {
    const [result] = await write(open({ upsert }), log(key));
    expect(result?.ok).toBe(false);
    expect(service.heard).toEqual([]);
  });
});

describe('in batches', () => {
  const batch = { path: '/batch', body: { rows: '{records}' }, most: 2, results: 'results', ok: 'ok', created: 'isNew' };

  test('cuts them, and reads a result without a status', async () => {
    script = ({ body }) => {
      const { rows } = JSON.parse(body) as { rows: { ref: string }[] };
      return { body: { results: rows.map(({ ref }) => ({ ok: ref !== 'bad', id: `id-${ref}`, isNew: ref === 'new' })) } };
    };
    const results = await write(open({ batch }), log('new'), log('old'), log('bad'));
    expect(results.slice(0, 2)).toEqual([
      { ok: true, id: 'id-new', created: true },
      { ok: true, id: 'id-old', created: false },
    ]);
    expect(results[2]).toMatchObject({ ok: false, error: { kind: 'rejected' } });
    expect(service.heard).toHaveLength(2);
  });

  test('halves what is refused as a whole, until the bad record stands alone', async () => {
    script = ({ body }) => {
      const { rows } = JSON.parse(body) as { rows: { ref: string }[] };
      if (rows.some(({ ref }) => ref === 'bad')) return { status: 422 };
      return { body: { results: rows.map(() => ({ ok: true, id: 1 })) } };
    };
    const results = await write(open({ batch: { ...batch, most: 4 } }), log('a'), log('bad'), log('c'), log('d'));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true]);
  });

  test('takes nothing for written when there is not a result for each', async () => {
    script = () => ({ body: { results: [{ ok: true, id: 1 }] } });
    await expect(open({ batch }).write([log('a'), log('b')], never)).rejects.toBeInstanceOf(Unreachable);
  });
});

describe('checking and describing', () => {
  test('tries the look-up with a number that nobody has', async () => {
    script = () => ({ body: { hits: [] } });
    const find = { path: '/find/{digits}', records: 'items' };
    const report = await open({ upsert: { path: '/calls/{key}' } }, { find }).check(never);
    expect(report.checks[0]?.detail.en).toContain('no list at "items"; the answer holds hits');
    expect(linesOf(service.heard)).toEqual(['GET /find/0000000000']);
  });

  const changes = { path: '/calls', records: 'items', deleted: { untold: true } };

  test('finds out what does not fit the description before a call is lost to it', async () => {
    script = () => ({ body: { data: [] } });
    const report = await open({ upsert: { path: '/calls/{key}' } }, { changes }).check(never);
    expect(report).toMatchObject({ ok: false, quota: null });
    // Whose check it is stands before it wherever it is shown.
    expect(report.checks[0]?.name).toEqual({ en: 'calls', ja: 'calls' });
    expect(report.checks[0]?.detail.en).toContain('no list at "items"; the answer holds data');
    expect(report.checks[0]?.remedy?.en).toContain('HTTP_BASE_URL');
  });

  test('what the file says of a field stands before what the service tells', async () => {
    const describe = {
      path: '/schema/{object}',
      fields: 'f',
      types: { tel: 'phone' },
      length: 'max',
      choices: 'opts',
      choice: 'v',
      unique: 'u',
    };
    script = () => ({
      body: {
        f: [
          { name: 'title', type: 'tel', max: 9, label: 'T' },
          { name: 'kind', type: 'enum', opts: [{ v: 'a' }, { v: 2 }] },
          { name: 'code', type: 'string', u: true },
        ],
      },
    });
    const described = await open({ upsert: { path: '/calls/{key}' } }, { describe }).describe('calls', never);
    const field = (wanted: string) => described.fields.find(({ name }) => name === wanted);
    expect(field('title')).toMatchObject({ type: 'phone', length: 20, label: 'T' });
    expect(field('kind')).toMatchObject({ type: 'other', picklist: ['a', '2'], restricted: true });
    expect(field('code')).toMatchObject({ usableAsKey: true });
    expect(field('id')).toMatchObject({ type: 'id', createable: false });
    expect(service.heard.map(({ url }) => url)).toEqual(['/schema/calls']);
  });

  test('gives the page of a record, its id safely in it', () => {
    const connector = open({ upsert: { path: '/calls/{key}' } }, { recordUrl: 'https://crm.example.jp/#/calls/{id}' });
    expect(connector.recordUrl({ object: 'calls', id: 'a/b?c' })).toBe('https://crm.example.jp/#/calls/a%2Fb%3Fc');
  });
});

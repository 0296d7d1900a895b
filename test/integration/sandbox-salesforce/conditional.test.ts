import { startOrg, type TestOrg } from './org.ts';

/** Conditions in the headers: not to be sent what is known, not to overwrite what is not. */

let org: TestOrg;
let clock = 0;
beforeEach(async () => {
  clock = Date.parse('2026-11-20T00:00:00Z');
  org = await startOrg({ now: () => clock });
});
afterEach(() => org.close());

async function pathOf(object: string): Promise<string> {
  const [row] = await org.query(`SELECT Id FROM ${object} LIMIT 1`);
  return `/sobjects/${object}/${row?.Id}`;
}

test.each(['/sobjects', '/sobjects/Task/describe'])('%s is not sent again while it is the same', async (path) => {
  const since = new Date(clock).toUTCString();
  expect((await org.call('GET', path, undefined, { 'if-modified-since': since })).status).toBe(304);
  clock += 60_000;
  org.restrictFields({ hidden: ['Task.CallObject'] });
  expect((await org.call('GET', path, undefined, { 'if-modified-since': since })).status).toBe(200);
});

test('a record is not sent again while it is the same; a date that is none is passed over', async () => {
  const path = await pathOf('Contact');
  const read = async (since: string) => (await org.call('GET', path, undefined, { 'if-modified-since': since })).status;
  const known = new Date(clock).toUTCString();
  expect([await read(known), await read('yesterday')]).toEqual([304, 200]);
  clock += 60_000;
  await org.call('PATCH', path, { Title: 'x' });
  expect(await read(known)).toBe(200);
});

test('an account carries a tag of its state: known it is not sent, another one refuses to be changed', async () => {
  const path = await pathOf('Account');
  const first = (await org.call('GET', path)).headers.get('etag') ?? '';
  expect(first).toMatch(/^".+"$/);
  const read = async (headers: Record<string, string>) => (await org.call('GET', path, undefined, headers)).status;
  const change = async (headers: Record<string, string>) => (await org.call('PATCH', path, { Phone: '1' }, headers)).status;
  expect(await read({ 'if-none-match': `"other", ${first}` })).toBe(304);
  expect(await read({ 'if-match': '"other"' })).toBe(412);
  expect(await change({ 'if-match': '"other"' })).toBe(412);
  expect(await change({ 'if-none-match': first })).toBe(412);
  expect(await change({ 'if-match': first })).toBe(204);
  expect(await read({ 'if-none-match': first })).toBe(200);
  expect(await change({ 'if-match': first })).toBe(412);
});

test('other records have no tag, and a deletion no condition', async () => {
  const path = await pathOf('Contact');
  expect((await org.call('GET', path)).headers.get('etag')).toBeNull();
  expect((await org.call('PATCH', path, { Title: 'x' }, { 'if-match': '"other"' })).status).toBe(204);
  expect((await org.call('DELETE', path, undefined, { 'if-unmodified-since': new Date(0).toUTCString() })).status).toBe(204);
});

test('a condition for an update that is no date is refused, not passed over', async () => {
  expect((await org.call('PATCH', await pathOf('Contact'), { Title: 'x' }, { 'if-unmodified-since': 'soon' })).status).toBe(400);
});

import { Unreachable } from '../../../../connectors/connector.ts';
import { nextLink, nextOf, pageRequest } from '../../../../connectors/http/next-page.ts';
import { objectShape } from '../../../../connectors/http/object-shape.ts';

const BASE = 'https://crm.example.jp/api/v1';

function listOf(next: object, query: object = {}) {
  const object = objectShape.parse({ changes: { path: '/customers', query, next, deleted: { untold: true } } });
  if (object.changes === undefined) throw new Error('no changes');
  return object.changes;
}

const page = { records: [{ id: 5 }, { id: 7 }], body: {}, headers: {}, seenBefore: 4, total: null, asked: null };

test('by cursor, until there is none', () => {
  const list = listOf({ cursor: 'meta.next' }, { c: '{cursor}', n: '{pageSize}' });
  expect(pageRequest(list, {}, null, BASE).path).toBe('/customers?n=100');
  expect(pageRequest(list, {}, 'a b', BASE).path).toBe('/customers?c=a+b&n=100');
  expect(nextOf(list, { ...page, body: { meta: { next: 'x' } } })).toBe('x');
  for (const next of [null, '', undefined]) expect(nextOf(list, { ...page, body: { meta: { next } } })).toBeNull();
});

test('by number of page, until a page is empty or the total is reached, however small the pages are', () => {
  const list = listOf({ page: 1 }, { p: '{page}' });
  expect(pageRequest(list, {}, null, BASE).path).toBe('/customers?p=1');
  expect(nextOf(list, page)).toBe('2');
  expect(nextOf(list, { ...page, asked: '2' })).toBe('3');
  expect(nextOf(list, { ...page, records: [] })).toBeNull();
  expect(nextOf(list, { ...page, total: 6 })).toBeNull();
  expect(nextOf(list, { ...page, total: 7 })).toBe('2');
});

test('by offset: as many as there really were', () => {
  expect(nextOf(listOf({ offset: 0 }, { o: '{offset}' }), page)).toBe('6');
  expect(nextOf(listOf({ offset: 1 }, { o: '{offset}' }), page)).toBe('7');
});

test('by the last record', () => {
  const list = listOf({ after: 'id' }, { after: '{after}' });
  expect(nextOf(list, page)).toBe('7');
  expect(() => nextOf(list, { ...page, records: [{}] })).toThrow(Unreachable);
});

test('by link, in the header or in the answer, below the service’s own address alone', () => {
  const list = listOf({ link: 'links.next' });
  const next = nextOf(list, { ...page, body: { links: { next: `${BASE}/customers?x=1` } } });
  expect(pageRequest(list, {}, next, BASE).path).toBe('/customers?x=1');
  expect(pageRequest(list, {}, '/api/v1/customers?x=2', BASE).path).toBe('/customers?x=2');
  for (const elsewhere of [
    'https://evil.example/api/v1/customers',
    'http://crm.example.jp/api/v1/c',
    '/admin',
    '//evil.example/api/v1/c',
  ]) {
    expect(() => pageRequest(list, {}, elsewhere, BASE)).toThrow(Unreachable);
  }
});

test.each([
  ['<https://a/x?page=2>; rel="next"', 'https://a/x?page=2'],
  ['<https://a/1>; rel="prev", <https://a/3>; rel="next"; title="a, b"', 'https://a/3'],
  ['</x>; rel=next', '/x'],
  ['<https://a/1>; rel="prev next"', 'https://a/1'],
  ['<https://a/1>; rel="nextish"', null],
  ['', null],
])('the Link header %j leads to %j', (header, next) => {
  expect(nextLink(header)).toBe(next);
});

test('a service that does not move on is no endless reading', () => {
  const list = listOf({ cursor: 'next' }, { c: '{cursor}' });
  expect(() => nextOf(list, { ...page, body: { next: 'x' }, asked: 'x' })).toThrow(Unreachable);
});

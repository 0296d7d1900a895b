import { Rejected } from '../../../../connectors/connector.ts';
import { fillRequest } from '../../../../connectors/http/fill-request.ts';
import { requestShape } from '../../../../connectors/http/request-shape.ts';

const request = (given: object) => requestShape.parse({ path: '/x', ...given });

test.each([
  ['a/b', '/calls/a%2Fb'],
  ['?x=1#y', '/calls/%3Fx%3D1%23y'],
  ['../../admin', '/calls/..%2F..%2Fadmin'],
  ['内線', '/calls/%E5%86%85%E7%B7%9A'],
  ['\ud800', '/calls/%EF%BF%BD'],
])('a value %j in an address stays one step', (key, path) => {
  expect(fillRequest(request({ path: '/calls/{key}' }), { key }).path).toBe(path);
});

test.each(['', '.', '..'])('refuses %j in an address, which would lead elsewhere', (key) => {
  expect(() => fillRequest(request({ path: '/calls/{key}' }), { key })).toThrow(Rejected);
});

test('repeats a parameter for a list, joins one in the middle of a text, and leaves out what is null', () => {
  const query = { phone: '{spellings}', q: 'tel:{spellings}', cursor: '{cursor}', old: true, '{field}': '1' };
  const { path } = fillRequest(request({ query }), { spellings: ['+81', '0 3'], cursor: null, field: 'mobile' });
  expect(path).toBe('/x?phone=%2B81&phone=0+3&q=tel%3A%2B81%2C0+3&old=true&mobile=1');
});

test('a value that looks like a placeholder stays what it is', () => {
  expect(fillRequest(request({ query: { q: '{spelling}' } }), { spelling: '{number}', number: '1' }).path).toBe(
    '/x?q=%7Bnumber%7D',
  );
});

test('a text of a body that is one placeholder becomes its value, with its type', () => {
  const body = { call: '{fields}', ids: ['{id}', 'no {id}'], note: '{unknown}', n: 1 };
  const filled = fillRequest(request({ body }), { fields: { seconds: 3, at: null }, id: 7 }, 'POST');
  expect(filled.method).toBe('POST');
  expect(JSON.parse(filled.body ?? '')).toEqual({ call: { seconds: 3, at: null }, ids: [7, 'no 7'], note: '{unknown}', n: 1 });
});

test('a header takes no line end, and is left out without its value', () => {
  const headers = { 'If-Match': '{version}', 'X-Key': '{key}' };
  expect(fillRequest(request({ headers }), { version: null, key: 'a\r\nCookie: 着' }).headers).toEqual({
    'X-Key': 'a%0D%0ACookie: %E7%9D%80',
  });
});

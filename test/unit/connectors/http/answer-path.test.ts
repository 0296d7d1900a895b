import { namesIn, objectOf, valueAt, valuesAt } from '../../../../connectors/http/answer-path.ts';

const data = { data: { items: [{ phones: [{ n: '1' }, { n: '2' }] }, { phones: [] }] }, 'a.b': { c: 1 } };

test.each([
  ['data.items.0.phones.1.n', ['2']],
  ['data.items.*.phones.*.n', ['1', '2']],
  ['data.items.7', []],
  ['data.nothing.at.all', []],
  ['data.items.length', []],
  ['toString', []],
])('at %s stands %j', (path, found) => {
  expect(valuesAt(data, path.split('.'))).toEqual(found);
});

test('a name with a dot is written as a list of names', () => {
  expect(valueAt(data, ['a.b', 'c'])).toBe(1);
});

test('puts values in their places', () => {
  const entries = [
    [['company', 'name'], 'A'],
    [['company', 'city'], 'B'],
    [['id'], 1],
  ] as const;
  expect(objectOf(entries)).toEqual({ company: { name: 'A', city: 'B' }, id: 1 });
});

test('tells names, never values', () => {
  expect(namesIn({ token: 'secret', items: [] })).toBe('token, items');
  expect([namesIn('secret'), namesIn([1]), namesIn(null), namesIn({})]).toEqual([
    'a string',
    'a list of 1',
    'nothing',
    'nothing',
  ]);
});

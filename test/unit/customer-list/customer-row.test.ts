import { customerRow } from '../../../src/customer-list/customer-row.ts';

const columns = {
  name: [0],
  phones: [
    { at: 1, header: '電話' },
    { at: 2, header: '携帯' },
  ],
  key: 3,
  card: [{ at: 4, label: '会社' }],
};

function read(cells: readonly string[], restoreZeros = false) {
  const row = customerRow(cells, { columns, numbers: { region: 'JP' }, restoreZeros });
  if (row === null) throw new Error('the row names nobody');
  return row;
}

test('a row becomes a record under its customer number, with the card as it is written', () => {
  const row = read(['山田 太郎', '０３－１２３４－５６７８', '', 'Ａ-１', '=HYPERLINK("http://x")']);
  expect(row).toEqual({
    record: {
      object: 'customers',
      id: 'A-1',
      name: '山田 太郎',
      phones: [{ field: '電話', value: '０３－１２３４－５６７８' }],
      values: { 会社: '=HYPERLINK("http://x")' },
      modifiedAt: null,
    },
    numbers: ['+81312345678'],
    unreadable: [],
    lostZeros: [],
  });
});

test('half-width kana stay as they are, and a number kept by a formula is a number', () => {
  const { record, numbers } = read(['ﾔﾏﾀﾞ ﾀﾛｳ', '="09012345678"', '', '1', '']);
  expect([record.name, numbers]).toEqual(['ﾔﾏﾀﾞ ﾀﾛｳ', ['+819012345678']]);
});

test.each([
  ['9012345678', '090-1234-5678', '+819012345678'],
  ['312345678', '03-1234-5678', '+81312345678'],
  ['120123456', '0120-123-456', '+81120123456'],
  ['９０１２３４５６７８', '090-1234-5678', '+819012345678'],
])('%s lost its zero: offered as %s, taken only when it is wished', (raw, guess, e164) => {
  const cautious = read(['山田', raw, '', '1', '']);
  expect(cautious.lostZeros).toEqual([{ column: '電話', raw, guess }]);
  expect(cautious.numbers).toEqual([]);
  expect(read(['山田', raw, '', '1', ''], true).numbers).toEqual([e164]);
});

test.each(['03-1234-5678', '+819012345678', '819012345678', '1001', '12345'])('%s has lost nothing', (raw) => {
  expect(read(['山田', raw, '', '1', '']).lostZeros).toEqual([]);
});

test('a number that a spreadsheet has shortened is lost, and told', () => {
  const row = read(['山田', '9.01235E+09', '090-1234-5678', '1', '']);
  expect(row.unreadable).toEqual([{ column: '電話', raw: '9.01235E+09', why: 'shortened' }]);
  expect(row.numbers).toEqual(['+819012345678']);
});

test('without a customer number, the same name with the same numbers is the same customer', () => {
  const id = (cells: readonly string[]) => read(cells).record.id;
  const first = id(['山田', '03-1234-5678', '090-1234-5678', '', 'A社']);
  expect(id(['山田', '090 1234 5678', '0312345678', '', 'B社'])).toBe(first);
  expect(id(['山田', '03-1234-5679', '', '', ''])).not.toBe(first);
  expect(first).toMatch(/^~[0-9a-f]{16}$/);
});

test('a row with neither name nor number names nobody', () => {
  expect(customerRow(['', '', '', '7', 'A社'], { columns, numbers: {}, restoreZeros: false })).toBeNull();
});

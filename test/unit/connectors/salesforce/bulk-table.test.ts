import type { FieldType } from '../../../../connectors/connector.ts';
import { tableRows } from '../../../../connectors/salesforce/bulk-table.ts';

const types = new Map<string, FieldType>([
  ['Name', 'string'],
  ['IsConverted', 'boolean'],
  ['AnnualRevenue', 'number'],
]);
const rows = (text: string) => [...tableRows(text, types)].flat();

test('makes rows as the other answers have them', () => {
  const text =
    '"Id","Name","Account.Name","IsConverted","AnnualRevenue"\n"003","佐藤, ""太郎""","さくら","true","12.5"\n"004","","","",""\n';
  expect(rows(text)).toEqual([
    { Id: '003', Name: '佐藤, "太郎"', Account: { Name: 'さくら' }, IsConverted: true, AnnualRevenue: 12.5 },
    { Id: '004', Name: null, Account: { Name: null }, IsConverted: null, AnnualRevenue: null },
  ]);
});

test('cuts a large table into pieces, never inside a value with line breaks and quotes', () => {
  const note = 'a\n"",\n""b\n'.repeat(20);
  const lines = Array.from({ length: 3_000 }, (_, index) => `"${index}","${note}"\n`);
  const pieces = [...tableRows(`"Id","Name"\n${lines.join('')}`, types)];
  expect(pieces.length).toBeGreaterThan(5);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000);
  const all = pieces.flat();
  expect(all.map(({ Id }) => Id)).toEqual(lines.map((_, index) => String(index)));
  expect(new Set(all.map(({ Name }) => Name))).toEqual(new Set([note.replaceAll('""', '"')]));
});

test.each(['', '"Id","Name"\n'])('%j holds no rows', (text) => {
  expect(rows(text)).toEqual([]);
});

test('what is no table is an error', () => {
  expect(() => rows('"Id","Name"\n"1"\n')).toThrow();
  expect(() => rows('<html>"broken')).toThrow();
});

test('a piece with a quote or a line break in it is read as carefully as ever', () => {
  const letters = ['', 'a', '"', ',', '\n', '","', '"\n"', '",\n"', '\n"', '","a\n"'];
  const values = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  for (const first of values) {
    for (const second of values) {
      const text = `"Id","Name"\n${quoted(first)},${quoted(second)}\n${quoted(second)},${quoted(first)}\n`;
      const read = rows(text).map(({ Id, Name }) => [Id ?? '', Name ?? '']);
      expect(read).toEqual([
        [first, second],
        [second, first],
      ]);
    }
  }
});

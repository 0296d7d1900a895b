import { chunkLiterals, isApiName, soqlInstant, soqlString } from '../../../../connectors/salesforce/soql-text.ts';

test.each([
  ['plain', "'plain'"],
  ["O'Brien", "'O\\'Brien'"],
  ['a\\b', "'a\\\\b'"],
  ["\\' OR Name != '", "'\\\\\\' OR Name != \\''"],
  ['line\nbreak\r\ttab', "'line\\nbreak\\r\\ttab'"],
  ['nul\u0000del\u007f', "'nul del '"],
  ['"double" %_{}', '\'"double" %_{}\''],
  ['', "''"],
])('%j stays inside its quotes', (text, literal) => {
  expect(soqlString(text)).toBe(literal);
});

test.each(['Contact', 'Toritsugi_Call_Id__c', 'A1'])('%s is a name', (name) => expect(isApiName(name)).toBe(true));
test.each(['', '1A', 'a b', "a'b", 'a.b', '../x', 'a\n', 'x'.repeat(81)])('%j is no name', (name) =>
  expect(isApiName(name)).toBe(false),
);

test('an instant is written without quotes in UTC', () => {
  expect(soqlInstant(Date.UTC(2026, 10, 22, 1, 2, 3))).toBe('2026-11-22T01:02:03.000Z');
});

test('keys are cut into lists that fit into an address, and none is lost', () => {
  const literals = Array.from({ length: 100 }, (_, index) => `'key-${index}'`);
  const chunks = chunkLiterals(literals, 200);
  expect(chunks.flat()).toEqual(literals);
  for (const chunk of chunks) expect(encodeURIComponent(chunk.join(',')).length).toBeLessThanOrEqual(200);
  expect(chunkLiterals(["'longer than the room there is'"], 5)).toHaveLength(1);
  expect(chunkLiterals([], 5)).toEqual([]);
});

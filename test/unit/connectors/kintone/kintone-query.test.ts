import { afterId, anyOf, isOneOf, quoted } from '../../../../connectors/kintone/kintone-query.ts';
import { parseQuery } from '../../../../infra/sandbox/kintone/query-parser.ts';

describe('texts in a query', () => {
  test.each([
    ['03-1234-5678', '"03-1234-5678"'],
    ['a"b', '"a\\"b"'],
    ['a\\', '"a\\\\"'],
    ['a\\"b', '"a\\\\\\"b"'],
    ['line\nbreak', '"line\\nbreak"'],
    ['tab\there', '"tab\\there"'],
    ['nul\u0000\r', '"nul"'],
    ['０９０', '"０９０"'],
    ['', '""'],
  ])('%j is written %s', (value, written) => {
    expect(quoted(value)).toBe(written);
  });

  test.each(['"', '\\', '\\"', '") or $id > 0 or tel in ("', '\n', '" limit 500', '😀', "'"])(
    '%j cannot leave its quotes',
    (value) => {
      expect(parseQuery(isOneOf('tel', [value])).condition).toEqual({
        kind: 'compare',
        field: 'tel',
        operator: 'in',
        operands: [{ kind: 'literal', value }],
      });
    },
  );
});

test('asks several fields for several spellings at once', () => {
  expect(anyOf([isOneOf('電話番号', ['1', '2']), isOneOf('携帯電話', ['1'])])).toBe(
    '(電話番号 in ("1", "2") or 携帯電話 in ("1"))',
  );
});

test('turns pages by the record’s id', () => {
  expect(afterId(null, 0, 500)).toBe('$id > 0 order by $id asc limit 500');
  expect(afterId('更新日時 >= "x"', 12, 500)).toBe('更新日時 >= "x" and $id > 12 order by $id asc limit 500');
});

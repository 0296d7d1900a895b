import { type FieldType, Rejected } from '../../../../connectors/connector.ts';
import { advance, type ChangeCursor, firstCursor, parseCursor } from '../../../../connectors/salesforce/change-cursor.ts';
import { searchStatement, spellingsStatement } from '../../../../connectors/salesforce/find-by-phone.ts';
import { commonDigits, searchTerms } from '../../../../connectors/salesforce/phone-terms.ts';
import { changesStatement } from '../../../../connectors/salesforce/read-changes.ts';

const source = {
  object: 'Contact',
  name: 'Name',
  phones: ['Phone', 'MobilePhone'],
  fields: [],
  selected: ['Id', 'Name', 'Phone', 'MobilePhone'],
  types: new Map<string, FieldType>(),
  tellsConversion: false,
};

describe('the digits that identify a number', () => {
  test.each([
    ['+81312345678', ['0312345678', '03-1234-5678', '+81 3 1234 5678'], '312345678'],
    ['+81312345678', ['０３－１２３４－５６７８'], '312345678'],
    ['+81312345678', ['03-1234-5678 内線12'], '81312345678'],
    ['+819012345678', ['09012345678'], '9012345678'],
    ['+14155552671', ['(415) 555-2671', '4155552671'], '4155552671'],
    ['110', ['110'], null],
    ['anonymous', ["' OR 1=1"], null],
    ['1'.repeat(200), ['1'.repeat(200)], null],
  ])('of %s written as %j are %s', (number, spellings, digits) => {
    expect(commonDigits(number, spellings)).toBe(digits);
  });

  test('only digits are searched for, whatever stood in the caller id', () => {
    const spellings = ['0312345678} RETURNING User', '03-1234-5678'];
    const terms = searchTerms('+81312345678', spellings, '312345678');
    expect(terms).toEqual(['312345678', '81312345678', '0312345678']);
    expect(searchStatement(terms, [source])).toBe(
      'FIND {312345678 OR 81312345678 OR 0312345678} IN PHONE FIELDS RETURNING Contact(Id,Name,Phone,MobilePhone) LIMIT 200',
    );
  });

  test('spellings go into the query escaped, and blank ones not at all', () => {
    const statement = spellingsStatement(source, {
      number: '',
      spellings: ["03' OR Id != '", ' ', '031'],
      sources: [],
      limit: 1,
    });
    expect(statement).toContain("Phone IN ('03\\' OR Id != \\'','031') OR MobilePhone IN");
  });

  test('the query stays short enough for an address however many spellings there are', () => {
    const spellings = Array.from({ length: 40 }, () => '０'.repeat(40));
    const statement = spellingsStatement(source, { number: '', spellings, sources: [], limit: 1 });
    expect(encodeURIComponent(statement).length).toBeLessThan(14_000);
  });
});

describe('where reading stopped', () => {
  const startedAt = '2026-11-22T01:00:00.000Z';
  const after = { at: '2026-11-22T00:00:00.000Z', id: '0035g000000003AAAQ' };

  test('a cursor survives being stored', () => {
    const cursor: ChangeCursor = { ...firstCursor('Contact'), startedAt, after };
    expect(parseCursor(JSON.stringify(cursor), 'Contact')).toEqual(cursor);
  });

  test.each([
    '',
    '{}',
    'null',
    JSON.stringify({ ...firstCursor('Lead') }),
    JSON.stringify({ ...firstCursor('Contact'), after: { at: "x'", id: "y'" } }),
  ])('%j is not understood', (text) => {
    expect(() => parseCursor(text, 'Contact')).toThrow(Rejected);
  });

  test('a load goes on behind its last row, then turns to changes since five minutes before it began', () => {
    const loading = advance({ ...firstCursor('Contact'), startedAt }, { last: after, complete: false });
    expect(changesStatement(loading, source)).toBe(
      "SELECT Id,Name,Phone,MobilePhone FROM Contact WHERE (SystemModstamp > 2026-11-22T00:00:00.000Z OR (SystemModstamp = 2026-11-22T00:00:00.000Z AND Id > '0035g000000003AAAQ')) ORDER BY SystemModstamp, Id LIMIT 2000",
    );
    const loaded = advance(loading, { last: after, complete: true });
    expect(loaded).toMatchObject({ phase: 'changed', from: '2026-11-22T00:55:00.000Z', startedAt: null, after: null });
    expect(changesStatement(loaded, source)).toContain('WHERE SystemModstamp >= 2026-11-22T00:55:00.000Z ORDER BY');
  });

  test('after the changes come the deletions of the same round', () => {
    const changed: ChangeCursor = { ...firstCursor('Contact'), phase: 'changed', from: '2026-11-22T00:55:00.000Z', startedAt };
    const deleted = advance(changed, { last: after, complete: true });
    expect(deleted).toMatchObject({ phase: 'deleted', from: changed.from, startedAt, after: null });
    expect(changesStatement(deleted, source)).toBe(
      'SELECT Id,SystemModstamp FROM Contact WHERE IsDeleted = true AND SystemModstamp >= 2026-11-22T00:55:00.000Z ORDER BY SystemModstamp, Id LIMIT 2000',
    );
    expect(advance(deleted, { last: null, complete: true })).toMatchObject({
      phase: 'changed',
      from: '2026-11-22T00:55:00.000Z',
    });
  });
});

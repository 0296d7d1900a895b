import type { MatchedRecord } from '../../../src/callers/caller-match.ts';
import type { DirectoryRecord } from '../../../src/callers/directory-entry.ts';
import { rankMatches } from '../../../src/callers/rank-matches.ts';
import { callerRecord } from '../../support/caller-records.ts';

const order = [
  { connector: 'salesforce', objects: ['Contact', 'Lead'] },
  { connector: 'kintone', objects: ['12'] },
];
const present = (connector: string, { object, id, name }: { object: string; id: string; name: string }): MatchedRecord => ({
  connector,
  object,
  id,
  name,
  url: '',
  card: [],
  link: {},
});
const found = (connector: string, object: string, id: string, modifiedAt: string | null = null): DirectoryRecord => ({
  connector,
  ...callerRecord(id, { Phone: '03-1234-5678' }, { object, modifiedAt }),
});
const rank = (records: readonly DirectoryRecord[], choices: Parameters<typeof rankMatches>[0]['choices'] = []) =>
  rankMatches({ records, choices, unasked: [] }, order, present);
const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);

test('nobody found is unknown', () => {
  expect(rank([])).toEqual({ kind: 'unknown', records: [], chosen: {}, unasked: [] });
});

test('one customer in two CRMs is known, and each call log has its own record', () => {
  const match = rank([found('kintone', '12', 'k1'), found('salesforce', 'Contact', 's1')]);
  expect(match.kind).toBe('known');
  expect(ids(match.records)).toEqual(['s1', 'k1']);
  expect(match.chosen).toMatchObject({ salesforce: { id: 's1' }, kintone: { id: 'k1' } });
});

test('several in one CRM are ambiguous; the other CRM’s only record is chosen all the same', () => {
  const match = rank([found('salesforce', 'Contact', 's1'), found('salesforce', 'Contact', 's2'), found('kintone', '12', 'k1')]);
  expect(match.kind).toBe('ambiguous');
  expect(match.chosen).toEqual({ kintone: expect.objectContaining({ id: 'k1' }) });
});

test('the mapping’s order of objects comes before the date, and the date before the id', () => {
  const match = rank([
    found('salesforce', 'Lead', 'lead', '2026-09-01T00:00:00.000Z'),
    found('salesforce', 'Contact', 'never'),
    found('salesforce', 'Contact', 'old', '2025-01-01T00:00:00.000Z'),
    found('salesforce', 'Contact', 'new-b', '2026-01-01T00:00:00.000Z'),
    found('salesforce', 'Contact', 'new-a', '2026-01-01T00:00:00.000Z'),
  ]);
  expect(ids(match.records)).toEqual(['new-a', 'new-b', 'old', 'never', 'lead']);
});

test('the remembered choice comes first and makes the caller known', () => {
  const records = [found('salesforce', 'Contact', 's1', '2026-01-01T00:00:00.000Z'), found('salesforce', 'Lead', 's2')];
  const match = rank(records, [{ connector: 'salesforce', object: 'Lead', id: 's2' }]);
  expect(match.kind).toBe('known');
  expect(ids(match.records)).toEqual(['s2', 's1']);
  expect(match.chosen.salesforce?.id).toBe('s2');
});

test('a remembered choice whose record is gone is no choice', () => {
  const records = [found('salesforce', 'Contact', 's1'), found('salesforce', 'Contact', 's2')];
  expect(rank(records, [{ connector: 'salesforce', object: 'Contact', id: 's9' }]).kind).toBe('ambiguous');
});

test('a record found twice is one record; one of an object the mapping no longer names is none', () => {
  const match = rank([
    found('salesforce', 'Contact', 's1'),
    found('salesforce', 'Contact', 's1'),
    found('salesforce', 'Account', 'a1'),
  ]);
  expect(match.kind).toBe('known');
  expect(ids(match.records)).toEqual(['s1']);
});

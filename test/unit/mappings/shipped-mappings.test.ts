import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import { factsTable } from '../../../src/mappings/facts-table.ts';
import { mappingJsonSchema } from '../../../src/mappings/mapping-schema.ts';
import { parseOutcomes } from '../../../src/mappings/outcomes.ts';

const directory = path.resolve(import.meta.dirname, '../../../mappings');
const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');

test('the shipped outcomes are sound and say what call centres say', () => {
  const { outcomes, problems } = parseOutcomes(read('outcomes.yaml'));
  expect(problems).toEqual([]);
  expect(outcomes?.map(({ label }) => label.ja)).toEqual(expect.arrayContaining(['成約', '再コール', '失注: 価格', 'クレーム']));
  expect(outcomes?.find(({ code }) => code === 'recall')?.needsRecall).toBe(true);
});

test.each(['salesforce.yaml', 'kintone.yaml', 'http.yaml'])('the shipped %s has no problem, and its own tests pass', (file) => {
  const outcomes = parseOutcomes(read('outcomes.yaml')).outcomes ?? [];
  const { mapping, problems } = checkMappingText(read(file), { descriptions: new Map(), outcomes, locale: 'ja' });
  expect(problems).toEqual([]);
  expect(mapping?.tests.length).toBeGreaterThan(1);
});

test('mapping.schema.json is what the code checks: write it anew with `node test/support/write-mapping-documents.ts`', () => {
  expect(JSON.parse(read('mapping.schema.json'))).toEqual(JSON.parse(JSON.stringify(mappingJsonSchema())));
});

test('the table of facts in the README is that of the code: write it anew with `node test/support/write-mapping-documents.ts`', () => {
  const bare = (markdown: string) => markdown.replaceAll(/ +/gu, ' ').replaceAll(/-{3,}/gu, '---');
  expect(bare(read('README.md'))).toContain(bare(factsTable()));
});

test('the example in the README is one that works', () => {
  const example = /```yaml\n(connector:[\s\S]*?)```/u.exec(read('README.md'))?.[1] ?? '';
  const { mapping, problems } = checkMappingText(example, { descriptions: new Map(), outcomes: [], locale: 'ja' });
  expect(problems).toEqual([]);
  expect(mapping?.tests).toHaveLength(1);
});

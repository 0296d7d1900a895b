import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import type { Outcome } from '../../../src/mappings/outcomes.ts';
import { describedCrm } from './described-crm.ts';

/**
 * Each file in `invalid` begins with the problems it must report, all of them, in the order of the file:
 * `#! line:column code path`. Files in `valid` must report none.
 */
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/mappings');
const directions = ['inbound', 'outbound'] as const;
const outcomes: readonly Outcome[] = [
  { code: 'won', label: { ja: '成約', en: 'Won' }, directions, needsRecall: false, shortcut: null },
  { code: 'lost', label: { ja: '失注', en: 'Lost' }, directions, needsRecall: false, shortcut: null },
];

function problemsOf(kind: string, file: string) {
  const text = readFileSync(path.join(fixtures, kind, file), 'utf8');
  const { problems, mapping } = checkMappingText(text, { descriptions: describedCrm, outcomes, locale: 'ja' });
  return { text, problems, mapping };
}

test.each(readdirSync(path.join(fixtures, 'valid')))('%s has no problem', (file) => {
  const { problems, mapping } = problemsOf('valid', file);
  expect(problems).toEqual([]);
  expect(mapping).not.toBeNull();
});

test.each(readdirSync(path.join(fixtures, 'invalid')))(
  '%s reports each of its problems at its place, and nothing else',
  (file) => {
    const { text, problems, mapping } = problemsOf('invalid', file);
    const expected = text
      .split('\n')
      .filter((line) => line.startsWith('#! '))
      .map((line) => line.slice(3));
    expect(
      problems.map(({ line, column, code, path: place }) => `${line ?? '-'}:${column ?? '-'} ${code} ${place}`.trim()),
    ).toEqual(expected);
    expect(mapping).toBeNull();
  },
);

test.each(readdirSync(path.join(fixtures, 'invalid')))(
  'what %s reports is said in both languages, with a remedy and nothing left to fill in',
  (file) => {
    for (const { message, remedy } of problemsOf('invalid', file).problems) {
      for (const text of [message.en, message.ja, remedy.en, remedy.ja]) expect(text).not.toMatch(/^$|\{\w+\}/u);
      expect(message.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/u);
    }
  },
);

import { parseOutcomes } from '../../../src/mappings/outcomes.ts';

test('an outcome is offered for both directions unless it says otherwise', () => {
  const { outcomes } = parseOutcomes('outcomes: [{ code: won, label: { ja: 成約, en: Won } }]');
  expect(outcomes).toEqual([
    { code: 'won', label: { ja: '成約', en: 'Won' }, directions: ['inbound', 'outbound'], needsRecall: false, shortcut: null },
  ]);
});

test('every problem is reported at its place', () => {
  const { outcomes, problems } = parseOutcomes(`outcomes:
  - { code: won, label: { ja: 成約, en: Won }, shortcut: "1" }
  - { code: won, label: { ja: 成約, en: Sold }, shortcut: "1" }
  - { code: Not Good, label: { ja: 失注 } }
  - { code: recall, label: { ja: 再コール, en: Again }, recall: true, directions: [incoming] }
`);
  expect(outcomes).toBeNull();
  expect(problems.map(({ code, path, line }) => `${line} ${code} ${path}`)).toEqual([
    '4 invalid outcomes[2].code',
    '4 missing outcomes[2].label.en',
    '5 notAllowed outcomes[3].directions[0]',
    '5 unknownKey outcomes[3].recall',
    '3 duplicate outcomes[1].code',
    '3 duplicate outcomes[1].label.ja',
    '3 duplicate outcomes[1].shortcut',
  ]);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseRoutingRules } from '../../../src/mappings/routing-rules.ts';
import { openRoutingRules } from '../../../src/mappings/routing-rules-file.ts';
import type { RoutingRule } from '../../../src/routing/routing-rule.ts';

const japan = { region: 'JP' };

test('rules are read, dialled numbers in any spelling', () => {
  const { rules, problems } = parseRoutingRules(
    `
rules:
  - when: { did: ["0120-111-222", "5678"], caller: [unknown, withheld] }
    queue: sales
  - { when: { card: { ランク: [A, S] }, owner: true }, queue: vip, greeting: custom/vip-welcome }
  - queue: support
`,
    japan,
  );
  expect(problems).toEqual([]);
  const expected: readonly RoutingRule[] = [
    { when: { did: ['+81120111222', '5678'], caller: ['unknown', 'withheld'] }, queue: 'sales', greeting: null },
    { when: { card: { ランク: ['A', 'S'] }, owner: true }, queue: 'vip', greeting: 'custom/vip-welcome' },
    { when: {}, queue: 'support', greeting: null },
  ];
  expect(rules).toEqual(expected);
});

test('every problem is told at once, with its place and a remedy', () => {
  const { rules, problems } = parseRoutingRules(
    `rules:
  - { when: { did: [0120111222] }, queue: sales }
  - { when: { callr: [unknown] }, queue: sales }
  - { when: { caller: [stranger] }, queue: "sales,hangup()" }
  - { when: { owner: true } }
`,
    japan,
  );
  expect(rules).toBeNull();
  expect(problems.map(({ path: place, line, code }) => [line, place, code])).toEqual([
    [2, 'rules[0].when.did[0]', 'wrongShape'],
    [3, 'rules[1].when.callr', 'unknownKey'],
    [4, 'rules[2].when.caller[0]', 'notAllowed'],
    [4, 'rules[2].queue', 'invalid'],
    [5, 'rules[3]', 'invalid'],
  ]);
  expect(problems[0]?.remedy.en).toContain('quotes');
});

test('a rule that fits every call must be the last', () => {
  const { problems } = parseRoutingRules('rules: [{ queue: support }, { when: { owner: true }, queue: vip }]', japan);
  expect(problems.map(({ path: place, message }) => [place, message.en])).toEqual([
    ['rules[0]', expect.stringContaining('rules[1] and later never do')],
  ]);
});

test.each(['', '- a', 'rules: {', `rules: [${'{queue: a},'.repeat(501)}]`])('%j is refused', (text) => {
  const { rules, problems } = parseRoutingRules(text, japan);
  expect(rules).toBeNull();
  expect(problems.length).toBeGreaterThan(0);
});

test('the shipped rules are sound, and so are its examples', () => {
  const shipped = readFileSync(path.resolve(import.meta.dirname, '../../../mappings/routing.yaml'), 'utf8');
  expect(parseRoutingRules(shipped, japan)).toEqual({ rules: [], problems: [] });
  const examples = shipped.replace('rules: []', 'rules:').replaceAll(/^# - /gmu, '  - ');
  expect(parseRoutingRules(examples, japan)).toMatchObject({ problems: [], rules: { length: 4 } });
});

describe('the file', () => {
  let folder: string;
  let logged: { level: string; message: string; problems?: unknown }[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-routing-'));
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = () =>
    openRoutingRules({
      directory: folder,
      numbers: japan,
      log: (level, message, fields) => logged.push({ level, message, ...fields }),
    });
  const write = (text: string) => writeFileSync(path.join(folder, 'routing.yaml'), text);

  test('an edit counts when it is sound; until then the last good rules do, and its problems are told once', async () => {
    write('rules: [{ queue: sales }]');
    const rules = await open();
    expect(rules.current()).toMatchObject([{ queue: 'sales' }]);
    write('rules: [{ queu: support }]');
    await rules.reload();
    await rules.reload();
    expect(rules.current()).toMatchObject([{ queue: 'sales' }]);
    expect(rules.problems()).toHaveLength(2);
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    write('rules: [{ queue: support }]');
    await rules.reload();
    expect(rules.current()).toMatchObject([{ queue: 'support' }]);
    expect(rules.problems()).toEqual([]);
  });

  test('no file is no rules, and one that goes away leaves the last good ones', async () => {
    expect((await open()).current()).toEqual([]);
    expect(logged).toEqual([]);
    write('rules: [{ queue: sales }]');
    const rules = await open();
    rmSync(path.join(folder, 'routing.yaml'));
    await rules.reload();
    expect(rules.current()).toMatchObject([{ queue: 'sales' }]);
    expect(logged.at(-1)).toMatchObject({ level: 'error', message: expect.stringContaining('gone') });
  });

  test('a file too large for anybody to keep is refused unread', async () => {
    write(`rules: [{ queue: sales }] #${'x'.repeat(300_000)}`);
    const rules = await open();
    expect(rules.current()).toEqual([]);
    expect(rules.problems()).toMatchObject([{ code: 'tooLarge' }]);
  });
});

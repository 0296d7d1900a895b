import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Missing, Unreachable } from '../../../connectors/connector.ts';
import type { MappingsCommandDeps } from '../../../src/cli/mapping-files.ts';
import { mappingsCommand } from '../../../src/cli/mappings.ts';
import { callOf, yamada } from '../../unit/mappings/call-builders.ts';
import { describedCrm } from '../../unit/mappings/described-crm.ts';

let directory: string;
let lines: string[];
let exitCode: number;
const close = jest.fn(async () => undefined);

const crm: MappingsCommandDeps['openConnector'] = async () => ({
  close,
  describe: async (object) => {
    const found = describedCrm.get(object);
    if (!found) throw new Missing(`there is no ${object}`);
    return found;
  },
});

/** In English unless the words say otherwise. */
function run(words: readonly string[], deps: Partial<MappingsCommandDeps> = {}): Promise<string> {
  return runAsTyped(words.includes('--language') ? words : [...words, '--language', 'en'], deps);
}

async function runAsTyped(words: readonly string[], deps: Partial<MappingsCommandDeps> = {}): Promise<string> {
  lines = [];
  exitCode = 0;
  const command = mappingsCommand({
    directory,
    style: { locale: 'ja', timeZone: 'Asia/Tokyo', region: 'JP' },
    agents: [],
    openConnector: crm,
    findCall: async (id) =>
      id === 'main-1.1' ? { record: callOf({ id, notes: 'x'.repeat(300) }), match: yamada, matchKind: 'known' } : null,
    print: (line) => lines.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
    ...deps,
  });
  await command.parseAsync([...words], { from: 'user' });
  return lines.join('\n');
}

const good = `connector: salesforce
callers: [{ object: Contact, phones: [Phone], name: Name, link: { who: Id } }]
callLog:
  object: Task
  key: Call_Id__c
  fields:
    Branch__c: { value: 東京 }
    Subject: { firstOf: [notes], default: "{none}" }
    WhoId: { from: match.link.who, default: null }
tests: [{ name: t, expect: { Branch__c: 東京 } }]
`;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'mappings-'));
  await writeFile(path.join(directory, 'good.yaml'), good);
  await writeFile(path.join(directory, 'outcomes.yaml'), 'outcomes: [{ code: won, label: { ja: 成約, en: Won } }]');
  close.mockClear();
});
afterEach(() => rm(directory, { recursive: true }));

const file = (name: string) => path.join(directory, name);

describe('mappings check', () => {
  test('says that all files are well, and lets go of the CRM', async () => {
    expect(await run(['check'])).toMatch(/good\.yaml: no problem, its 1 tests pass\n.*outcomes\.yaml: no problem/u);
    expect(exitCode).toBe(0);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('speaks the language of the settings unless told otherwise', async () => {
    expect(await runAsTyped(['check'])).toMatch(/good\.yaml: 問題なし。テスト 1 件に合格/u);
  });

  test('says every problem with its line and remedy, and fails', async () => {
    await writeFile(file('bad.yaml'), good.replace('Branch__c: {', 'Brunch__c: {').replace('notes', 'nots'));
    const output = await run(['check', file('bad.yaml')]);
    expect(output).toContain(`${file('bad.yaml')}:7:5  callLog.fields.Brunch__c`);
    expect(output).toContain('Did you mean "Branch__c"?');
    expect(output).toContain('Did you mean "notes"?');
    expect(output).toContain('The CRM requires "Branch__c"');
    expect(exitCode).toBe(1);
  });

  test('says it in Japanese when asked', async () => {
    await writeFile(file('bad.yaml'), good.replace('notes', 'nots'));
    expect(await run(['check', file('bad.yaml'), '--language', 'ja'])).toContain('ファクト「nots」はありません。');
  });

  test('gives the same as JSON for machines, in both languages', async () => {
    await writeFile(file('bad.yaml'), good.replace('notes', 'nots'));
    const { files } = JSON.parse(await run(['check', file('bad.yaml'), '--json']));
    expect(files[0].problems).toEqual([
      expect.objectContaining({
        code: 'unknownFact',
        path: 'callLog.fields.Subject.firstOf[0]',
        line: 8,
        message: { en: expect.any(String), ja: expect.any(String) },
      }),
    ]);
    expect(exitCode).toBe(1);
  });

  test('offline asks no CRM', async () => {
    await writeFile(
      file('bad.yaml'),
      good.replace('Branch__c: {', 'Brunch__c: {').replace('Branch__c: 東京 }', 'Brunch__c: 東京 }'),
    );
    await run(['check', file('bad.yaml'), '--offline']);
    expect(exitCode).toBe(0);
    expect(close).not.toHaveBeenCalled();
  });

  test('a CRM that cannot be asked is no success', async () => {
    const openConnector = async () => ({ close, describe: () => Promise.reject(new Unreachable('salesforce does not answer')) });
    expect(await run(['check'], { openConnector })).toContain('salesforce does not answer');
    expect(exitCode).toBe(1);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('a CRM that is not set up is said, and is no failure', async () => {
    expect(await run(['check'], { openConnector: async () => null })).toContain('salesforce is not set up');
    expect(exitCode).toBe(0);
  });

  test('checks the outcomes as well', async () => {
    await writeFile(file('outcomes.yaml'), 'outcomes: [{ code: won }]');
    expect(await run(['check', file('outcomes.yaml')])).toContain('"label" is missing');
    expect(exitCode).toBe(1);
  });

  test('and the routing rules', async () => {
    await writeFile(file('routing.yaml'), 'rules: [{ queue: sales }]');
    expect(await run(['check'])).toContain('routing.yaml: no problem');
    await writeFile(file('routing.yaml'), 'rules: [{ qeue: sales }]');
    expect(await run(['check', file('routing.yaml')])).toContain('"qeue"');
    expect(exitCode).toBe(1);
  });
});

describe('mappings try', () => {
  test('shows what a call of the ledger would write, cut as the CRM wants it', async () => {
    const output = await run(['try', file('good.yaml'), '--call', 'main-1.1']);
    expect(output).toContain('one Task in salesforce, Call_Id__c = main-1.1');
    expect(output).toContain('WhoId: "003AA"');
    expect(output).toContain('! Subject: cut');
    expect(output).toContain('Nothing was written.');
  });

  test('takes a call record from a file, and gives the exact write as JSON', async () => {
    const record = callOf({
      id: 'main-2.2',
      matches: [{ connector: 'salesforce', object: 'Contact', id: '003BB', name: '鈴木' }],
    });
    await writeFile(file('call.json'), JSON.stringify({ ...record, addedLater: true }));
    const { parts } = JSON.parse(await run(['try', file('good.yaml'), '--record', file('call.json'), '--json']));
    expect(parts).toEqual([
      {
        part: 'callLog',
        write: {
          object: 'Task',
          key: { field: 'Call_Id__c', value: 'main-2.2' },
          fields: { Branch__c: '東京', Subject: '{none}', WhoId: '003BB' },
          owners: {},
        },
        warnings: [],
      },
    ]);
  });

  test('says that an internal call is not written', async () => {
    await writeFile(file('call.json'), JSON.stringify(callOf({ direction: 'internal', customer: null })));
    expect(await run(['try', file('good.yaml'), '--record', file('call.json')])).toContain('nothing is written');
  });

  test.each([
    [['--call', 'main-9.9'], /no call main-9\.9/u],
    [[], /--call CALL_ID or --record/u],
    [['--record', 'good.yaml'], /no JSON/u],
  ])('with %j says what is wrong', async (words, message) => {
    const named = words.map((word) => (word === 'good.yaml' ? file(word) : word));
    await expect(run(['try', file('good.yaml'), ...named])).rejects.toThrow(message);
  });

  test('says where a record is none', async () => {
    await writeFile(file('call.json'), '{"id": 5}');
    await expect(run(['try', file('good.yaml'), '--record', file('call.json')])).rejects.toThrow(/id: .*direction: /u);
  });

  test('a broken mapping is told with its problems and tries nothing', async () => {
    await writeFile(file('bad.yaml'), good.replace('value', 'valu'));
    expect(await run(['try', file('bad.yaml'), '--call', 'main-1.1'])).toContain('Did you mean "value"?');
    expect(exitCode).toBe(1);
  });
});

import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MappingStore } from '../../../src/mappings/mapping-store.ts';
import { watchMappings } from '../../../src/mappings/mapping-watch.ts';

let directory: string;
let store: MappingStore;
const log = jest.fn();

const mapping = (subject: string) => `connector: salesforce
callLog: { object: Task, key: Call_Id__c, fields: { Subject: { value: ${subject} } } }
`;
const save = (file: string, text: string) => writeFile(path.join(directory, file), text);
const subject = () => store.current('salesforce')?.mapping.callLog?.fields.Subject?.value;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'mappings-'));
  await save('outcomes.yaml', 'outcomes: [{ code: won, label: { ja: 成約, en: Won } }]');
  await save('salesforce.yaml', mapping('first'));
  log.mockClear();
  store = await MappingStore.open({ directory, connectors: ['salesforce', 'kintone'], locale: 'ja', log });
});
afterEach(() => rm(directory, { recursive: true }));

test('what is in the folder is in force from the start', () => {
  expect(subject()).toBe('first');
  expect(store.outcomes().map(({ code }) => code)).toEqual(['won']);
  expect(store.current('kintone')).toBeNull();
  expect(store.problems()).toEqual([]);
  expect(log).toHaveBeenCalledWith('error', expect.stringContaining('no mapping file'), {
    connector: 'kintone',
    file: 'kintone.yaml',
  });
});

test('an edited file is in force after the next reading, as another version, and listeners are told', async () => {
  const told = jest.fn();
  const stop = store.onChange(told);
  const before = store.current('salesforce')?.version;
  await save('salesforce.yaml', mapping('second'));
  await store.reload();
  expect(subject()).toBe('second');
  expect(store.current('salesforce')?.version).not.toBe(before);
  await store.reload();
  expect(told).toHaveBeenCalledTimes(1);
  stop();
});

test('the last good version stays in force while the file is broken, and its problems are logged once', async () => {
  await save('salesforce.yaml', mapping('second').replace('value', 'valu').replace('Task', ''));
  await store.reload();
  await store.reload();
  expect(subject()).toBe('first');
  expect(store.problems()).toEqual([
    { file: 'salesforce.yaml', problems: expect.arrayContaining([expect.objectContaining({ code: 'unknownKey' })]) },
  ]);
  expect(log.mock.calls.filter(([, message]) => String(message).includes('has problems'))).toHaveLength(1);
  await save('salesforce.yaml', mapping('third'));
  await store.reload();
  expect(subject()).toBe('third');
  expect(store.problems()).toEqual([]);
});

test('a file that disappears leaves its last good version in force', async () => {
  await rm(path.join(directory, 'salesforce.yaml'));
  await store.reload();
  expect(subject()).toBe('first');
});

test('a mapping whose own tests fail never comes into force', async () => {
  await save('salesforce.yaml', `${mapping('second')}tests: [{ name: first stays, expect: { Subject: first } }]\n`);
  await store.reload();
  expect(subject()).toBe('first');
});

test('outcomes are configured anew without a restart, and broken ones change nothing', async () => {
  await save(
    'outcomes.yaml',
    'outcomes: [{ code: won, label: { ja: 成約, en: Won } }, { code: lost, label: { ja: 失注, en: Lost } }]',
  );
  await store.reload();
  expect(store.outcomes()).toHaveLength(2);
  await save('outcomes.yaml', 'outcomes: []');
  await store.reload();
  expect(store.outcomes()).toHaveLength(2);
});

test('a file far too large is a problem of its own and is not held in memory', async () => {
  await save('salesforce.yaml', `# ${'x'.repeat(1_000_000)}`);
  await store.reload();
  expect(store.problems()[0]?.problems.map(({ code }) => code)).toEqual(['tooLarge']);
  expect(subject()).toBe('first');
});

test('a folder that is not there is said at once', async () => {
  await expect(MappingStore.open({ directory: path.join(directory, 'none'), connectors: [], locale: 'ja', log })).rejects.toThrow(
    /ENOENT/u,
  );
});

test('a file saved by an editor, through a temporary file, is in force by itself', async () => {
  const changed = new Promise<void>((resolve) => {
    store.onChange(resolve);
  });
  const stop = watchMappings({ directory, reload: () => store.reload(), log, settleMs: 5, lookMs: 200 });
  await save('salesforce.yaml.tmp', mapping('saved'));
  await rename(path.join(directory, 'salesforce.yaml.tmp'), path.join(directory, 'salesforce.yaml'));
  await changed;
  expect(subject()).toBe('saved');
  stop();
});

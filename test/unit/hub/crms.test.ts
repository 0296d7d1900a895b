import { Missing, Unreachable } from '../../../connectors/connector.ts';
import { type Crms, createCrms, type OpenConnector } from '../../../src/hub/crms.ts';
import type { MappingStore } from '../../../src/mappings/mapping-store.ts';
import { mappingOf } from '../mappings/call-builders.ts';

const mapping = mappingOf(`
connector: kintone
followUp: { object: followUps, key: ID, fields: { 期限: { from: followUp.dueAt } } }
`);
const { signal } = new AbortController();

/** A CRM that answers so when it is asked for an object. */
function crmsWith(describe: () => Promise<unknown>): { readonly crms: Crms; readonly asked: () => number } {
  let asked = 0;
  const connector = {
    describe: async () => {
      asked += 1;
      return describe();
    },
  } as unknown as OpenConnector['connector'];
  const mappings: Pick<MappingStore, 'current' | 'outcomes'> = {
    current: () => ({ mapping, file: 'kintone.yaml', version: '0' }),
    outcomes: () => [],
  };
  const crms = createCrms({
    connectors: [{ name: 'kintone', label: 'kintone', connector, maxBatch: 100 }],
    mappings: mappings as MappingStore,
    style: { locale: 'ja', timeZone: 'Asia/Tokyo', region: 'JP' },
    log: () => undefined,
  });
  return { crms, asked: () => asked };
}

test('an object that the CRM does not have is missing, and it is not asked for again with every record', async () => {
  const { crms, asked } = crmsWith(() => Promise.reject(new Missing('There is no app.')));
  const answers = await Promise.all([1, 2, 3].map(() => crms.isMissing('kintone', 'followUps', signal)));
  expect([answers, asked()]).toEqual([[true, true, true], 1]);
});

test('a CRM that cannot be asked lacks nothing', async () => {
  const { crms } = crmsWith(() => Promise.reject(new Unreachable('no answer')));
  expect(await crms.isMissing('kintone', 'followUps', signal)).toBe(false);
  expect(await crms.isMissing('nobody', 'followUps', signal)).toBe(false);
});

test('what was missing is found by the next look at the CRM', async () => {
  let isThere = false;
  const found = { object: 'followUps', label: 'followUps', fields: [] };
  const { crms } = crmsWith(async () => {
    if (!isThere) throw new Missing('There is no app.');
    return found;
  });
  await crms.watchDrift(signal);
  expect(await crms.isMissing('kintone', 'followUps', signal)).toBe(true);
  for (const language of ['en', 'ja'] as const) {
    expect(
      crms
        .drift('kintone')
        .map((words) => words[language])
        .join(),
    ).toContain('toritsugi setup kintone');
  }
  isThere = true;
  await crms.watchDrift(signal);
  expect(await crms.isMissing('kintone', 'followUps', signal)).toBe(false);
});

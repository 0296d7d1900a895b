import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Connector, ConnectorWorld } from '../../../connectors/connector.ts';
import { kintoneConnector } from '../../../connectors/kintone/kintone-connector.ts';
import { salesforceConnector } from '../../../connectors/salesforce/salesforce-connector.ts';
import { startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import type { MatchedRecord } from '../../../src/callers/caller-match.ts';
import { renderCallLog } from '../../../src/mappings/apply-mapping.ts';
import { askDescriptions } from '../../../src/mappings/ask-descriptions.ts';
import { objectsOf } from '../../../src/mappings/check-mapping.ts';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import type { Descriptions } from '../../../src/mappings/descriptions.ts';
import { factsOf } from '../../../src/mappings/facts-of-call.ts';
import type { Mapping } from '../../../src/mappings/mapping-schema.ts';
import { parseOutcomes } from '../../../src/mappings/outcomes.ts';
import { parseMapping } from '../../../src/mappings/parse-mapping.ts';
import { callerSources, presentCaller } from '../../../src/mappings/present-caller.ts';
import { callOf, japanese } from '../../unit/mappings/call-builders.ts';

const directory = path.resolve(import.meta.dirname, '../../../mappings');
const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');
const outcomes = parseOutcomes(read('outcomes.yaml')).outcomes ?? [];
const signal = AbortSignal.timeout(60_000);
const world: ConnectorWorld = { now: Date.now, log: () => undefined };

interface OpenCrm {
  readonly connector: Connector;
  readonly close: () => Promise<void>;
}

async function openSalesforce(): Promise<OpenCrm> {
  const sandbox = await startSandboxSalesforce({ port: 0 });
  const { url, clientId, clientSecret } = sandbox;
  const settings = { SALESFORCE_LOGIN_URL: url, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret };
  return { connector: salesforceConnector.open(settings, world), close: () => sandbox.close() };
}

async function openKintone(): Promise<OpenCrm> {
  const sandbox = await startSandboxKintone({ port: 0 });
  const settings = {
    KINTONE_BASE_URL: sandbox.url,
    KINTONE_API_TOKENS: sandbox.apiTokens.join(','),
    KINTONE_APPS: 'customers=1,calls=2,followUps=3',
  };
  return { connector: kintoneConnector.open(settings, world), close: () => sandbox.close() };
}

describe.each([
  ['salesforce', openSalesforce],
  ['kintone', openKintone],
])('the shipped mapping of %s, against the CRM itself', (name, open) => {
  let crm: OpenCrm;
  let mapping: Mapping;
  let descriptions: Descriptions;

  beforeAll(async () => {
    crm = await open();
    const readable = parseMapping(read(`${name}.yaml`)).mapping;
    if (readable === null) throw new Error(`${name}.yaml cannot be read`);
    mapping = readable;
    descriptions = await askDescriptions(crm.connector, objectsOf(mapping), signal);
  });
  afterAll(async () => {
    await crm.connector.close();
    await crm.close();
  });

  const matchFor = async (number: string, spellings: readonly string[]) => {
    const sources = callerSources(mapping);
    const [record] = await crm.connector.findByPhone({ number, spellings, sources, limit: 10 }, signal);
    if (record === undefined) throw new Error('the demo customer is not in the sandbox');
    return presentCaller(mapping, record, crm.connector.recordUrl(record), japanese);
  };
  const yamada = () => matchFor('+819012345678', ['09012345678', '090-1234-5678']);

  const write = async (match: MatchedRecord | null, said: Parameters<typeof callOf>[0]) => {
    const call = callOf({ talkSeconds: 33.4, ...said });
    const matchKind = match === null ? 'unknown' : 'known';
    const facts = factsOf({ connector: name, record: call, match, matchKind, agents: [], outcomes, style: japanese });
    const { write: wanted, warnings } = renderCallLog(mapping, facts, descriptions.get(mapping.callLog?.object ?? '') ?? null);
    if (wanted === null) throw new Error('the call is not written');
    expect(warnings.filter(({ reason }) => reason !== 'cut')).toEqual([]);
    const [result] = await crm.connector.write([wanted], signal);
    return result;
  };

  test('has no problem', () => {
    const { problems } = checkMappingText(read(`${name}.yaml`), { descriptions, outcomes, locale: 'ja' });
    expect(problems).toEqual([]);
  });

  test('a misspelt field is found, with the one that was meant', () => {
    const [wrong, meant] = name === 'salesforce' ? ['CallDisposiion', 'CallDisposition'] : ['結界', '結果'];
    const text = read(`${name}.yaml`).replaceAll(`    ${meant}:`, `    ${wrong}:`);
    const { problems } = checkMappingText(text, { descriptions, outcomes, locale: 'ja' });
    expect(problems.map(({ code }) => code)).toContain('unknownField');
    expect(problems.find(({ code }) => code === 'unknownField')?.remedy.en).toContain(`"${meant}"`);
  });

  test('finds the demo customer and shows the card', async () => {
    const match = await yamada();
    expect(match).toMatchObject({
      name: '山田 太郎',
      card: expect.arrayContaining([{ label: '会社', labels: { ja: '会社', en: 'Company' }, value: '株式会社山田製作所' }]),
    });
    expect(match.url).toMatch(/^https?:/u);
    expect(Object.values(match.link).every((id) => id !== null)).toBe(true);
    expect(match.owners).toEqual([name === 'kintone' ? 'sato' : expect.stringMatching(/^005\w{15}$/u)]);
  });

  test('the CRM takes the call log as it is rendered, and the outcome later into the same record', async () => {
    const id = 'main-1767574800.7';
    const first = await write(await yamada(), { id });
    expect(first).toMatchObject({ ok: true, created: true });
    const told = { outcome: { code: 'lostPrice', label: '' }, notes: '高い\nとのこと', recordings: ['in-0398765432.wav'] };
    const later = await write(await yamada(), { id, ...told });
    expect(later).toMatchObject({ ok: true, created: false, id: first?.ok ? first.id : '' });
  });

  test('a call moves to another customer, and to nobody, without leaving a second record', async () => {
    const id = 'main-1767574800.8';
    const other = name === 'salesforce' ? ['+818055550000', '080-5555-0000'] : ['+819066667777', '090-6666-7777'];
    const first = await write(await yamada(), { id });
    const moved = await write(await matchFor(other[0] ?? '', [other[1] ?? '']), { id });
    const freed = await write(null, { id });
    for (const result of [moved, freed])
      expect(result).toMatchObject({ ok: true, created: false, id: first?.ok ? first.id : '' });
  });

  test.each([
    ['a withheld number', { customer: { raw: null, number: null, name: null, withheld: true } }],
    [
      'a caller id of 200 characters, quotes and line breaks',
      { customer: { raw: `'"\n<b>\\; DROP`.repeat(20), number: null, name: null, withheld: false } },
    ],
    ['notes longer than any field', { notes: '長い😀\n'.repeat(20_000), outcome: { code: 'complaint', label: '' } }],
  ])('the CRM takes a call with %s', async (what, said) => {
    expect(await write(null, { id: `main-${what.length}.9`, ...said })).toMatchObject({ ok: true, created: true });
  });
});

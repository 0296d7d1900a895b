/** The guide's example, as it is written: a hub whose only CRM is a described service, from the pop to the one call log. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { type SandboxCustomers, startSandboxCustomers } from '../../../infra/sandbox/customers/sandbox-customers.ts';
import { Operator, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

const guides = { en: 'docs/guides/http-connector.md', ja: 'docs/guides/http-connector.ja.md' };

function blocks(file: string, language: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)].flatMap(([, found, content = '']) =>
    found === language ? [content] : [],
  );
}

const example = blocks(guides.en, 'text').join('');
const settings = parseEnv(blocks(guides.en, 'dotenv').join(''));

test('the pieces of both guides, one after the other, are the file that is shipped', () => {
  expect(example).toBe(readFileSync('mappings/http.yaml', 'utf8'));
  expect(blocks(guides.ja, 'text').join('')).toBe(example);
  expect(blocks(guides.ja, 'dotenv')).toEqual(blocks(guides.en, 'dotenv'));
});

describe('a hub whose only CRM is the service of the guide', () => {
  let world: SandboxWorld;
  let customers: SandboxCustomers;
  let hub: RunningHub;
  let operator: Operator;

  beforeEach(async () => {
    world = await startSandboxWorld();
    customers = await startSandboxCustomers({ port: 0 });
    const folder = path.join(world.folder, 'mappings');
    mkdirSync(folder);
    cpSync('mappings/outcomes.yaml', path.join(folder, 'outcomes.yaml'));
    writeFileSync(path.join(folder, 'http.yaml'), example);
    const others = /^(?:SALESFORCE|KINTONE)_/u;
    const environment = Object.fromEntries(Object.entries(world.environment).filter(([key]) => !others.test(key)));
    hub = await startHubHere({
      ...environment,
      ...settings,
      MAPPINGS_DIR: folder,
      HTTP_SERVICE_FILE: path.join(folder, 'http.yaml'),
      // The sandbox stands at a port of its own for every test.
      HTTP_BASE_URL: `${customers.url}/api/v1`,
    });
    await untilListening(hub.url);
    operator = await Operator.signIn(hub.url, '1002');
  });

  afterEach(async () => {
    await hub.stop();
    await Promise.all([customers.close(), world.close()]);
  });

  const logsOf = (callId: string) =>
    customers
      .store('calls')
      .all()
      .filter(({ values }) => values.reference === callId);

  test('shows the customer, and writes the call and its outcome once', async () => {
    await until('the customers were read', async () => (await operator.match('+819012345678')).kind === 'known');
    const { playback, callId } = world.playCall('01-queue-answered', { from: '09012345678' });
    for (let phone = 0; phone < 4; phone += 1) playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
    await until('the pop shows the customer', async () => {
      const match = (await operator.pop(callId()))?.match;
      return match?.kind === 'known' && match.records[0]?.name === '山田 太郎';
    });
    playback.finish();
    await until('the call is logged', async () => logsOf(callId()).length === 1);
    await operator.chooseOutcome(callId(), 'recall', '来週もう一度');
    await until('the outcome is there', async () => logsOf(callId())[0]?.values.notes === '来週もう一度');
    expect(logsOf(callId())).toHaveLength(1);
    expect(logsOf(callId())[0]?.values).toMatchObject({
      customer_id: 1,
      direction: 'inbound',
      result: 'answered',
      outcome: '再コール',
    });
  });

  test('writes the call once when the answer to the write was lost', async () => {
    customers.faults.add({ kind: 'commitThenCut', times: 1, on: 'POST /calls' });
    const { playback, callId } = world.playCall('01-queue-answered', { from: '09012345678' });
    playback.finish();
    await until('the ledger says that the call is logged', async () => {
      const row = await operator.ledgerRow(callId());
      return row?.entries.length === 1 && row.entries.every(({ state }) => state === 'logged');
    });
    expect(customers.faults.list()).toEqual([]);
    expect(logsOf(callId())).toHaveLength(1);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFaults } from '../../../infra/sandbox/salesforce/parse-faults.ts';
import { makeRecordId, normaliseId, to18 } from '../../../infra/sandbox/salesforce/record-ids.ts';
import { readSeed } from '../../../infra/sandbox/salesforce/seed.ts';
import { startOrg } from './org.ts';

test('every answer tells the use of the daily calls, and the day ends with a refusal', async () => {
  const org = await startOrg({ dailyCalls: 2 });
  expect((await org.call('GET', '/limits')).headers.get('sforce-limit-info')).toBe('api-usage=1/2');
  expect((await org.call('GET', '/nothing')).headers.get('sforce-limit-info')).toBe('api-usage=2/2');
  const { status, body } = await org.call('GET', '/limits');
  expect(status).toBe(403);
  expect(body).toEqual([{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]);
  await org.close();
});

test('versions: old ones are gone, unknown ones never were, and doubled slashes do no harm', async () => {
  const org = await startOrg();
  const status = async (path: string) =>
    (await fetch(`${org.url}${path}`, { headers: { authorization: `Bearer ${org.accessToken}` } })).status;
  expect(await status('/services/data/v30.0/limits')).toBe(410);
  expect(await status('/services/data/v31.0/limits')).toBe(200);
  expect(await status('/services/data/v99.0/limits')).toBe(404);
  expect(await status('//services//data/v67.0/limits')).toBe(200);
  expect(await status('/services/data/v67.0')).toBe(200);
  expect(await (await fetch(`${org.url}/services/data`)).json()).toContainEqual({
    label: "Summer '26",
    url: '/services/data/v67.0',
    version: '67.0',
  });
  await org.close();
});

test('wrong methods, wrong content types and broken JSON get the service’s own refusals', async () => {
  const org = await startOrg();
  expect(await org.call('DELETE', '/query?q=x')).toMatchObject({ status: 405, body: [{ errorCode: 'METHOD_NOT_ALLOWED' }] });
  expect(await org.call('POST', '/sobjects/Task', '{"Subject":')).toMatchObject({
    status: 400,
    body: [{ errorCode: 'JSON_PARSER_ERROR' }],
  });
  expect(await org.call('POST', '/sobjects/Task', '{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  expect(await org.call('POST', '/sobjects/Nothing', {})).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
  await org.close();
});

test('ids carry a checksum that makes them safe without case', () => {
  expect(to18('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
  expect(makeRecordId('003', 1) < makeRecordId('003', 2)).toBe(true);
  expect(normaliseId('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
  expect(normaliseId('001D000000IqhSLIAA')).toBeNull();
  expect(normaliseId("001' OR Id !='")).toBeNull();
});

test('accidents are ordered over HTTP, by command line and one by one', async () => {
  const org = await startOrg({ faults: parseFaults('serverError:1, refuseField=Subject:1') });
  expect((await org.call('GET', '/limits')).status).toBe(500);
  expect((await org.call('GET', '/limits')).status).toBe(200);
  expect(await org.call('POST', '/sobjects/Task', { Subject: 'a' })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', fields: ['Subject'] }],
  });
  const order = (body: object) =>
    fetch(`${org.url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await order({ kind: 'htmlUnavailable', on: 'GET /services/data/v67.0/limits', times: 1 })).status).toBe(204);
  expect((await org.call('GET', '/sobjects')).status).toBe(200);
  await expect(org.call('GET', '/limits')).rejects.toThrow(SyntaxError);
  expect((await order({ kind: 'earthquake' })).status).toBe(400);
  expect(() => parseFaults('earthquake')).toThrow('"earthquake" is no fault; use one of serverError');
  await org.close();
});

test('requests are logged without what was asked for', async () => {
  const org = await startOrg();
  await org.call('GET', `/query?q=${encodeURIComponent("SELECT Id FROM Contact WHERE Phone = '090-1234-5678'")}`);
  expect(org.requestCount()).toBe(1);
  expect(org.requests()).toEqual([{ method: 'GET', path: '/services/data/v67.0/query' }]);
  await org.close();
});

describe('pages for people', () => {
  test('show the latest tasks with who, what and the notes, and never run what a record says', async () => {
    const org = await startOrg();
    const [yamada] = await org.query("SELECT Id, AccountId FROM Contact WHERE LastName = '山田'");
    await org.call('POST', '/sobjects/Task', {
      Subject: '着信 <script>alert(1)</script>',
      Description: '"quoted" & \'single\'',
      WhoId: yamada?.Id,
      WhatId: yamada?.AccountId,
      CallDurationInSeconds: 42,
    });
    const page = async (path: string) => {
      const response = await fetch(`${org.url}${path}`);
      return { status: response.status, html: await response.text() };
    };
    const { html } = await page('/');
    expect(html).toContain('着信 &lt;script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&quot;quoted&quot; &amp; &#39;single&#39;');
    for (const text of ['山田 太郎', '株式会社山田製作所', '42', '取次 連携', '件名', 'Subject']) expect(html).toContain(text);
    expect(await page(`/lightning/r/Contact/${yamada?.Id}/view`)).toMatchObject({
      status: 200,
      html: expect.stringContaining('着信'),
    });
    expect(await page(`/${yamada?.Id}`)).toMatchObject({ status: 200 });
    expect(await page('/lightning/o/Lead/list')).toMatchObject({ status: 200, html: expect.stringContaining('O&#39;Brien') });
    expect(await page('/nothing')).toMatchObject({ status: 404, html: expect.stringContaining('見つかりません') });
    await org.close();
  });
});

describe('a folder to begin with', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seed-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('replaces the demo’s customers; a record may name another', async () => {
    await writeFile(join(folder, 'Account.json'), JSON.stringify([{ ref: 'acme', Name: 'Acme' }]));
    await writeFile(
      join(folder, 'Contact.json'),
      JSON.stringify([{ LastName: 'One', AccountId: '@acme', Phone: '03-1111-1111' }]),
    );
    const org = await startOrg({ seed: await readSeed(folder) });
    expect(await org.query('SELECT Name, Account.Name FROM Contact')).toMatchObject([{ Name: 'One', Account: { Name: 'Acme' } }]);
    await org.close();
  });

  test.each([
    ['Contact.json', '{', 'Contact.json is no JSON'],
    ['Contact.json', '{}', 'must hold an array'],
    ['Kontakt.json', '[]', 'Kontakt.json is not one of'],
  ])('%s that holds %s is refused clearly', async (file, content, words) => {
    await writeFile(join(folder, file), content);
    await expect(readSeed(folder)).rejects.toThrow(words);
  });

  test('a record that cannot be used is named', async () => {
    await writeFile(join(folder, 'Contact.json'), JSON.stringify([{ FirstName: 'no last name' }]));
    await expect(startOrg({ seed: await readSeed(folder) })).rejects.toThrow('Seed record 1 (Contact)');
  });
});

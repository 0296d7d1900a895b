import express from 'express';
import iconv from 'iconv-lite';
import request from 'supertest';
import { Unauthorized } from '../../../connectors/connector.ts';
import { directoryRoutes } from '../../../src/callers/directory-routes.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import { problemLine } from '../../../src/callers/sync-problem.ts';
import { mountRoutes } from '../../../src/http/route.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { callerRecord, changePage, contacts } from '../../support/caller-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';

const never = new AbortController().signal;

describe.each(databaseKinds)('the directory over HTTP on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  beforeEach(async () => {
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, {}, () => 1000);
    const state = await directory.open('salesforce', contacts);
    const good = callerRecord('003A', { Phone: '03-1234-5678', MobilePhone: '090-1234-5678' });
    const bad = callerRecord('003B', { Phone: '＝cmd()' }, { name: '佐藤 "太郎"' });
    await directory.applyPage(state, changePage([good, bad], { total: 5 }), never);
  });
  afterEach(() => store.close());

  const get = (path: string) => {
    const recordUrl = (connector: string, { id }: { readonly id: string }) => `https://${connector}.example/${id}`;
    const routes = directoryRoutes({ directory, recordUrl, now: () => Date.parse('2026-11-25T12:00:00Z') });
    const session = { extension: null } as never;
    const app = express().use(mountRoutes(routes, () => session));
    return request(app)
      .get(path)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      });
  };

  test('tells how far each CRM was read and what is held', async () => {
    const { body } = await get('/directory');
    expect(JSON.parse(String(body))).toEqual({
      numbers: 2,
      sources: [
        {
          ...{ connector: 'salesforce', object: 'Contact', records: 1, unreadable: 1 },
          ...{ reading: { read: 2, total: 5 }, pageAt: '1970-01-01T00:00:01.000Z', completeAt: null, problem: null },
        },
      ],
    });
  });

  test('tells what kept a CRM from being read, apart from the words of the CRM', async () => {
    const state = await directory.open('salesforce', contacts);
    await directory.fail(state, problemLine(new Unauthorized('the token: was refused')));
    const problemNow = async () => JSON.parse(String((await get('/directory')).body)).sources[0].problem;
    expect(await problemNow()).toEqual({ kind: 'unauthorized', detail: 'the token: was refused' });
    await directory.fail(state, problemLine(new TypeError('no such thing')));
    expect(await problemNow()).toEqual({ kind: null, detail: 'TypeError: no such thing' });
  });

  test('hands out the unreadable numbers as a spreadsheet opens them, in both encodings', async () => {
    const heading = 'CRM,オブジェクト,レコード,名前,項目,記載内容,理由,ページ\r\n';
    const line = `"salesforce","Contact","003B","佐藤 ""太郎""","Phone","'＝cmd()","数字がない","https://salesforce.example/003B"\r\n`;
    const utf8 = await get('/directory/unreadable.csv');
    expect(utf8.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(utf8.headers['content-disposition']).toContain('unreadable-numbers-2026-11-25.csv');
    expect(String(utf8.body)).toBe(`\ufeff${heading}${line}`);
    const sjis = await get('/directory/unreadable.csv?encoding=shift_jis&connector=salesforce');
    expect(iconv.decode(sjis.body as Buffer, 'shift_jis')).toBe(`${heading}${line}`);
    expect(String((await get('/directory/unreadable.csv?language=en')).body)).toContain('"no digits in it"');
    expect(String((await get('/directory/unreadable.csv?connector=kintone')).body)).toBe(`\ufeff${heading}`);
    expect((await get('/directory/unreadable.csv?encoding=ebcdic')).status).not.toBe(200);
  });
});

import { DEFAULT_APPS } from '../../../infra/sandbox/kintone/default-apps.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { type Ask, askKintone } from './ask-kintone.ts';

/** Half past nine in the evening in Japan. */
const EVENING = Date.parse('2026-11-23T12:30:45Z');

let sandbox: SandboxKintone;
let time = EVENING;

beforeEach(async () => {
  time = EVENING;
  const customer = (name: string, values: object) => ({ app: '1', values: { 顧客名: name, ...values } });
  sandbox = await startSandboxKintone({
    port: 0,
    now: () => time,
    apps: DEFAULT_APPS,
    records: [
      customer('山田 太郎', {
        会社名: '山田製作所',
        電話番号: '03-1234-5678',
        顧客ランク: 'A',
        累計購入額: '1000',
        最終注文日: '2026-11-23',
      }),
      customer('key word', {
        会社名: 'keyword co',
        電話番号: '0312345678',
        顧客ランク: 'B',
        累計購入額: '20',
        備考: '重要な顧客',
      }),
      customer('鈴', {
        電話番号: '０３－１２３４－５６７８',
        担当者: [{ code: 'sato' }],
        連絡先: [{ value: { 連絡先電話番号: { value: '06-1' } } }],
      }),
    ],
  });
});
afterEach(() => sandbox.close());

const ask = (method: string, path: string, options?: Ask) => askKintone(sandbox, method, path, options);
const query = (text: string) => ask('GET', `records.json?app=1&fields[0]=$id&query=${encodeURIComponent(text)}`);
const found = async (text: string): Promise<readonly string[]> => {
  const { status, body } = await query(text);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return (body as { records: { $id: { value: string } }[] }).records.map((record) => record.$id.value);
};

describe('the query language', () => {
  test.each([
    ['', ['3', '2', '1']],
    ['order by $id asc', ['1', '2', '3']],
    ['order by 累計購入額 desc', ['1', '2', '3']],
    ['order by 顧客ランク asc, $id desc limit 2', ['3', '1']],
    ['order by $id asc limit 1 offset 1', ['2']],
    ['電話番号 = "0312345678"', ['2']],
    ['電話番号 = "03-1234-5678"', ['1']],
    ['電話番号 in ("03-1234-5678", "０３－１２３４－５６７８") order by $id asc', ['1', '3']],
    ['電話番号 not in ("03-1234-5678", "0312345678")', ['3']],
    ['会社名 != "山田製作所" order by $id asc', ['2', '3']],
    ['会社名 in ("")', ['3']],
    ['顧客ランク in ("A", "B") and 累計購入額 < 100', ['2']],
    ['累計購入額 >= 20 order by $id asc', ['1', '2']],
    ['累計購入額 in ("")', ['3']],
    ['$id > 1 and $id <= "3" order by $id asc', ['2', '3']],
    ['レコード番号 in (1, 3) order by $id asc', ['1', '3']],
    ['顧客ランク in ("A") or 顧客ランク in ("B") and 累計購入額 > 500', ['1']],
    ['(顧客ランク in ("A") or 顧客ランク in ("B")) and 累計購入額 > 500', ['1']],
    ['((顧客ランク in ("B")))', ['2']],
    ['担当者 in ("sato")', ['3']],
    ['担当者 not in ("sato") order by $id asc', ['1', '2']],
    ['連絡先電話番号 in ("06-1")', ['3']],
    ['最終注文日 = TODAY()', ['1']],
    ['最終注文日 > YESTERDAY()', ['1']],
    ['最終注文日 < FROM_TODAY(-1, DAYS)', []],
    ['最終注文日 = ""', ['3', '2']],
    ['更新日時 <= NOW() order by $id asc limit 1', ['1']],
    ['更新日時 >= "2026-11-23T12:30:00Z" and $id > 2', ['3']],
    ['更新日時 > "2026-11-23T12:30:00Z"', []],
    ['作成日時 = TODAY() and $id = 1', ['1']],
    ['備考 is empty order by $id asc', ['1', '3']],
    ['備考 is not empty', ['2']],
    ['作成者 in (LOGINUSER()) and $id = 1', ['1']],
    ['顧客名 = "a\\"b\\\\"', []],
    ['ORDER BY $id ASC LIMIT 1', ['1']],
  ])('%s', async (text, ids) => {
    expect(await found(text)).toEqual(ids);
  });

  test.each([
    ['顧客名 = "', 'CB_VA01'],
    ['顧客名 = x', 'CB_VA01'],
    ['顧客名 "x"', 'CB_VA01'],
    ['(顧客名 = "x"', 'CB_VA01'],
    ['顧客名 = "x")', 'CB_VA01'],
    ['顧客名 = "x" limit 1 order by $id', 'CB_VA01'],
    ['顧客名 = "a\tb"', 'CB_VA01'],
    ['顧客名 = "a\\qb"', 'CB_VA01'],
    ['顧客名 = "x"; drop', 'CB_VA01'],
    ['limit x', 'CB_VA01'],
    ['更新日時 > "yesterday"', 'CB_VA01'],
    ['更新日時 > SOMEDAY()', 'CB_VA01'],
    ['(((((((((('.repeat(40), 'CB_VA01'],
    ['無い = "x"', 'GAIA_IQ11'],
    ['order by 無い', 'GAIA_IQ11'],
    ['連絡先 in ("x")', 'GAIA_IQ11'],
    ['顧客ランク = "A"', 'GAIA_IQ03'],
    ['備考 = "x"', 'GAIA_IQ03'],
    ['顧客名 > "x"', 'GAIA_IQ03'],
    ['最終注文日 in ("2026-11-23")', 'GAIA_IQ03'],
    ['連絡先電話番号 = "06-1"', 'GAIA_IQ07'],
    ['limit 501', 'GAIA_QU01'],
    ['offset 10001', 'GAIA_QU02'],
  ])('refuses %s with %s', async (text, code) => {
    expect(await query(text)).toMatchObject({ status: 400, body: { code } });
  });

  test('finds by like whole words only, Japanese from two characters on, and only some time after the change', async () => {
    expect(await found('会社名 like "keyword"')).toEqual([]);
    time += 2000;
    expect(await found('会社名 like "KEYWORD"')).toEqual(['2']);
    expect(await found('会社名 like "key"')).toEqual([]);
    expect(await found('会社名 like "製作"')).toEqual(['1']);
    expect(await found('会社名 like "製"')).toEqual([]);
    expect(await found('顧客名 like "鈴"')).toEqual(['3']);
    expect(await found('電話番号 like "5678"')).toEqual(['3', '1']);
    expect(await found('電話番号 like "0312345678"')).toEqual(['2']);
    expect(await found('会社名 not like "keyword" order by $id asc')).toEqual(['1', '3']);
  });
});

describe('asking', () => {
  test('brings the fields asked for, and no word about those the app does not have', async () => {
    const { body } = await ask(
      'GET',
      'records.json?app=1&fields%5B0%5D=%E9%A1%A7%E5%AE%A2%E5%90%8D&fields%5B1%5D=no&query=$id%20%3D%201',
    );
    expect(body).toEqual({ records: [{ 顧客名: { type: 'SINGLE_LINE_TEXT', value: '山田 太郎' } }], totalCount: null });
  });

  test('counts as a string where it is asked to', async () => {
    expect((await ask('GET', 'records.json?app=1&totalCount=true&query=limit%201')).body).toMatchObject({ totalCount: '3' });
  });

  test('takes a GET in the body of a POST', async () => {
    const headers = { 'X-HTTP-Method-Override': 'GET' };
    const { body } = await ask('POST', 'records.json', { headers, body: { app: 1, fields: ['$id'], query: '$id = 2' } });
    expect(body).toEqual({ records: [{ $id: { type: '__ID__', value: '2' } }], totalCount: null });
  });

  test('takes more than twenty values in brackets', async () => {
    const fields = Array.from({ length: 30 }, (_, at) => `fields[${at}]=x${at}`).join('&');
    expect((await ask('GET', `records.json?app=1&${fields}&fields[30]=$id`)).body).toMatchObject({
      records: [{ $id: {} }, {}, {}],
    });
  });

  test('describes the form and the app', async () => {
    expect((await ask('GET', 'app/form/fields.json?app=2')).body).toMatchObject({
      properties: {
        通話ID: { type: 'SINGLE_LINE_TEXT', unique: true },
        方向: { options: { 着信: { label: '着信', index: '0' } } },
      },
      revision: '1',
    });
    expect((await ask('GET', 'app.json?id=2')).body).toMatchObject({ appId: '2', name: '通話履歴', spaceId: null });
    expect((await ask('GET', 'app/form/layout.json?app=1')).body).toMatchObject({ layout: expect.any(Array) });
  });
});

describe('a cursor', () => {
  const make = (body: object) => ask('POST', 'records/cursor.json', { body: { app: 1, ...body } });

  test('is read page by page and disappears at its end', async () => {
    const { body } = await make({ size: 2, fields: ['$id'], query: 'order by $id asc' });
    expect(body).toEqual({ id: expect.any(String), totalCount: '3' });
    const { id } = body as { id: string };
    expect((await ask('GET', `records/cursor.json?id=${id}`)).body).toMatchObject({
      records: [{ $id: { value: '1' } }, {}],
      next: true,
    });
    expect((await ask('GET', `records/cursor.json?id=${id}`)).body).toMatchObject({
      records: [{ $id: { value: '3' } }],
      next: false,
    });
    expect(await ask('GET', `records/cursor.json?id=${id}`)).toMatchObject({ status: 404, body: { code: 'GAIA_CN01' } });
  });

  test('is refused where ten are open, until one is closed or ten minutes have passed', async () => {
    const first = (await make({})).body as { id: string };
    for (let count = 1; count < 10; count += 1) await make({});
    expect(await make({})).toMatchObject({ status: 429, body: { code: 'GAIA_TM12' } });
    expect((await ask('DELETE', 'records/cursor.json', { body: { id: first.id } })).body).toEqual({});
    expect((await make({})).status).toBe(200);
    time += 10 * 60_000 + 1;
    expect((await make({})).status).toBe(200);
  });

  test('takes no limit, no offset and at most 500 a page', async () => {
    expect((await make({ query: 'limit 5' })).body).toMatchObject({ code: 'CB_VA01' });
    expect((await make({ size: 501 })).body).toMatchObject({ code: 'CB_VA01' });
  });
});

describe('whoever asks', () => {
  const password = (text: string) => ({ 'X-Cybozu-Authorization': Buffer.from(text).toString('base64') });

  test.each([
    ['says who it is', { token: null }, 401, 'CB_AU01'],
    ['has a token of the app', { token: 'foreign' }, 400, 'GAIA_IA02'],
    ['has a token of this app, not of another', { token: 'sandbox-token-of-app-2' }, 400, 'GAIA_IA02'],
    ['knows the password', { headers: password('toritsugi:wrong') }, 401, 'CB_WA01'],
    ['sends at most nine tokens', { token: 'a,b,c,d,e,f,g,h,i,sandbox-token-of-app-1' }, 400, 'CB_IL02'],
  ])('is served only if it %s', async (_what, options: Ask, status, code) => {
    expect(await ask('GET', 'records.json?app=1', options)).toMatchObject({ status, body: { code } });
  });

  test('lists apps with a password, never with a token', async () => {
    const headers = password(`${sandbox.username}:${sandbox.password}`);
    expect((await ask('GET', 'apps.json', { token: null, headers })).body).toMatchObject({
      apps: [{ appId: '1' }, { appId: '2' }, { appId: '3' }],
    });
    expect((await ask('GET', 'apps.json?limit=101', { token: null, headers })).body).toMatchObject({ code: 'CB_VA01' });
    expect(await ask('GET', 'apps.json')).toMatchObject({ status: 403, body: { code: 'GAIA_NO01' } });
  });

  test('reads Japanese, or English where it asks for it', async () => {
    const messageIn = async (language: string) => {
      const { body } = await ask('GET', 'records.json?app=77', { headers: { 'Accept-Language': language } });
      return (body as { message: string }).message;
    };
    expect(await messageIn('*')).toContain('見つかりません');
    expect(await messageIn('en-US,en;q=0.9')).toBe('The app (ID: 77) not found. The app may have been deleted.');
  });

  test('is told when the sandbox leaves something out', async () => {
    expect(await ask('GET', 'plugins.json')).toMatchObject({ status: 403, body: { code: 'GAIA_NO01' } });
    expect((await ask('GET', 'nonsense.json')).status).toBe(404);
    expect(await ask('POST', 'record.json', { body: '{"app": 1,' })).toMatchObject({ status: 400, body: { code: 'CB_IJ01' } });
    expect(await ask('GET', 'records.json')).toMatchObject({ status: 400, body: { code: 'CB_VA01', errors: { app: {} } } });
    expect(await ask('GET', 'records.json?app=first')).toMatchObject({ status: 400, body: { code: 'CB_VA01' } });
  });

  test('learns from every answer how busy the domain is', async () => {
    const { headers } = await ask('GET', 'records.json?app=1');
    expect([headers.get('X-ConcurrencyLimit-Limit'), headers.get('X-ConcurrencyLimit-Running')]).toEqual(['100', '1']);
  });
});

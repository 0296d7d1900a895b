import { Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../../../../connectors/connector.ts';
import { isAppClosed, judge, masked } from '../../../../connectors/kintone/kintone-errors.ts';

const TOKEN = 'secret-token';

/** As `KintoneRestAPIError` is made. */
function refusal(
  status: number,
  code: string,
  errors?: Record<string, unknown>,
  message = '入力内容が正しくありません。',
): Error {
  const made = new Error(`[${status}] [${code}] ${message} (Jsj6PB7RRb38NxPDUUO)`);
  return Object.assign(made, { status, code, id: 'Jsj6PB7RRb38NxPDUUO', errors, headers: {} });
}

/** As axios makes it: the request's headers hang on the error. */
function networkFailure(code: string): Error {
  const config = { headers: { 'X-Cybozu-API-Token': TOKEN } };
  return Object.assign(new Error(`connect ${code} 127.0.0.1:443`), { name: 'AxiosError', code, config });
}

describe('what a failure of kintone means', () => {
  test.each([
    [429, 'GAIA_TO04', RateLimited, 'hold'],
    [429, 'GAIA_TM12', RateLimited, 'hold'],
    [409, 'GAIA_CO02', Unreachable, 'conflict'],
    [409, 'GAIA_CO03', Unreachable, 'conflict'],
    [400, 'GAIA_DA02', Unreachable, 'hold'],
    [409, 'GAIA_DA02', Unreachable, 'hold'],
    [400, 'GAIA_RE18', Unreachable, 'hold'],
    [500, 'CB_SE01', Unreachable, 'hold'],
    [520, 'CB_WS01', Unreachable, 'hold'],
    [520, 'GAIA_DA02', Unreachable, 'hold'],
    [520, 'GAIA_IL26', Rejected, 'refused'],
    [520, 'GAIA_IA02', Unauthorized, 'hold'],
    [520, 'GAIA_NO01', Unauthorized, 'hold'],
    [520, 'CB_NO02', Unauthorized, 'hold'],
    [520, 'GAIA_RE01', Missing, 'refused'],
    [503, 'GAIA_XX01', Unreachable, 'hold'],
    [401, 'CB_WA01', Unauthorized, 'hold'],
    [401, 'CB_AU01', Unauthorized, 'hold'],
    [403, 'CB_NO02', Unauthorized, 'hold'],
    [403, 'GAIA_NO01', Unauthorized, 'hold'],
    [400, 'GAIA_IA02', Unauthorized, 'hold'],
    [404, 'GAIA_AP01', Missing, 'hold'],
    [404, 'GAIA_RE01', Missing, 'refused'],
    [400, 'GAIA_LO04', Rejected, 'refused'],
    [400, 'CB_VA01', Rejected, 'refused'],
    [400, 'GAIA_QU01', Rejected, 'refused'],
    [400, 'GAIA_IQ11', Rejected, 'refusedAll'],
    [400, 'GAIA_UK01', Rejected, 'refusedAll'],
    [400, 'CB_IL02', Rejected, 'refused'],
  ] as const)('%s %s', (status, code, kind, verdict) => {
    const judged = judge(refusal(status, code), 'write 3 records to app 2');
    expect(judged.error).toBeInstanceOf(kind);
    expect(judged.kind).toBe(verdict);
    expect(judged.error.message).toContain('write 3 records to app 2');
    expect(judged.error.message).toContain(code);
  });

  test.each([
    [new Error('503: Service Unavailable'), Unreachable],
    [new Error('404: Not Found'), Unreachable],
    [new Error('401: Unauthorized'), Unauthorized],
    [new Error('403: Forbidden'), Unauthorized],
    [new Error('429: Too Many Requests'), RateLimited],
    [new Error('413: Request Entity Too Large'), Rejected],
    [new Error('400: Bad Request'), Rejected],
    [new Error('Filter aborted because of too many search results'), Rejected],
    [networkFailure('ECONNREFUSED'), Unreachable],
    [networkFailure('ECONNABORTED'), Unreachable],
    [new TypeError('something foreign'), Unreachable],
    ['no error at all', Unreachable],
    [null, Unreachable],
  ])('%s, which is no answer of the API', (failure, kind) => {
    expect(judge(failure, 'answer').error).toBeInstanceOf(kind);
  });

  test('passes our own errors on as they are', () => {
    const own = new Unreachable('nobody listens');
    expect(judge(own, 'answer').error).toBe(own);
  });

  test('never passes on the token that hangs on a network failure', () => {
    const { error } = judge(networkFailure('ECONNRESET'), 'answer');
    expect(error.message).toContain('ECONNRESET');
    expect(`${error.message} ${JSON.stringify(error.cause ?? null)} ${error.stack ?? ''}`).not.toContain(TOKEN);
    expect(error.cause).toBeUndefined();
  });

  test('waits longer for a free cursor than for a free connection', () => {
    const waitOf = (code: string) => {
      const { error } = judge(refusal(429, code), 'answer');
      return error instanceof RateLimited ? error.retryAfterMs : 0;
    };
    expect(waitOf('GAIA_TM12')).toBeGreaterThan(waitOf('GAIA_TO04'));
  });
});

describe('which rows and fields are refused', () => {
  const messages = { messages: ['必須です。'] };

  test.each([
    ['record.tel.value', null, 'tel'],
    ['records[3].tel.value', 3, 'tel'],
    ['records[3].record.tel.value', 3, 'tel'],
    ['records[12][通話秒数].value', 12, '通話秒数'],
    ['record[通話秒数].value', null, '通話秒数'],
    ['records[0].choices.values[0].value', 0, 'choices'],
    ['records[0].担当者.values.value', 0, '担当者'],
    ['records[1].table.value[0].value.cell.value', 1, 'table'],
    ['records', null, null],
    ['app', null, null],
  ])('%s', (path, row, field) => {
    const judged = judge(refusal(400, 'CB_VA01', { [path]: messages }), 'write');
    expect([...judged.rows.keys()]).toEqual(row === null ? [] : [row]);
    expect(judged.error instanceof Rejected ? judged.error.fields : []).toEqual([
      { field, code: 'CB_VA01', message: '必須です。' },
    ]);
  });

  test('gathers all problems of a row', () => {
    const errors = {
      'records[1].a.value': messages,
      'records[1][b].value': { messages: ['x', 'y'] },
      'records[4].c.value': messages,
    };
    const { rows } = judge(refusal(400, 'CB_VA01', errors), 'write');
    expect(rows.get(1)?.map((field) => [field.field, field.message])).toEqual([
      ['a', '必須です。'],
      ['b', 'x y'],
    ]);
    expect(rows.get(4)).toHaveLength(1);
  });

  test('keeps the service’s own words where it names no field', () => {
    const judged = judge(refusal(400, 'GAIA_LO04', undefined, 'ルックアップ先がありません。'), 'write');
    expect(judged.error instanceof Rejected ? judged.error.fields : []).toEqual([
      { field: null, code: 'GAIA_LO04', message: 'ルックアップ先がありません。' },
    ]);
    // Often it is not the value that is wrong: the source app has no token among ours.
    expect(judged.error.message).toContain('KINTONE_API_TOKENS');
  });
});

test.each([
  ['"090-1234-5678"は選択肢にありません。', '"…5678"は選択肢にありません。'],
  ['the value +81312345678 is wrong', 'the value …5678 is wrong'],
  ['(ID: 123) 100文字', '(ID: 123) 100文字'],
])('shows no whole telephone number: %s', (text, shown) => {
  expect(masked(text)).toBe(shown);
});

test('takes an app that no token opens for closed', () => {
  expect(isAppClosed(refusal(400, 'GAIA_IA02'))).toBe(true);
  expect(isAppClosed(refusal(403, 'GAIA_NO01'))).toBe(true);
  expect(isAppClosed(refusal(403, 'CB_NO02'))).toBe(false);
  expect(isAppClosed(new Error('403: Forbidden'))).toBe(false);
});

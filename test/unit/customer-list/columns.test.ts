import { type Columns, chooseColumns, readCardWish } from '../../../src/customer-list/columns.ts';

function headersOf(headers: readonly string[], { name, phones, key, card }: Columns) {
  return {
    name: name.map((at) => headers[at]),
    phones: phones.map(({ header }) => header),
    key: key === null ? null : headers[key],
    card: card.map(({ at, label }) => [headers[at], label]),
  };
}

function guess(headers: readonly string[], wishes = {}) {
  const chosen = chooseColumns(headers, wishes);
  return 'columns' in chosen ? headersOf(headers, chosen.columns) : chosen.problems;
}

test.each([
  [
    ['顧客番号', '会社名', '氏名', '電話番号', '携帯', 'FAX', '備考'],
    {
      name: ['氏名'],
      phones: ['電話番号', '携帯'],
      key: '顧客番号',
      card: [
        ['会社名', '会社名'],
        ['備考', '備考'],
      ],
    },
  ],
  [
    ['姓', '名', 'ＴＥＬ', '携帯電話（個人）'],
    { name: ['姓', '名'], phones: ['ＴＥＬ', '携帯電話（個人）'], key: null, card: [] },
  ],
  [
    ['Customer ID', 'Full Name', 'Company', 'Phone', 'Mobile Phone', 'Fax', 'E-mail'],
    {
      name: ['Full Name'],
      phones: ['Phone', 'Mobile Phone'],
      key: 'Customer ID',
      card: [
        ['Company', 'Company'],
        ['E-mail', 'E-mail'],
      ],
    },
  ],
  [
    ['取引先コード', '取引先名', '代表電話', '電話備考'],
    { name: ['取引先名'], phones: ['代表電話'], key: '取引先コード', card: [] },
  ],
])('the columns of %j are guessed', (headers, expected) => {
  expect(guess(headers)).toEqual(expected);
});

test('what is said counts before what is guessed, however its header is spelt', () => {
  const headers = ['番号', '名前', '電話 1', '電話2', '会社名', '部署'];
  const wishes = { phone: ['電話２', '電話1'], card: readCardWish('会社名=会社、部署') };
  expect(guess(headers, wishes)).toEqual({
    name: ['名前'],
    phones: ['電話2', '電話 1'],
    key: '番号',
    card: [
      ['会社名', '会社'],
      ['部署', '部署'],
    ],
  });
});

test('every column that is not there is named, with those that are', () => {
  const headers = ['氏名', '電話'];
  expect(guess(headers, { name: ['なまえ'], phone: ['電話', '携帯'] })).toEqual([
    { kind: 'noSuchColumn', header: '携帯', headers },
    { kind: 'noSuchColumn', header: 'なまえ', headers },
  ]);
  expect(guess(['A', '電話'])).toEqual([{ kind: 'noName', headers: ['A', '電話'] }]);
  expect(guess(['氏名', 'FAX'])).toEqual([{ kind: 'noPhone', headers: ['氏名', 'FAX'] }]);
});

import type { CallerRecord } from '../../../connectors/connector.ts';
import { callerSources, presentCaller } from '../../../src/mappings/present-caller.ts';
import { japanese, mappingOf } from './call-builders.ts';

const mapping = mappingOf(`
connector: salesforce
callers:
  - object: Contact
    phones: [Phone, MobilePhone]
    name: Name
    card:
      - { label: { ja: 会社, en: Company }, from: Account.Name }
      - { label: 携帯, from: MobilePhone }
      - { label: 最終注文日, from: LastOrder__c, as: date }
      - { label: 累計, from: Total__c, as: integer }
      - { label: 更新, from: Updated__c, as: dateTime }
      - { label: 会員, from: Member__c }
      - { label: 趣味, from: Hobbies__c }
      - { label: 備考, from: Remarks__c }
      - { label: 氏名, from: Name }
    link: { who: Id, what: AccountId }
`);

const record: CallerRecord = {
  object: 'Contact',
  id: '003AA',
  name: '山田 太郎',
  phones: [{ field: 'MobilePhone', value: '080 1111 2222' }],
  values: {
    'Account.Name': '株式会社山田製作所',
    LastOrder__c: '2026-11-02',
    Total__c: 1234567.4,
    Updated__c: '2026-11-22T15:30:00.000Z',
    Member__c: true,
    Hobbies__c: ['釣り', '囲碁'],
    Remarks__c: '',
    AccountId: '001AA',
  },
  modifiedAt: null,
};

test('the connector is asked for what the card and the links need, each field once, and nothing it brings anyway', () => {
  expect(callerSources(mapping)).toEqual([
    {
      object: 'Contact',
      phones: ['Phone', 'MobilePhone'],
      name: 'Name',
      fields: ['Account.Name', 'LastOrder__c', 'Total__c', 'Updated__c', 'Member__c', 'Hobbies__c', 'Remarks__c', 'AccountId'],
    },
  ]);
});

test('the card shows each field as people write it, in the order of the mapping, without empty lines', () => {
  expect(presentCaller(mapping, record, 'https://crm.example/003AA', japanese)).toEqual({
    connector: 'salesforce',
    object: 'Contact',
    id: '003AA',
    name: '山田 太郎',
    url: 'https://crm.example/003AA',
    card: [
      { label: '会社', labels: { ja: '会社', en: 'Company' }, value: '株式会社山田製作所' },
      { label: '携帯', value: '080 1111 2222' },
      { label: '最終注文日', value: '2026/11/02' },
      { label: '累計', value: '1,234,567' },
      { label: '更新', value: '2026/11/23 00:30' },
      { label: '会員', value: 'はい' },
      { label: '趣味', value: '釣り、囲碁' },
      { label: '氏名', value: '山田 太郎' },
    ],
    link: { who: '003AA', what: '001AA' },
  });
});

test('labels and yes or no follow the language', () => {
  const { card } = presentCaller(mapping, record, '', { ...japanese, locale: 'en' });
  expect(card).toEqual(
    expect.arrayContaining([
      { label: 'Company', labels: { ja: '会社', en: 'Company' }, value: '株式会社山田製作所' },
      { label: '会員', value: 'Yes' },
    ]),
  );
});

test('a field our user may not see gives no line, and an empty link', () => {
  const { card, link } = presentCaller(mapping, { ...record, values: {} }, '', japanese);
  expect(card.map(({ label }) => label)).toEqual(['携帯', '氏名']);
  expect(link).toEqual({ who: '003AA', what: null });
});

describe('whose customer it is', () => {
  const owned = mappingOf(`
connector: kintone
callers:
  - { object: customers, phones: [電話番号], name: 顧客名, owner: 担当者.code, card: [{ label: 担当, from: 担当者 }] }
`);
  const withOwner = (value: CallerRecord['values'][string]): CallerRecord => ({
    ...record,
    object: 'customers',
    values: { '担当者.code': value, 担当者: ['佐藤 一郎'] },
  });

  test('the connector is asked for the field, and the users come as the CRM names them', () => {
    expect(callerSources(owned)[0]?.fields).toEqual(['担当者', '担当者.code']);
    const shown = presentCaller(owned, withOwner(['sato', 'suzuki']), '', japanese);
    expect(shown.owners).toEqual(['sato', 'suzuki']);
    expect(shown.card).toEqual([{ label: '担当', value: '佐藤 一郎' }]);
  });

  test.each([
    ['005AA', ['005AA']],
    [null, []],
    ['', []],
    [[], []],
    [true, []],
  ])('a field that holds %j names %j', (value, owners) => {
    expect(presentCaller(owned, withOwner(value), '', japanese).owners).toEqual(owners);
  });

  test('nothing is said where the mapping names no such field', () => {
    expect(presentCaller(mapping, record, '', japanese)).not.toHaveProperty('owners');
  });
});

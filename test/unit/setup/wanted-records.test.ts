import { readFileSync } from 'node:fs';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import type { Mapping } from '../../../src/mappings/mapping-schema.ts';
import { appGoals } from '../../../src/setup/app-goals.ts';
import { wantedRecords } from '../../../src/setup/wanted-records.ts';

function mappingOf(text: string): Mapping {
  const { mapping, problems } = checkMappingText(text, { descriptions: new Map(), outcomes: [], locale: 'ja' });
  if (mapping === null) throw new Error(JSON.stringify(problems));
  return mapping;
}

const kindsOf = (mapping: Mapping) =>
  wantedRecords(mapping).map(({ object, purpose, fields }) => [
    object,
    purpose,
    Object.fromEntries(fields.map(({ name, kind }) => [name, kind])),
  ]);

test('the shipped kintone mapping wants the fields that its documents describe', () => {
  expect(kindsOf(mappingOf(readFileSync('mappings/kintone.yaml', 'utf8')))).toEqual([
    [
      'calls',
      'callLog',
      {
        ...{ 通話ID: 'text', 件名: 'text', 開始日時: 'dateTime', 終了日時: 'dateTime', 方向: 'choice', 電話番号: 'text' },
        ...{ 着信番号: 'text', キュー: 'text', 顧客レコード番号: 'integer', 顧客名: 'text', 担当内線: 'text', 担当者: 'user' },
        ...{ 結果: 'choice', 通話秒数: 'integer', 待ち秒数: 'integer', 保留秒数: 'integer', 録音: 'longText' },
        ...{ 対応結果: 'text', メモ: 'longText' },
      },
    ],
    [
      'followUps',
      'followUp',
      {
        ...{ 通話ID: 'text', 期限: 'dateTime', 状態: 'choice', 顧客名: 'text', 電話番号: 'text', 対応結果: 'text' },
        ...{ メモ: 'longText', 担当者: 'user', 担当内線: 'text', 顧客レコード番号: 'integer' },
      },
    ],
  ]);
});

test('parts that share an object are one record; an outcome and a follow-up of their own are others', () => {
  const mapping = mappingOf(`
connector: kintone
callLog: { object: calls, key: ID, fields: { 件名: { from: direction }, 応答: { from: answered } } }
outcome: { object: outcomes, key: ID, fields: { 結果: { from: outcome.label } } }
followUp: { object: todo, key: ID, fields: { メモ: { from: notes }, 秒: { from: talkSeconds }, 内線: { from: rang } } }
`);
  expect(kindsOf(mapping)).toEqual([
    ['calls', 'callLog', { ID: 'text', 件名: 'text', 応答: 'text' }],
    ['outcomes', 'outcome', { ID: 'text', 結果: 'text' }],
    ['todo', 'followUp', { ID: 'text', メモ: 'longText', 秒: 'number', 内線: 'longText' }],
  ]);
});

test('the apps come in the order in which they are made: those that are written to before those that show them', () => {
  const mapping = mappingOf(readFileSync('mappings/kintone.yaml', 'utf8'));
  const goals = appGoals(mapping, (object) => (object === 'customers' ? '12' : null));
  expect(goals.map(({ object, app }) => [object, app])).toEqual([
    ['calls', null],
    ['followUps', null],
    ['customers', '12'],
  ]);
  expect(goals[2]).toMatchObject({
    record: null,
    callerFields: ['電話番号', '携帯電話', '顧客名', '会社名', '部署', '顧客ランク', '最終注文日', '備考', '担当者'],
    relations: [
      { callers: 'customers', records: 'calls', linkField: '顧客レコード番号', newestBy: '開始日時' },
      {
        ...{ callers: 'customers', records: 'followUps', linkField: '顧客レコード番号', newestBy: '期限' },
        shown: ['期限', '状態', '対応結果', '担当者', 'メモ'],
      },
    ],
  });
});

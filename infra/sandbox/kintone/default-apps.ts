/** The apps of a company that uses Toritsugi: 顧客 (customers), 通話履歴 (call log) and フォローアップ (follow-ups). */
import type { AppDefinition } from './app-definition.ts';
import {
  byCode,
  checkBox,
  date,
  dateTime,
  dropDown,
  link,
  multiLine,
  number,
  phoneLink,
  systemFields,
  table,
  text,
  userSelect,
} from './field-builders.ts';

export const CUSTOMERS_APP: AppDefinition = {
  id: '1',
  code: '',
  name: '顧客',
  fields: byCode([
    ...systemFields(),
    text('顧客名', { required: true, maxLength: 128 }),
    text('フリガナ'),
    text('会社名'),
    text('部署'),
    phoneLink('電話番号'),
    phoneLink('携帯電話'),
    text('FAX'),
    link('メールアドレス', 'MAIL'),
    text('住所'),
    dropDown('顧客ランク', ['A', 'B', 'C']),
    checkBox('興味のある商品', ['レンタル', '販売', '保守']),
    date('最終注文日'),
    number('累計購入額'),
    userSelect('担当者'),
    table('連絡先', [text('連絡先名'), text('連絡先電話番号')]),
    multiLine('備考'),
  ]),
};

export const CALLS_APP: AppDefinition = {
  id: '2',
  code: '',
  name: '通話履歴',
  fields: byCode([
    ...systemFields(),
    text('通話ID', { unique: true, maxLength: 128 }),
    text('件名', { maxLength: 255 }),
    dateTime('開始日時'),
    dateTime('終了日時'),
    dropDown('方向', ['着信', '発信', '内線']),
    text('電話番号', { maxLength: 64 }),
    text('着信番号', { maxLength: 64 }),
    text('キュー', { maxLength: 64 }),
    number('顧客レコード番号'),
    text('顧客名', { maxLength: 255 }),
    text('担当内線', { maxLength: 64 }),
    userSelect('担当者'),
    dropDown('結果', ['応答', '放棄', '不応答', '話中', '失敗', '拒否', '留守番電話']),
    text('対応結果', { maxLength: 255 }),
    number('通話秒数'),
    number('待ち秒数'),
    number('保留秒数'),
    multiLine('メモ'),
    multiLine('録音'),
  ]),
};

export const FOLLOW_UPS_APP: AppDefinition = {
  id: '3',
  code: '',
  name: 'フォローアップ',
  fields: byCode([
    ...systemFields(),
    text('通話ID', { unique: true, maxLength: 128 }),
    dateTime('期限'),
    dropDown('状態', ['未対応', '取消', '対応済']),
    text('顧客名', { maxLength: 255 }),
    text('電話番号', { maxLength: 64 }),
    text('対応結果', { maxLength: 255 }),
    multiLine('メモ'),
    userSelect('担当者'),
    text('担当内線', { maxLength: 64 }),
    number('顧客レコード番号'),
  ]),
};

export const DEFAULT_APPS: readonly AppDefinition[] = [CUSTOMERS_APP, CALLS_APP, FOLLOW_UPS_APP];

import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import type { Row, RowReader, Value } from './record-store.ts';
import { findField, objectOfId, schema } from './schema.ts';

/** Plain pages rendered on the server. Whatever comes from a record is escaped. */

const JAPANESE: Readonly<Record<string, string>> = {
  Subject: '件名',
  WhoId: '名前',
  WhatId: '関連先',
  Status: '状況',
  Priority: '優先度',
  OwnerId: '所有者',
  CallType: '種別',
  CallDurationInSeconds: '通話秒数',
  CallDisposition: '通話結果',
  Description: 'コメント',
  ActivityDate: '期日',
  CreatedDate: '作成日時',
  LastModifiedDate: '最終更新日時',
  CreatedById: '作成者',
  LastModifiedById: '最終更新者',
  Industry: '業種',
  Type: '種別',
  IsClosed: '完了',
  CompletedDateTime: '完了日時',
  TaskSubtype: 'ToDo 種別',
  Name: '名前',
  AccountId: '取引先',
  Company: '会社名',
  Title: '役職',
  Department: '部署',
  Phone: '電話',
  MobilePhone: '携帯電話',
  HomePhone: '自宅電話',
  OtherPhone: 'その他の電話',
  Email: 'メール',
  StageName: 'フェーズ',
  Amount: '金額',
  CloseDate: '完了予定日',
  ContactId: '取引先責任者',
  Customer_Code__c: '顧客コード',
  Toritsugi_Call_Id__c: '取次の通話ID',
};

const SYSTEM_FIELDS = new Set(['Id', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp']);

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  Task: [
    'Subject',
    'WhoId',
    'WhatId',
    'CallType',
    'CallDurationInSeconds',
    'CallDisposition',
    'Description',
    'OwnerId',
    'LastModifiedDate',
  ],
  Contact: ['Name', 'AccountId', 'Phone', 'MobilePhone', 'HomePhone', 'OtherPhone', 'LastModifiedDate'],
  Lead: ['Name', 'Company', 'Phone', 'MobilePhone', 'Status', 'LastModifiedDate'],
  Account: ['Name', 'Phone', 'Type', 'LastModifiedDate'],
  Opportunity: ['Name', 'AccountId', 'StageName', 'Amount', 'CloseDate', 'LastModifiedDate'],
  Case: ['Subject', 'ContactId', 'Status', 'Priority', 'LastModifiedDate'],
  User: ['Name', 'Username', 'Extension'],
  Organization: ['Name', 'OrganizationType', 'InstanceName'],
};

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; }
  body { margin: 0; background: light-dark(#f3f5f8, #16191d); color: light-dark(#1c2733, #e4e8ec); }
  header { background: #0b5cab; color: #fff; padding: .7rem 1.5rem; display: flex; gap: 1.5rem; align-items: baseline; flex-wrap: wrap; }
  header a { color: #fff; } header strong { font-size: 1.1rem; }
  main { padding: 1.2rem 1.5rem; } h1 { font-size: 1.3rem; margin: 0 0 .8rem; } h1 small { font-weight: normal; opacity: .7; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; background: light-dark(#fff, #1f242a); min-width: 40rem; width: 100%; border-radius: .4rem; overflow: hidden; }
  th, td { text-align: start; padding: .45rem .7rem; border-bottom: 1px solid light-dark(#e2e6eb, #333a42); vertical-align: top; }
  th { background: light-dark(#e9eef4, #2a3038); white-space: nowrap; font-weight: 600; } th small { display: block; font-weight: normal; opacity: .7; }
  td { white-space: pre-line; overflow-wrap: break-word; min-width: 4.5rem; max-width: 24rem; } th[scope=row] { width: 16rem; } a { color: light-dark(#0b5cab, #7fb8f5); }
  .number { text-align: end; } .none { padding: 2rem; text-align: center; opacity: .7; }
`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function frame(title: string, content: string): string {
  const links = [...schema.values()]
    .filter((object) => object.writable)
    .map((object) => `<a href="/lightning/o/${object.name}/list">${object.labelJa} ${object.label}</a>`);
  return `<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Sandbox Salesforce</title><style>${STYLE}</style></head>
<body><header><strong><a href="/">Sandbox Salesforce</a></strong><nav>${links.join(' · ')}</nav></header><main>${content}</main></body></html>`;
}

function label(field: FieldDefinition): string {
  const japanese = JAPANESE[field.name];
  return japanese === undefined ? escapeHtml(field.label) : `${japanese}<small> ${escapeHtml(field.label)}</small>`;
}

function cell(field: FieldDefinition, value: Value, store: RowReader): string {
  if (value === null) return '';
  if (field.kind === 'reference') {
    const target = store.get(String(value));
    return recordLink(String(value), String(target?.Name ?? target?.Subject ?? value));
  }
  if (field.kind === 'datetime') return inTokyo(String(value));
  if (typeof value === 'boolean') return value ? '✓' : '';
  return escapeHtml(String(value));
}

/** People in the org live by its time zone. */
function inTokyo(instant: string): string {
  const options = { timeZone: 'Asia/Tokyo', dateStyle: 'medium', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat('ja-JP', options).format(new Date(instant.replace('+0000', 'Z')));
}

function recordLink(id: string, text: string): string {
  const object = objectOfId(id);
  return object === undefined ? escapeHtml(text) : `<a href="/lightning/r/${object.name}/${id}/view">${escapeHtml(text)}</a>`;
}

export function listPage(
  object: ObjectDefinition,
  list: { readonly rows: readonly Row[]; readonly total: number },
  store: RowReader,
): string {
  const fields = (COLUMNS[object.name] ?? ['Id']).map((name) => findField(object, name)).filter((field) => field !== undefined);
  const heading = `<h1>${object.labelJa} ${object.label} <small>${list.total}</small></h1>`;
  if (list.rows.length === 0) {
    return frame(object.labelJa, `${heading}<p class="none">まだ何もありません。<br>Nothing here yet.</p>`);
  }
  const head = fields.map((field) => `<th>${label(field)}</th>`).join('');
  const body = list.rows.map((row) => {
    const cells = fields.map((field, index) => {
      const value = row[field.name] ?? null;
      const content = index === 0 ? recordLink(String(row.Id), String(value ?? row.Id)) : cell(field, value, store);
      return `<td${field.kind === 'int' ? ' class="number"' : ''}>${content}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return frame(
    object.labelJa,
    `${heading}<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`,
  );
}

export function recordPage(object: ObjectDefinition, row: Row, store: RowReader): string {
  const title = String(row.Name ?? row.Subject ?? row.Id);
  const known = [...object.fields.values()].filter((field) => (row[field.name] ?? null) !== null && field.name !== 'IsDeleted');
  // What the service keeps for itself stands below what people wrote.
  const ordered = [
    ...known.filter((field) => !SYSTEM_FIELDS.has(field.name)),
    ...known.filter((field) => SYSTEM_FIELDS.has(field.name)),
  ];
  const lines = ordered.map(
    (field) => `<tr><th scope="row">${label(field)}</th><td>${cell(field, row[field.name] ?? null, store)}</td></tr>`,
  );
  const heading = `<h1>${escapeHtml(title)} <small>${object.labelJa} ${object.label}</small></h1>`;
  return frame(title, `${heading}<div class="scroll"><table>${lines.join('')}</table></div>${relatedTasks(row, store)}`);
}

/** The calls of a customer, newest first. */
function relatedTasks(row: Row, store: RowReader): string {
  const tasks = schema.get('task');
  if (tasks === undefined || String(row.Id).startsWith(tasks.prefix)) return '';
  const found = new Set(['WhoId', 'WhatId'].flatMap((field) => store.find(tasks, field, row.Id ?? null)));
  const related = [...found]
    .filter((task) => task.IsDeleted !== true)
    .sort((one, other) => (String(one.Id) < String(other.Id) ? 1 : -1))
    .slice(0, 50);
  if (related.length === 0) return '';
  const items = related.map((task) => `<li>${recordLink(String(task.Id), String(task.Subject ?? task.Id))}</li>`);
  return `<h2>活動 Activity</h2><ul>${items.join('')}</ul>`;
}

export function notFoundPage(): string {
  return frame(
    '404',
    '<h1>見つかりません <small>Not found</small></h1><p class="none">削除されたか、初めから無い記録です。<br>It was deleted or never existed.</p>',
  );
}

/** The sandbox's own pages: the apps, an app's records, a record — what a person sees in place of the real kintone. */
import express, { type Response, type Router } from 'express';
import { type AppDefinition, type FieldProperty, SYSTEM_KINDS } from './app-definition.ts';
import type { AppRecords, StoredRecord } from './app-records.ts';
import type { TableRow, WireValue } from './field-values.ts';
import { type RecordView, recordViewer, viewRecord } from './record-view.ts';
import type { SandboxState } from './sandbox-state.ts';
import { document, type Html, html, labelled, type Page } from './web-html.ts';

const PAGE_SIZE = 50;
const COLUMNS = 16;
const REFRESH_SECONDS = 5;

/** The real address is `show#record=12`; a server never sees what follows the `#`. */
const FOLLOW_HASH = html`<script>
const found = /record=(\\d+)/.exec(location.hash);
if (found) location.replace('?record=' + found[1]);
</script><p>レコードが指定されていません。 <small lang="en">No record is named.</small></p>`;

export function webPages(state: SandboxState): Router {
  const router = express.Router();
  router.get('/', (_request, response) => send(response, startPage(state)));
  router.get('/k', (_request, response) => response.redirect('/'));
  router.get('/k/:app', (request, response) => {
    const records = state.apps.get(request.params.app);
    if (records === undefined) return sendMissing(response);
    return send(response, listPage(records, state, Number(request.query.offset) || 0));
  });
  router.get('/k/:app/show', (request, response) => {
    const records = state.apps.get(request.params.app);
    if (records === undefined) return sendMissing(response);
    if (request.query.record === undefined) return send(response, { title: records.app.name, body: FOLLOW_HASH });
    const record = records.get(Number(request.query.record));
    if (record === undefined) return sendMissing(response);
    return send(response, recordPage(records.app, viewRecord(records.app, record, null, state.people)));
  });
  router.use((_request, response) => sendMissing(response));
  return router;
}

function send(response: Response, page: Page): void {
  response.set('Cache-Control', 'no-store').type('html').send(document(page));
}

function sendMissing(response: Response): void {
  response.status(404);
  send(response, { title: '404', body: html`<p>見つかりません。 <small lang="en">There is nothing here.</small></p>` });
}

function startPage(state: SandboxState): Page {
  const rows = [...state.apps.values()].map(
    ({ app, size }) =>
      html`<tr><td><a href="/k/${app.id}/">${labelled(app.name)}</a></td><td>${app.id}</td><td>${size()}</td></tr>`,
  );
  const body = html`<h1>アプリ <small lang="en">Apps</small></h1>
<table><thead><tr><th>アプリ名 <small lang="en">Name</small></th><th>ID</th><th>レコード数 <small lang="en">Records</small></th></tr></thead>
<tbody>${rows}</tbody></table>`;
  return { title: 'kintone サンドボックス', body };
}

function listPage(records: AppRecords, state: SandboxState, offset: number): Page {
  const { app } = records;
  const views = newestFrom(records, offset).map(recordViewer(app, null, state.people));
  const columns = Object.values(app.fields)
    .filter((field) => isColumn(field) && views.some((view) => textOf(view[field.code]?.value) !== ''))
    .slice(0, COLUMNS);
  const rows = views.map((view) => {
    const id = textOf(view.$id?.value);
    const cells = columns.map((field) => html`<td>${textOf(view[field.code]?.value)}</td>`);
    return html`<tr><td><a href="/k/${app.id}/show?record=${id}">${id}</a></td>${cells}</tr>`;
  });
  const heads = columns.map((field) => html`<th>${labelled(field.label)}</th>`);
  const older = html`<a href="?offset=${offset + PAGE_SIZE}">次へ <small lang="en">Older</small></a>`;
  const body = html`<h1>${labelled(app.name)}</h1><p class="note">${records.size()} 件 <small lang="en">records</small></p>
<table class="list"><thead><tr><th>ID</th>${heads}</tr></thead><tbody>${rows}</tbody></table>
<p>${offset + PAGE_SIZE < records.size() ? older : html``}</p>`;
  return { title: app.name, body, ...(offset === 0 ? { refreshSeconds: REFRESH_SECONDS } : {}) };
}

function newestFrom(records: AppRecords, offset: number): readonly StoredRecord[] {
  const page: StoredRecord[] = [];
  let skipped = 0;
  for (const record of records.before(records.lastId() + 1)) {
    if (skipped < offset) skipped += 1;
    else if (page.push(record) === PAGE_SIZE) break;
  }
  return page;
}

/** Tables and system fields are for the record's own page. */
function isColumn(field: FieldProperty): boolean {
  return field.type !== 'SUBTABLE' && !isSystem(field);
}

function isSystem(field: FieldProperty): boolean {
  return SYSTEM_KINDS.includes(field.type);
}

function recordPage(app: AppDefinition, view: RecordView): Page {
  const fields = Object.values(app.fields).filter(({ code }) => Object.hasOwn(view, code));
  const ownFirst = [...fields.filter((field) => !isSystem(field)), ...fields.filter(isSystem)];
  const entries = ownFirst.map(
    (field) => html`<div><dt>${labelled(field.label)}</dt><dd>${valueHtml(field, view[field.code]?.value)}</dd></div>`,
  );
  const body = html`<nav><a href="/k/${app.id}/">← ${labelled(app.name)}</a></nav>
<h1>${labelled(app.name)} ${textOf(view.$id?.value)}</h1><dl>${entries}</dl>
<p class="note">リビジョン <small lang="en">Revision</small> ${textOf(view.$revision?.value)}</p>`;
  return { title: `${app.name} ${textOf(view.$id?.value)}`, body };
}

function valueHtml(field: FieldProperty, value: WireValue | undefined): Html {
  if (field.type !== 'SUBTABLE') return html`${textOf(value)}`;
  const cells = Object.values(field.fields ?? {});
  const rows = (Array.isArray(value) ? (value as readonly TableRow[]) : []).map(
    (row) => html`<tr>${cells.map((cell) => html`<td>${textOf(row.value[cell.code]?.value)}</td>`)}</tr>`,
  );
  return html`<table><thead><tr>${cells.map((cell) => html`<th>${labelled(cell.label)}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** Instants are shown in Japan's time, as kintone shows them to its users there. */
function textOf(value: WireValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/.test(value) ? japanTime(value) : value;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(nameOf).join(', ');
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value);
}

function japanTime(instant: string): string {
  return new Date(Date.parse(instant) + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

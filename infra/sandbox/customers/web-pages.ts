/** What a person sees: the objects, an object's records, a record. */
import express, { type Response, type Router } from 'express';
import type { FieldDefinition, ObjectDefinition } from './object-definitions.ts';
import { iso, type RecordStore, type StoredRecord } from './record-store.ts';
import { document, html, labelled, type Page } from './web-html.ts';

const PAGE_SIZE = 50;
const COLUMNS = 10;
const REFRESH_SECONDS = 5;

export function webPages(stores: ReadonlyMap<string, RecordStore>): Router {
  const router = express.Router();
  router.get('/', (_request, response) => send(response, startPage(stores)));
  router.get('/:object', (request, response) => {
    const store = stores.get(request.params.object);
    if (store === undefined) return sendMissing(response);
    return send(response, listPage(store, Number(request.query.offset) || 0));
  });
  router.get('/:object/:id', (request, response) => {
    const store = stores.get(request.params.object);
    const id = Number(request.params.id);
    if (store === undefined || !store.has(id)) return sendMissing(response);
    return send(response, recordPage(store.object, store.get(id)));
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

function startPage(stores: ReadonlyMap<string, RecordStore>): Page {
  const rows = [...stores.values()].map(
    ({ object, all }) => html`<tr><td><a href="/${object.name}">${labelled(object)}</a></td><td>${all().length}</td></tr>`,
  );
  const body = html`<table><thead><tr><th>種類 <small lang="en">Object</small></th><th>件数 <small lang="en">Records</small></th></tr></thead>
<tbody>${rows}</tbody></table>`;
  return { title: '顧客台帳サンドボックス', body };
}

function listPage({ object, all }: RecordStore, offset: number): Page {
  const newestFirst = all().toReversed();
  const shown = newestFirst.slice(offset, offset + PAGE_SIZE);
  const columns = object.fields.filter((field) => shown.some((record) => textOf(record, field) !== '')).slice(0, COLUMNS);
  const rows = shown.map((record) => {
    const cells = columns.map((field) => html`<td>${textOf(record, field)}</td>`);
    return html`<tr><td><a href="/${object.name}/${record.id}">${record.id}</a></td>${cells}</tr>`;
  });
  const heads = columns.map((field) => html`<th>${labelled(field)}</th>`);
  const older = html`<a href="?offset=${offset + PAGE_SIZE}">次へ <small lang="en">Older</small></a>`;
  const body = html`<h1>${labelled(object)}</h1><p class="note">${newestFirst.length} 件 <small lang="en">records</small></p>
<table class="list"><thead><tr><th>ID</th>${heads}</tr></thead><tbody>${rows}</tbody></table>
<p>${offset + PAGE_SIZE < newestFirst.length ? older : html``}</p>`;
  return { title: object.label, body, ...(offset === 0 ? { refreshSeconds: REFRESH_SECONDS } : {}) };
}

function recordPage(object: ObjectDefinition, record: StoredRecord): Page {
  const entries = object.fields.map((field) => html`<div><dt>${labelled(field)}</dt><dd>${textOf(record, field)}</dd></div>`);
  const body = html`<nav><a href="/${object.name}">← ${labelled(object)}</a></nav>
<h1>${labelled(object)} ${record.id}</h1><dl>${entries}</dl>
<p class="note">更新 <small lang="en">Changed</small> ${iso(record.updatedAt)}</p>`;
  return { title: `${object.label} ${record.id}`, body };
}

function textOf(record: StoredRecord, { name }: FieldDefinition): string {
  return String(record.values[name] ?? '');
}

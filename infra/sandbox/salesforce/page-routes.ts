import { Router } from 'express';
import { listPage, notFoundPage, recordPage } from './pages.ts';
import { normaliseId } from './record-ids.ts';
import type { RecordStore, Row } from './record-store.ts';
import { findObject, objectOfId } from './schema.ts';

const MOST_ROWS = 100;

/** What a person sees in a browser: the latest tasks, lists of each object, and every record's own page. */
export function pageRoutes(store: RecordStore): Router {
  const router = Router();
  const showList = (name: string): string | null => {
    const object = findObject(name);
    if (object === undefined) return null;
    const rows: Row[] = [];
    for (const row of store.walk(object, 'Id', { from: null, to: null }, true)) {
      if (row.IsDeleted !== true) rows.push(row);
      if (rows.length === MOST_ROWS) break;
    }
    return listPage(object, { rows, total: store.countLive(object) }, store);
  };
  const showRecord = (sent: string): string | null => {
    const id = normaliseId(sent);
    const row = id === null ? undefined : store.get(id);
    const object = id === null ? undefined : objectOfId(id);
    return row === undefined || object === undefined || row.IsDeleted === true ? null : recordPage(object, row, store);
  };
  router.get('/', (_request, response) => void response.type('html').send(showList('Task')));
  router.get(['/lightning/o/:object/list', '/lightning/r/:object/:id/view', '/:id'], (request, response) => {
    const { object, id } = request.params as { object?: string; id?: string };
    const page = id === undefined ? showList(object ?? '') : showRecord(id);
    response
      .status(page === null ? 404 : 200)
      .type('html')
      .send(page ?? notFoundPage());
  });
  return router;
}

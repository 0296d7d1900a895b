/** kintone's webhooks: once, unsigned, never for what is done to many records at a time. Pure. */
import { z } from 'zod';
import type { ChangeNotice } from '../connector.ts';

const head = { app: z.object({ id: z.string().regex(/^\d{1,15}$/) }) };
const recordId = z.string().regex(/^\d{1,15}$/);
const notice = z.discriminatedUnion('type', [
  z.object({ ...head, type: z.literal('DELETE_RECORD'), recordId }),
  z.object({
    ...head,
    type: z.enum(['ADD_RECORD', 'UPDATE_RECORD', 'UPDATE_STATUS']),
    record: z.object({ $id: z.object({ value: recordId }) }),
  }),
  z.object({ ...head, type: z.literal('ADD_RECORD_COMMENT') }),
]);

/** Of an app that is none of `objects` nothing is told. `appOf` as in `KintoneDomain`. */
export function readNotice(body: unknown, objects: readonly string[], appOf: (object: string) => string): ChangeNotice | null {
  const parsed = notice.safeParse(body);
  if (!parsed.success) return null;
  const { data } = parsed;
  const meant = objects.filter((object) => isApp(object, data.app.id, appOf));
  if (data.type === 'ADD_RECORD_COMMENT') return { changed: [], deleted: [] };
  const id = data.type === 'DELETE_RECORD' ? data.recordId : data.record.$id.value;
  const refs = meant.map((object) => ({ object, id }));
  return data.type === 'DELETE_RECORD' ? { changed: [], deleted: refs } : { changed: refs, deleted: [] };
}

/** A mapping may name an app that no setting knows. */
function isApp(object: string, id: string, appOf: (object: string) => string): boolean {
  try {
    return appOf(object) === id;
  } catch {
    return false;
  }
}

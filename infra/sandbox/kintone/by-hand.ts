/** What a person does in the browser and no call of the API does: take one record away, which webhooks are told of. */
import { failures } from './failures.ts';
import type { Notice } from './notices.ts';
import type { SandboxState } from './sandbox-state.ts';

/** @throws KintoneFailure GAIA_AP01, GAIA_RE01 */
export function deleteByHand(state: SandboxState, app: string, id: number, user: string): Notice {
  const records = state.apps.get(app);
  if (records === undefined) throw failures.noSuchApp(app);
  if (records.get(id) === undefined) throw failures.noSuchRecord(String(id));
  records.remove(id, []);
  return { type: 'DELETE_RECORD', app: records.app, recordId: id, deletedBy: user, deletedAt: state.now() };
}

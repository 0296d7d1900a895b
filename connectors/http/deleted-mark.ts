import { valueAt } from './answer-path.ts';
import type { ServiceObject } from './object-shape.ts';

/** A service may keep what was deleted and mark it: it is nobody's record any more, wherever it turns up. Pure. */
export function isMarkedDeleted(record: unknown, { changes }: ServiceObject): boolean {
  const mark = changes?.deleted.flag;
  return mark !== undefined && isSet(valueAt(record, mark));
}

/** `true`, an instant, `1`: whatever is not plainly no. */
function isSet(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== false && value !== 0 && value !== '' && value !== '0' && value !== 'false'
  );
}

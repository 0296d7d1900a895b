import { ApiError } from '../api-error.ts';

/** A refusal that points into the statement the way the service does: an excerpt, a caret, row and column, then the reason. */
export function pointedAt(statement: string, position: number, errorCode: string, reason: string): ApiError {
  const excerpt = statement.slice(Math.max(0, position - 40), position + 40).replace(/\s+/g, ' ');
  const caret = ' '.repeat(Math.min(40, position));
  const before = statement.slice(0, position).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new ApiError(400, errorCode, `\n${excerpt}\n${caret}^\nERROR at Row:${before.length}:Column:${column}\n${reason}`);
}

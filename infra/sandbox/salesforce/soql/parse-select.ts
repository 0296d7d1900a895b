import type { Expression, Path, Query, SelectItem, TypeBranch } from './query.ts';
import { type Reader, toPath } from './reader.ts';

type ParseQuery = (reader: Reader) => Query;

/** What stands between SELECT and FROM. */
export function parseSelect(reader: Reader, parseQuery: ParseQuery): readonly SelectItem[] {
  const items = [parseItem(reader, parseQuery)];
  while (reader.take(',')) items.push(parseItem(reader, parseQuery));
  return items;
}

function parseItem(reader: Reader, parseQuery: ParseQuery): SelectItem {
  if (reader.take('(')) {
    const query = parseQuery(reader);
    reader.expect(')');
    return { kind: 'children', query };
  }
  const isTypeOf = reader.peek().text.toLowerCase() === 'typeof' && reader.peek(1).kind === 'word';
  if (isTypeOf) return parseTypeOf(reader);
  const expression = parseExpression(reader);
  const token = reader.peek();
  // A word that neither a comma nor FROM follows is a slip of the pen, most likely in FROM itself.
  const isFollowed = [',', 'from'].includes(reader.peek(1).text.toLowerCase());
  const hasAlias = token.kind === 'word' && token.text.toLowerCase() !== 'from' && isFollowed;
  if (hasAlias) reader.next();
  return { kind: 'value', expression, alias: hasAlias ? token.text : null };
}

/** A field, or `NAME(field)`, or `NAME(convertTimezone(field))`. */
export function parseExpression(reader: Reader): Expression {
  const token = reader.word();
  if (!reader.take('(')) return { kind: 'path', path: toPath(token) };
  const argument = reader.peek().text === ')' ? null : parseExpression(reader);
  reader.expect(')');
  return { kind: 'call', name: token.text.toLowerCase(), argument, position: token.position };
}

/** `TYPEOF Who WHEN Contact THEN Title ELSE Name END` */
function parseTypeOf(reader: Reader): SelectItem {
  reader.expect('typeof');
  const path = reader.path();
  const branches: TypeBranch[] = [];
  while (reader.take('when')) {
    const object = reader.word();
    reader.expect('then');
    branches.push({ object: object.text, position: object.position, fields: parsePaths(reader) });
  }
  if (branches.length === 0) throw reader.fail(reader.peek());
  const otherwise = reader.take('else') ? parsePaths(reader) : [];
  reader.expect('end');
  return { kind: 'typeOf', path, branches, otherwise };
}

function parsePaths(reader: Reader): readonly Path[] {
  const paths = [reader.path()];
  while (reader.take(',')) paths.push(reader.path());
  return paths;
}

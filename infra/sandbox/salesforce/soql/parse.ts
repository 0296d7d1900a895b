import { ApiError } from '../api-error.ts';
import { parseCondition } from './parse-condition.ts';
import { parseExpression, parseSelect } from './parse-select.ts';
import type { Ordering, Query } from './query.ts';
import { createReader, type Reader } from './reader.ts';

const LONGEST_STATEMENT = 100_000;
const LARGEST_OFFSET = 2000;
const MOST_SUBTOTALS = 3;
const CLAUSES = new Set(['where', 'with', 'group', 'having', 'order', 'limit', 'offset', 'for', 'all', 'using', 'update']);

/** @throws ApiError MALFORMED_QUERY */
export function parseSoql(statement: string): Query {
  if (statement.length > LONGEST_STATEMENT) {
    throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statements cannot be longer than 100000 characters.');
  }
  if (statement.trim() === '') throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null');
  const reader = createReader(statement);
  const query = parseQuery(reader, parseScope);
  if (reader.take('for') && !reader.take('view')) reader.expect('reference');
  const left = reader.peek();
  if (left.text.toLowerCase() === 'all' && left.kind === 'word') throw reader.fail(left, 'ALL ROWS not allowed in this context');
  if (left.kind !== 'end') throw reader.fail(left);
  return query;
}

/** SELECT … FROM … with all clauses; also the one inside brackets, which has no scope of its own. */
export function parseQuery(reader: Reader, readScope: (reader: Reader) => Query['scope'] = () => null): Query {
  reader.expect('select');
  const select = parseSelect(reader, (inner) => parseQuery(inner));
  reader.expect('from');
  const object = reader.word();
  const alias = parseAlias(reader);
  const scope = readScope(reader);
  const where = reader.take('where') ? parseCondition(reader, (inner) => parseQuery(inner)) : null;
  const grouping = parseGrouping(reader);
  const having = reader.take('having') ? parseCondition(reader, (inner) => parseQuery(inner)) : null;
  const orderBy = parseOrdering(reader);
  const limit = reader.take('limit') ? reader.wholeNumber() : null;
  const offset = reader.take('offset') ? reader.wholeNumber() : 0;
  if (offset > LARGEST_OFFSET) throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  const { statement } = reader;
  const from = { object: object.text, objectPosition: object.position, alias };
  return { statement, select, ...from, scope, where, ...grouping, having, orderBy, limit, offset };
}

/** Only one object can be named: the service's `FROM Contact c, c.Account a` is of its oldest days. */
function parseAlias(reader: Reader): string | null {
  const token = reader.peek();
  if (token.kind !== 'word' || CLAUSES.has(token.text.toLowerCase())) return null;
  reader.next();
  return token.text;
}

/** The other scopes need teams, territories and queues, which the org has not. */
function parseScope(reader: Reader): Query['scope'] {
  if (!reader.take('using')) return null;
  reader.expect('scope');
  const token = reader.word();
  const scope = token.text.toLowerCase();
  if (scope !== 'everything' && scope !== 'mine') throw reader.fail(token);
  return scope;
}

function parseGrouping(reader: Reader): Pick<Query, 'groupBy' | 'subtotals'> {
  if (!reader.take('group')) return { groupBy: [], subtotals: null };
  reader.expect('by');
  const start = reader.peek();
  const subtotals = reader.peek(1).text !== '(' ? null : reader.take('rollup') ? 'rollup' : reader.take('cube') ? 'cube' : null;
  if (subtotals !== null) reader.expect('(');
  const groupBy = [parseExpression(reader)];
  while (reader.take(',')) groupBy.push(parseExpression(reader));
  if (subtotals !== null) reader.expect(')');
  if (subtotals !== null && groupBy.length > MOST_SUBTOTALS) {
    throw reader.fail(start, `GROUP BY ${start.text.toUpperCase()} takes at most ${MOST_SUBTOTALS} fields`);
  }
  return { groupBy, subtotals };
}

function parseOrdering(reader: Reader): readonly Ordering[] {
  if (!reader.take('order')) return [];
  reader.expect('by');
  const orderings: Ordering[] = [];
  do {
    const by = parseExpression(reader);
    const descending = reader.take('desc');
    if (!descending) reader.take('asc');
    let nulls: Ordering['nulls'] = 'first';
    if (reader.take('nulls')) {
      nulls = reader.take('last') ? 'last' : 'first';
      if (nulls === 'first') reader.expect('first');
    }
    orderings.push({ by, descending, nulls });
  } while (reader.take(','));
  return orderings;
}

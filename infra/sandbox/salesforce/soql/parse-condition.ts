import { isSpanName, needsCount } from './date-spans.ts';
import { parseExpression } from './parse-select.ts';
import type { ComparisonOperator, Condition, Operand, Query } from './query.ts';
import type { Reader } from './reader.ts';

const DEEPEST_NESTING = 50;

type ParseQuery = (reader: Reader) => Query;

/** What follows WHERE or HAVING. */
export function parseCondition(reader: Reader, parseQuery: ParseQuery): Condition {
  return parseJoined(reader, parseQuery, 0);
}

/** AND and OR may not stand side by side without brackets: the service refuses that, too. */
function parseJoined(reader: Reader, parseQuery: ParseQuery, depth: number): Condition {
  const parts = [parseTerm(reader, parseQuery, depth)];
  const joint = reader.take('and') ? 'and' : reader.take('or') ? 'or' : null;
  if (joint === null) return parts[0] ?? { kind: 'and', parts };
  do parts.push(parseTerm(reader, parseQuery, depth));
  while (reader.take(joint));
  return { kind: joint, parts };
}

function parseTerm(reader: Reader, parseQuery: ParseQuery, depth: number): Condition {
  if (depth > DEEPEST_NESTING) throw reader.fail(reader.peek());
  if (reader.take('not')) return { kind: 'not', part: parseTerm(reader, parseQuery, depth + 1) };
  if (!reader.take('(')) return parseComparison(reader, parseQuery);
  const inner = parseJoined(reader, parseQuery, depth + 1);
  reader.expect(')');
  return inner;
}

function parseComparison(reader: Reader, parseQuery: ParseQuery): Condition {
  const start = reader.peek();
  const left = parseExpression(reader);
  const operator = parseOperator(reader);
  if (!['in', 'not in', 'includes', 'excludes'].includes(operator)) {
    return { kind: 'compare', left, operator, operands: [parseOperand(reader)] };
  }
  reader.expect('(');
  if ((operator === 'in' || operator === 'not in') && reader.peek().text.toLowerCase() === 'select') {
    if (left.kind !== 'path') throw reader.fail(start);
    const query = parseQuery(reader);
    reader.expect(')');
    return { kind: 'semiJoin', left: left.path, negated: operator === 'not in', query };
  }
  const operands = [parseOperand(reader)];
  while (reader.take(',')) operands.push(parseOperand(reader));
  reader.expect(')');
  return { kind: 'compare', left, operator, operands };
}

const SYMBOLS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
};

function parseOperator(reader: Reader): ComparisonOperator {
  const token = reader.next();
  const text = token.text.toLowerCase();
  const symbol = SYMBOLS[text];
  if (token.kind === 'symbol' && symbol !== undefined) return symbol;
  if (token.kind === 'word') {
    if (text === 'like' || text === 'in' || text === 'includes' || text === 'excludes') return text;
    if (text === 'not') {
      reader.expect('in');
      return 'not in';
    }
  }
  throw reader.fail(token);
}

function parseOperand(reader: Reader): Operand {
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'string', value: token.text };
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
  if (token.kind === 'date' || token.kind === 'dateTime') return { kind: token.kind, value: token.text };
  const text = token.text.toLowerCase();
  if (text === ':') throw reader.fail(token, 'Bind variables only allowed in Apex code');
  if (token.kind === 'word' && text === 'null') return { kind: 'null', value: null };
  if (token.kind === 'word' && (text === 'true' || text === 'false')) return { kind: 'boolean', value: text === 'true' };
  if (token.kind !== 'word' || !isSpanName(text)) throw reader.fail(token);
  if (!needsCount(text)) return { kind: 'span', name: text, count: null };
  reader.expect(':');
  return { kind: 'span', name: text, count: reader.wholeNumber() };
}

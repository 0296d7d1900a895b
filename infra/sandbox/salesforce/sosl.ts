import { ApiError } from './api-error.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import type { Row } from './record-store.ts';
import { PHONE_END_DIGITS } from './record-table.ts';
import { findObject } from './schema.ts';
import type { Column } from './soql/columns.ts';
import { parseSoql } from './soql/parse.ts';
import type { QueryWorld } from './soql/query-world.ts';
import { type PreparedQuery, prepareQuery } from './soql/run.ts';

const RESERVED = /[?&|!{}[\]()^~*:\\"'+-]/;
const MOST_ROWS = 2000;

type Scope = 'phone' | 'name' | 'email' | 'all';

interface Term {
  readonly text: string;
  /** What must not be there. */
  readonly negated: boolean;
}

interface Search {
  /** One of these alternatives must be met, each with all of its terms. */
  readonly terms: readonly (readonly Term[])[];
  readonly scope: Scope;
  /** Null for everything that can be searched. */
  readonly returning: readonly { readonly object: string; readonly inner: string | null }[] | null;
  readonly limit: number;
}

export interface SearchHit {
  readonly row: Row;
  readonly columns: readonly Column<PreparedQuery>[];
}

const malformed = (reason: string) => new ApiError(400, 'MALFORMED_SEARCH', reason);

/**
 * Runs `FIND {…} IN PHONE FIELDS RETURNING …`. The real index is a full-text one; this approximates it for telephone numbers:
 * a field matches when its digits end with the digits of a term that has at least seven of them.
 */
export function runSearch(statement: string, world: QueryWorld, isIndexed: (row: Row) => boolean): readonly SearchHit[] {
  const search = parseSearch(statement);
  const hits: SearchHit[] = [];
  const everything = [...world.schema.values()].filter(({ searchable }) => searchable);
  const returning = search.returning ?? everything.map(({ name }) => ({ object: name, inner: null }));
  for (const { object: name, inner } of returning) {
    const object = findObject(name, world.schema);
    if (object === undefined) throw new ApiError(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
    if (!object.searchable) throw new ApiError(400, 'INVALID_TYPE', `entity type ${name} does not support search`);
    const query = parseSoql(innerQuery(object, inner));
    if (query.select.some(({ kind }) => kind !== 'value')) throw malformed('RETURNING can hold fields only');
    const prepared = prepareQuery(query, world);
    const found = [...candidates(object, search, world)].filter((row) => isIndexed(row) && matches(object, row, search));
    for (const row of prepared.choose({ rows: found, isOrdered: false })) hits.push({ row, columns: prepared.columns });
  }
  return hits.slice(0, search.limit);
}

/** Numbers are found by their last digits, anything else by looking at every record. */
function candidates(object: ObjectDefinition, search: Search, { store }: QueryWorld): Iterable<Row> {
  if (search.scope !== 'phone') return store.all(object);
  const rows = new Set(search.terms.flatMap(([first]) => store.withPhoneEnd(object, first?.text ?? '')));
  return [...rows].sort((one, other) => (String(one.Id) < String(other.Id) ? -1 : 1));
}

/** `Contact(Id, Name WHERE … LIMIT 5)` is a query with the brackets put elsewhere. */
function innerQuery(object: ObjectDefinition, inner: string | null): string {
  if (inner === null) return `SELECT Id FROM ${object.name}`;
  const clause = /\b(WHERE|ORDER\s+BY|LIMIT|OFFSET)\b/i.exec(inner)?.index ?? inner.length;
  return `SELECT ${inner.slice(0, clause)} FROM ${object.name} ${inner.slice(clause)}`;
}

function matches(object: ObjectDefinition, row: Row, search: Search): boolean {
  return search.terms.some((all) => all.every(({ text, negated }) => isIn(object, row, text, search.scope) !== negated));
}

function isIn(object: ObjectDefinition, row: Row, term: string, scope: Scope): boolean {
  const wantedDigits = term.replace(/\D/g, '');
  for (const field of object.fields.values()) {
    const value = row[field.name];
    if (typeof value !== 'string') continue;
    if (field.kind === 'phone' && (scope === 'phone' || scope === 'all')) {
      if (wantedDigits.length >= PHONE_END_DIGITS && value.replace(/\D/g, '').endsWith(wantedDigits)) return true;
    } else if (isSearched(field, scope) && value.toLowerCase().includes(term.toLowerCase())) return true;
  }
  return false;
}

function isSearched(field: FieldDefinition, scope: Scope): boolean {
  if (scope === 'email') return field.kind === 'email';
  return scope === 'name' ? field.name === 'Name' : scope === 'all' && field.kind !== 'id' && field.kind !== 'reference';
}

function parseSearch(statement: string): Search {
  const opening = /^\s*FIND\s*\{/i.exec(statement);
  if (opening === null) throw malformed('No search term found. The search term must be enclosed in braces.');
  const closing = closingBrace(statement, opening[0].length);
  const behind = statement.slice(closing + 1);
  const place = /^\s*(?:IN\s+(PHONE|NAME|ALL|EMAIL|SIDEBAR)\s+FIELDS\b)?/i.exec(behind);
  const scope = (place?.[1] ?? 'all').toLowerCase();
  const tail = behind.slice(place?.[0].length ?? 0);
  const opened = /^\s*RETURNING\s+/i.exec(tail);
  const { returning, rest } = opened === null ? { returning: null, rest: tail } : parseReturning(tail.slice(opened[0].length));
  const limit = /^\s*(?:LIMIT\s+(\d+))?\s*$/i.exec(rest);
  if (limit === null) throw malformed(`unexpected token: ${rest.trim()}`);
  return {
    terms: parseTerms(statement.slice(opening[0].length, closing)),
    scope: scope === 'phone' || scope === 'name' || scope === 'email' ? scope : 'all',
    returning,
    limit: Math.min(Number(limit[1] ?? MOST_ROWS), MOST_ROWS),
  };
}

function closingBrace(statement: string, start: number): number {
  for (let position = start; position < statement.length; position += 1) {
    if (statement[position] === '\\') position += 1;
    else if (statement[position] === '}') return position;
  }
  throw malformed('No search term found. The search term must be enclosed in braces.');
}

function parseTerms(content: string): Search['terms'] {
  return content.split(/\s+OR\s+/i).map((alternative) =>
    alternative.split(/\s+AND\s+/i).map((part, index) => {
      const [, not = '', written = ''] = /^\s*(NOT\s+)?([\s\S]*)$/i.exec(part) ?? [];
      if (not !== '' && index === 0) throw malformed(`unexpected token: ${not.trim()}`);
      const text = unescapeTerm(written.trim());
      if (text.length < 2) throw malformed(`search term must be longer than one character: ${content}`);
      return { text, negated: not !== '' };
    }),
  );
}

function unescapeTerm(term: string): string {
  const phrase = /^"((?:[^"\\]|\\.)*)"$/.exec(term)?.[1];
  let plain = '';
  const source = phrase ?? term;
  for (let position = 0; position < source.length; position += 1) {
    const character = source[position] ?? '';
    if (character === '\\') {
      position += 1;
      plain += source[position] ?? '';
    } else if (character === '*' && phrase === undefined) {
      // A wildcard: this approximation matches endings anyway.
    } else if (phrase === undefined && RESERVED.test(character)) {
      throw malformed(`unexpected token: ${character}`);
    } else {
      plain += character;
    }
  }
  return plain;
}

/** Splits `Contact(Id, Name WHERE Name = 'a)b'), Lead` at the commas outside brackets and strings. */
function parseReturning(text: string): { returning: NonNullable<Search['returning']>; rest: string } {
  const returning: { object: string; inner: string | null }[] = [];
  let rest = text;
  for (;;) {
    const name = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*/.exec(rest);
    if (name === null) throw malformed(`unexpected token: ${rest.trim().slice(0, 20)}`);
    rest = rest.slice(name[0].length);
    let inner: string | null = null;
    if (rest.startsWith('(')) {
      const end = closingBracket(rest);
      inner = rest.slice(1, end);
      rest = rest.slice(end + 1);
    }
    returning.push({ object: name[1] ?? '', inner });
    const comma = /^\s*,/.exec(rest);
    if (comma === null) return { returning, rest };
    rest = rest.slice(comma[0].length);
  }
}

function closingBracket(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let position = 0; position < text.length; position += 1) {
    const character = text[position];
    if (character === '\\') position += 1;
    else if (character === "'") quoted = !quoted;
    else if (!quoted && character === '(') depth += 1;
    else if (!quoted && character === ')') {
      depth -= 1;
      if (depth === 0) return position;
    }
  }
  throw malformed('expecting a right parentheses');
}

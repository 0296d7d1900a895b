import { z } from 'zod';
import { type CallerRecord, type PhoneQuery, Unreachable } from '../connector.ts';
import { parseQueryBody, toChanges, type VisibleSource, visibleSource } from './caller-rows.ts';
import type { Descriptions } from './describe-object.ts';
import { commonDigits, digitsOf, searchTerms } from './phone-terms.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { soqlString } from './soql-text.ts';

const ABOUT = 'Salesforce was not asked who is calling';
/** The vendor refuses addresses from about 16 KB. */
const LONGEST_CLAUSE = 12_000;
const MOST_ROWS = 200;

/**
 * Two ways at once: the search index sees through punctuation but lags behind fresh records, the query sees everything at once but
 * only in the spellings it is given. What neither can be sure of is checked by the digits.
 */
export async function findByPhone(
  query: PhoneQuery,
  org: { readonly session: SalesforceSession; readonly descriptions: Descriptions },
  signal: AbortSignal,
): Promise<readonly CallerRecord[]> {
  const common = commonDigits(query.number, query.spellings);
  if (common === null || query.spellings.length === 0 || query.limit <= 0) return [];
  const sources: VisibleSource[] = [];
  for (const source of query.sources) sources.push(await visibleSource(source, org.descriptions, signal));
  const searchable = sources.filter((source) => source.phones.length > 0);
  if (searchable.length === 0) return [];

  const ask = (path: string) => org.session.request({ method: 'GET', path, about: ABOUT }, signal);
  const search = ask(
    `/search?q=${encodeURIComponent(searchStatement(searchTerms(query.number, query.spellings, common), searchable))}`,
  );
  const queries = searchable.map((source) => ask(`/query?q=${encodeURIComponent(spellingsStatement(source, query))}`));
  const [found, ...exact] = await Promise.all([search, ...queries]);
  const hits = parseSearchBody(found?.body);
  const records = searchable.flatMap((source, index) => {
    const rows = [
      ...hits.filter((hit) => hit.attributes.type === source.object),
      ...parseQueryBody(exact[index]?.body, ABOUT).records,
    ];
    const byId = new Map(toChanges(rows, source).records.map((record) => [record.id, record]));
    return [...byId.values()].filter((record) => record.phones.some(({ value }) => digitsOf(value).includes(common)));
  });
  return records.slice(0, query.limit);
}

/** Only digits and checked names go in. Pure. */
export function searchStatement(terms: readonly string[], sources: readonly VisibleSource[]): string {
  const objects = new Map<string, Set<string>>();
  for (const { object, selected } of sources) objects.set(object, new Set([...(objects.get(object) ?? []), ...selected]));
  const returning = [...objects].map(([object, selected]) => `${object}(${[...selected].join(',')})`);
  return `FIND {${terms.join(' OR ')}} IN PHONE FIELDS RETURNING ${returning.join(', ')} LIMIT ${MOST_ROWS}`;
}

/** The likeliest spellings, as many as fit into an address. Pure. */
export function spellingsStatement(source: VisibleSource, query: PhoneQuery): string {
  const literals: string[] = [];
  let room = LONGEST_CLAUSE;
  for (const spelling of query.spellings) {
    // An empty literal would mean "no number at all".
    if (digitsOf(spelling) === '') continue;
    const literal = soqlString(spelling);
    room -= (encodeURIComponent(literal).length + 3) * source.phones.length;
    if (room < 0) break;
    literals.push(literal);
  }
  const conditions = source.phones.map((field) =>
    literals.length === 0 ? `${field} = ''` : `${field} IN (${literals.join(',')})`,
  );
  return `SELECT ${source.selected.join(',')} FROM ${source.object} WHERE ${conditions.join(' OR ')} ORDER BY Id LIMIT ${MOST_ROWS}`;
}

const searchBody = z.object({
  searchRecords: z.array(z.object({ attributes: z.object({ type: z.string() }) }).catchall(z.unknown())),
});

function parseSearchBody(body: unknown): z.infer<typeof searchBody>['searchRecords'] {
  const parsed = searchBody.safeParse(body);
  if (!parsed.success) throw new Unreachable(`${ABOUT}: the answer is not a search result. It will be tried again.`);
  return parsed.data.searchRecords;
}

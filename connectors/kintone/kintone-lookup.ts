/** The live look-up: one request a source, every spelling at once, because `like` finds whole words only. */
import type { CallerRecord, CallerSource, PhoneQuery } from '../connector.ts';
import { callerFields, callerRecord, searchablePhones } from './kintone-callers.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import { anyOf, isOneOf } from './kintone-query.ts';
import { recordsRequest } from './kintone-reading.ts';

const MOST_RECORDS = 500;

/** @throws ConnectorError */
export async function findByPhone(
  domain: KintoneDomain,
  query: PhoneQuery,
  signal: AbortSignal,
): Promise<readonly CallerRecord[]> {
  const spellings = query.spellings.filter((spelling) => digitsOf(spelling) !== '');
  if (spellings.length === 0 || query.limit < 1) return [];
  const wanted = new Set([query.number, ...spellings].map(digitsOf));
  const asked = query.sources.map((source) => findInSource(domain, { source, spellings, limit: query.limit }, signal));
  const found = (await Promise.all(asked)).flat();
  // A hit is offered only when it truly holds the number, whatever the search took for the same.
  return found.filter((record) => record.phones.some((phone) => wanted.has(digitsOf(phone.value)))).slice(0, query.limit);
}

interface SourceQuery {
  readonly source: CallerSource;
  readonly spellings: readonly string[];
  readonly limit: number;
}

async function findInSource(domain: KintoneDomain, query: SourceQuery, signal: AbortSignal): Promise<readonly CallerRecord[]> {
  const app = domain.appOf(query.source.object);
  const fields = callerFields(query.source, await domain.forms.get(app, signal));
  domain.warnUnknown(app, fields.unknown);
  const phones = searchablePhones(fields);
  if (phones.length === 0) return [];
  const conditions = phones.map((field) =>
    isOneOf(field.code, field.type === 'NUMBER' ? query.spellings.map(digitsOf) : query.spellings),
  );
  const limit = Math.min(Math.floor(query.limit), MOST_RECORDS);
  const request = recordsRequest({ app, query: `${anyOf(conditions)} order by $id asc limit ${limit}`, fields: fields.wanted });
  const { records } = await domain.gate.ask(request, signal);
  return records.flatMap((record) => callerRecord(fields, record) ?? []);
}

/** Full-width digits count as digits. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

/** The live look-up: every spelling in one request where the service takes several, else one request a spelling, likeliest first. */
import type { CallerRecord, CallerSource, PhoneQuery } from '../connector.ts';
import { type CallerFields, callerFields, callerRecord } from './caller-fields.ts';
import { isMarkedDeleted } from './deleted-mark.ts';
import { type FillValues, fillRequest } from './fill-request.ts';
import type { HttpService } from './http-service.ts';
import type { FindShape } from './object-shape.ts';
import { recordsIn } from './record-lists.ts';
import { placeholdersOf } from './request-shape.ts';

/** @throws ConnectorError */
export async function findByPhone(
  service: HttpService,
  query: PhoneQuery,
  signal: AbortSignal,
): Promise<readonly CallerRecord[]> {
  const spellings = query.spellings.filter((spelling) => digitsOf(spelling) !== '');
  if (spellings.length === 0 || query.limit < 1) return [];
  const wanted = new Set([query.number, ...spellings].map(digitsOf));
  const limit = Math.floor(query.limit);
  const asked = query.sources.map((source) => findInSource(service, source, { number: query.number, spellings, limit }, signal));
  const found = (await Promise.all(asked)).flat();
  // A hit is offered only when it truly holds the number, whatever the service took for the same.
  return found.filter((record) => record.phones.some((phone) => wanted.has(digitsOf(phone.value)))).slice(0, limit);
}

type SourceQuery = Pick<PhoneQuery, 'number' | 'spellings' | 'limit'>;

async function findInSource(
  service: HttpService,
  source: CallerSource,
  query: SourceQuery,
  signal: AbortSignal,
): Promise<readonly CallerRecord[]> {
  const object = service.objectNamed(source.object);
  const { find } = object;
  if (find === undefined || source.phones.length === 0) return [];
  const known = await service.descriptions.recent(source.object, signal);
  const fields = callerFields(source, object, known, service.config.service.name);
  const requests = requestsFor(find, source, query);
  const answers = await Promise.all(requests.map((values) => ask(service, { find, fields }, values, signal)));
  const byId = new Map(answers.flat().map((record) => [record.id, record]));
  return [...byId.values()];
}

/** What each request is filled with; at most `find.most` of them. */
export function requestsFor(
  find: FindShape,
  { phones }: Pick<CallerSource, 'phones'>,
  { number, spellings, limit }: SourceQuery,
): readonly FillValues[] {
  const used = placeholdersOf(find);
  const digits = [...new Set(spellings.map(digitsOf))];
  const numbers: readonly FillValues[] = used.has('spelling')
    ? spellings.map((spelling) => ({ spelling }))
    : used.has('digits')
      ? digits.map((each) => ({ digits: each }))
      : [{ spellings, number }];
  const wholes = numbers.flatMap((values) => (used.has('field') ? phones.map((field) => ({ ...values, field })) : [values]));
  return wholes.slice(0, find.most).map((values) => ({ ...values, limit }));
}

interface SourceParts {
  readonly find: FindShape;
  readonly fields: CallerFields;
}

async function ask(
  service: HttpService,
  { find, fields }: SourceParts,
  values: FillValues,
  signal: AbortSignal,
): Promise<readonly CallerRecord[]> {
  const doing = `look for a caller in ${fields.source.object}`;
  const request = fillRequest(find, values);
  const { body } = await service.gate.ask({ doing, request, isUrgent: true, accepts: find.nobody }, signal);
  const place = { records: find.records, doing, serviceName: service.config.service.name };
  const records = recordsIn(body, place).filter((record) => !isMarkedDeleted(record, fields.object));
  return records.map((record) => callerRecord(fields, record));
}

/** Full-width digits count as digits. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/gu, '');
}

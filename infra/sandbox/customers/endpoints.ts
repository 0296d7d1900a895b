/** What stands at which address. Every endpoint answers or throws an ApiFailure. */
import { ApiFailure, failureBody, failures } from './api-failure.ts';
import { checkedValues, isObject, type Values } from './checked-values.ts';
import { listPage, listRequest } from './list-request.ts';
import { type ObjectDefinition, objectDefinitions, schemaBody } from './object-definitions.ts';
import { etagOf, iso, type RecordStore, recordBody } from './record-store.ts';

export interface ApiRequest {
  readonly method: string;
  /** Below `/api/v1/`, decoded: `['calls', '12']`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  /** Address of the list itself, without a query. */
  readonly address: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiState {
  readonly stores: ReadonlyMap<string, RecordStore>;
  /** Fields that every write is refused for: the fault `refuseField`. */
  refusedFields(): readonly string[];
}

const MOST_BATCH = 100;

/** @throws ApiFailure */
export function answerRequest(request: ApiRequest, state: ApiState): ApiAnswer {
  const [first = '', ...rest] = request.segments;
  if (first === 'me' && rest.length === 0) return only(request, [['GET', () => ({ status: 200, body: { user: 'toritsugi' } })]]);
  if (first === 'schema') return only(request, [['GET', () => schemaOf(rest)]]);
  const store = state.stores.get(first);
  if (store === undefined) throw failures.noSuchPath();
  return rest.length === 0
    ? only(request, [
        ['GET', () => list(request, store)],
        ['POST', () => create(request, store, state)],
      ])
    : answerBelow(rest, request, store, state);
}

/** What stands below a list's own address. */
function answerBelow(rest: readonly string[], request: ApiRequest, store: RecordStore, state: ApiState): ApiAnswer {
  const [second = '', third] = rest;
  const uniqueField = store.object.fields.find((field) => field.unique === true && second === `by-${field.name}`);
  if (uniqueField !== undefined && rest.length === 2 && third !== undefined) {
    return only(request, [['PUT', () => upsert(request, store, state, { field: uniqueField.name, value: third })]]);
  }
  if (rest.length !== 1) throw failures.noSuchPath();
  if (second === 'deleted') return only(request, [['GET', () => deletions(request, store)]]);
  if (second === 'batch') return only(request, [['POST', () => batch(request, store, state)]]);
  const id = /^[1-9]\d{0,14}$/.test(second) ? Number(second) : 0;
  return only(request, [
    ['GET', () => read(store, id)],
    ['PATCH', () => change(request, store, state, id)],
    ['DELETE', () => remove(store, id)],
  ]);
}

function only(request: ApiRequest, methods: readonly (readonly [string, () => ApiAnswer])[]): ApiAnswer {
  const [, serve] = methods.find(([method]) => method === request.method) ?? [];
  if (serve === undefined) throw failures.wrongMethod(methods.map(([method]) => method).join(', '));
  return serve();
}

function read(store: RecordStore, id: number): ApiAnswer {
  const record = store.get(id);
  return { status: 200, body: recordBody(record, store.object), headers: { ETag: etagOf(record) } };
}

function remove(store: RecordStore, id: number): ApiAnswer {
  store.remove(id);
  return { status: 204 };
}

function schemaOf([name, ...rest]: readonly string[]): ApiAnswer {
  if (name === undefined) return { status: 200, body: { objects: objectDefinitions.map((each) => each.name) } };
  const object = objectDefinitions.find((each) => each.name === name);
  if (object === undefined || rest.length > 0) throw failures.noSuchPath();
  return { status: 200, body: schemaBody(object) };
}

function list(request: ApiRequest, store: RecordStore): ApiAnswer {
  const page = listPage(store.ever(), store.object, listRequest(request.query, store.object));
  const items = page.records.map((record) => recordBody(record, store.object));
  return pageAnswer(request, { items, total: page.total }, page.nextCursor);
}

/** What was deleted, in the order of time: `{id, deleted_at}`. */
function deletions(request: ApiRequest, store: RecordStore): ApiAnswer {
  const since = request.query.get('since');
  const query = new URLSearchParams(request.query);
  query.delete('since');
  query.set('updated_since', since ?? '1970-01-01T00:00:00Z');
  const gone = store.ever().filter((record) => record.deletedAt !== null);
  const page = listPage(gone, store.object, { ...listRequest(query, store.object), includesDeleted: true });
  const items = page.records.map(({ id, deletedAt }) => ({ id, deleted_at: iso(deletedAt ?? 0) }));
  return pageAnswer(request, { items, total: page.total }, page.nextCursor);
}

function pageAnswer(request: ApiRequest, body: object, nextCursor: string | null): ApiAnswer {
  if (nextCursor === null) return { status: 200, body: { ...body, next_cursor: null } };
  const query = new URLSearchParams(request.query);
  for (const name of ['page', 'offset', 'after_id']) query.delete(name);
  query.set('cursor', nextCursor);
  const link = `<${request.address}?${query}>; rel="next"`;
  return { status: 200, body: { ...body, next_cursor: nextCursor }, headers: { Link: link } };
}

function valuesOf(body: unknown, store: RecordStore, state: ApiState, isCreate: boolean): Values {
  const customers = state.stores.get('customers');
  const values = checkedValues(body, store.object, isCreate, (id) => customers?.has(id) === true);
  const refused = state.refusedFields().filter((field) => field in values);
  if (refused.length > 0) {
    throw failures.invalid(refused.map((field) => ({ field, code: 'refused', message: 'is refused by a rule' })));
  }
  return values;
}

function create(request: ApiRequest, store: RecordStore, state: ApiState): ApiAnswer {
  const record = store.insert(valuesOf(request.body, store, state, true));
  return { status: 201, body: recordBody(record, store.object), headers: { ETag: etagOf(record) } };
}

function change(request: ApiRequest, store: RecordStore, state: ApiState, id: number): ApiAnswer {
  const before = store.get(id);
  demandMatch(request.ifMatch, etagOf(before));
  const record = store.update(id, valuesOf(request.body, store, state, false));
  return { status: 200, body: recordBody(record, store.object), headers: { ETag: etagOf(record) } };
}

function demandMatch(wanted: string | undefined, standing: string): void {
  if (wanted !== undefined && wanted !== '*' && wanted !== standing) throw failures.outdated();
}

interface UniqueKey {
  readonly field: string;
  readonly value: string;
}

/** Creates, or changes the fields that are sent. */
function upsert(request: ApiRequest, store: RecordStore, state: ApiState, { field, value }: UniqueKey): ApiAnswer {
  const standing = store.holder(field, value);
  if (standing !== null) demandMatch(request.ifMatch, etagOf(standing));
  else if (request.ifMatch !== undefined) throw failures.outdated();
  const body = isObject(request.body) ? { ...request.body, [field]: value } : request.body;
  const values = valuesOf(body, store, state, standing === null);
  const record = standing === null ? store.insert(values) : store.update(standing.id, values);
  const status = standing === null ? 201 : 200;
  return { status, body: recordBody(record, store.object), headers: { ETag: etagOf(record) } };
}

/** Each item by itself: with a unique value it is created or changed, without one it is created. */
function batch(request: ApiRequest, store: RecordStore, state: ApiState): ApiAnswer {
  const items = isObject(request.body) ? request.body.items : undefined;
  if (!Array.isArray(items)) throw failures.malformed('Send {"items": […]}.');
  if (items.length > MOST_BATCH) throw failures.malformed(`At most ${MOST_BATCH} items.`);
  const results = items.map((item: unknown) => batchItem(item, store, state));
  return { status: 200, body: { results } };
}

function batchItem(item: unknown, store: RecordStore, state: ApiState): object {
  const unique = uniqueOf(store.object);
  try {
    const key = isObject(item) && unique !== undefined ? item[unique] : undefined;
    const standing = unique !== undefined && typeof key === 'string' ? store.holder(unique, key) : null;
    const values = valuesOf(item, store, state, standing === null);
    const record = standing === null ? store.insert(values) : store.update(standing.id, values);
    return { status: standing === null ? 201 : 200, id: record.id };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { status: error.status, ...failureBody(error) };
  }
}

function uniqueOf(object: ObjectDefinition): string | undefined {
  return object.fields.find((field) => field.unique === true)?.name;
}

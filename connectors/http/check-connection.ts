/** Does the service answer, does it let us in, and does what it answers fit the description? */
import { type ConnectionReport, ConnectorError, detailOf, type InBothLanguages } from '../connector.ts';
import { recordId } from './caller-fields.ts';
import type { KnownObject } from './describe-object.ts';
import { fillRequest } from './fill-request.ts';
import { requestsFor } from './find-by-phone.ts';
import type { HttpService } from './http-service.ts';
import { pageRequest } from './next-page.ts';
import type { ServiceObject } from './object-shape.ts';
import { recordsIn } from './record-lists.ts';

type Check = ConnectionReport['checks'][number];

/** The service's quota is nobody's standard: it is null. */
export async function checkConnection(service: HttpService, signal: AbortSignal): Promise<ConnectionReport> {
  const { check, objects } = service.config.service;
  const checks: Check[] = [];
  if (check !== undefined) {
    const ask = async () => {
      await service.gate.ask({ doing: 'answer', request: fillRequest(check, {}) }, signal);
      const { baseUrl } = service.config;
      return { en: `${baseUrl} answers`, ja: `${baseUrl} が応答しています` };
    };
    checks.push(await tried({ en: 'reachable', ja: '接続' }, ask, service));
  }
  // One after the other, and none when already the first was refused: a check must not lock an account.
  for (const [objectName, object] of Object.entries(objects)) {
    if (checks.some(({ ok }) => !ok)) break;
    const name = { en: objectName, ja: objectName };
    checks.push(await tried(name, () => checkObject(service, objectName, object, signal), service));
  }
  return { ok: checks.every(({ ok }) => ok), checks, quota: null };
}

async function checkObject(
  service: HttpService,
  objectName: string,
  object: ServiceObject,
  signal: AbortSignal,
): Promise<InBothLanguages> {
  const { config, gate, descriptions } = service;
  const known = await descriptions.fresh(objectName, signal);
  await tryLookUp(service, objectName, object, known, signal);
  const count = known.description.fields.length;
  const fields = { en: `${count} fields`, ja: `フィールド ${count} 個` };
  const { changes } = object;
  if (changes === undefined) return fields;
  const doing = `list ${objectName}`;
  const nothing = { since: null, sinceSeconds: null, sinceMilliseconds: null, sinceDate: null };
  const { body } = await gate.ask({ doing, request: pageRequest(changes, nothing, null, config.baseUrl) }, signal);
  const { name: serviceName } = config.service;
  const records = recordsIn(body, { records: changes.records, doing, serviceName });
  for (const record of records) recordId(record, object.id, `${serviceName}: a record of ${objectName}`);
  return {
    en: `${fields.en}, ${records.length} records on the first page`,
    ja: `${fields.ja}、最初のページに ${records.length} 件`,
  };
}

/** Nobody has this number; what counts is that the answer is a list. */
async function tryLookUp(
  { gate, config }: HttpService,
  objectName: string,
  { find }: ServiceObject,
  known: KnownObject,
  signal: AbortSignal,
): Promise<void> {
  if (find === undefined) return;
  const phones = [...known.fields.values()].filter(({ type }) => type === 'phone').map((field) => field.name);
  const [values] = requestsFor(find, { phones }, { number: '+810000000000', spellings: ['0000000000'], limit: 1 });
  if (values === undefined) return;
  const doing = `look for a caller in ${objectName}`;
  const { body } = await gate.ask({ doing, request: fillRequest(find, values), accepts: find.nobody }, signal);
  recordsIn(body, { records: find.records, doing, serviceName: config.service.name });
}

async function tried(name: InBothLanguages, ask: () => Promise<InBothLanguages>, { config }: HttpService): Promise<Check> {
  try {
    return { name, ok: true, detail: await ask(), remedy: null };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { name, ok: false, detail: detailOf(error), remedy: config.names.inBoth(remedies[error.kind]) };
  }
}

const another: InBothLanguages = {
  en: 'Compare the paths and parameters of the description with the service’s own documentation.',
  ja: '記述のパスとパラメーターを、サービスの仕様書と見比べてください。',
};

const remedies: Readonly<Record<ConnectorError['kind'], InBothLanguages>> = {
  unauthorized: {
    en: 'Set the credentials that service.signIn names anew, and see what their user may do.',
    ja: 'service.signIn で使う認証情報を設定し直し、そのユーザーの権限を確認してください。',
  },
  rateLimited: {
    en: 'Too much is asked of the service at the moment: try again later, or lower service.limits.',
    ja: 'サービスへの要求が多すぎます。時間をおいて再実行するか、service.limits を下げてください。',
  },
  missing: another,
  rejected: another,
  unreachable: {
    en: 'See whether HTTP_BASE_URL answers on this machine, and whether the answer is what the description says.',
    ja: 'このマシンから HTTP_BASE_URL に接続できるか、応答が記述どおりかを確認してください。',
  },
};

/** Any REST service that a mapping file describes, behind the port. Each member is one file; this one joins them. */
import type { Connector, ConnectorDefinition, ConnectorWorld } from '../connector.ts';
import { checkConnection } from './check-connection.ts';
import { filledPath } from './fill-request.ts';
import { findByPhone } from './find-by-phone.ts';
import { type HttpService, openHttpService } from './http-service.ts';
import { HTTP_SETTINGS, readConfig, settingProblems } from './http-settings.ts';
import { readChanges } from './read-changes.ts';
import { writeRecords } from './write-records.ts';

/** Services take so many different batches that this is only how many records are on their way at a time. */
const MOST_RECORDS = 100;

/** The description is read once, when the connector is opened. */
export const httpConnector: ConnectorDefinition = {
  name: 'http',
  label: 'REST service',
  settings: HTTP_SETTINGS,
  maxBatch: MOST_RECORDS,
  problems: settingProblems,
  open: openHttp,
};

function openHttp(settings: Readonly<Record<string, string>>, world: ConnectorWorld): Connector {
  const service = openHttpService(readConfig(settings), world);
  return {
    check: (signal) => checkConnection(service, signal),
    describe: async (object, signal) => (await service.descriptions.fresh(object, signal)).description,
    findByPhone: (query, signal) => findByPhone(service, query, signal),
    readChanges: (source, since, signal) => readChanges(service, source, since, signal),
    write: (batch, signal) => writeRecords(service, batch, signal),
    recordUrl: (ref) => recordUrl(service, ref),
    close: async () => service.gate.close(),
  };
}

/** A service without pages for people has at least its own address. @throws Missing */
function recordUrl(service: HttpService, { object, id }: { readonly object: string; readonly id: string }): string {
  const { recordUrl: described } = service.objectNamed(object);
  return described === undefined ? `${service.config.baseUrl}#${encodeURIComponent(id)}` : filledPath(described, { id });
}

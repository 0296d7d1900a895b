/** Any REST service that a mapping file describes, behind the port. Each member is one file; this one joins them. */
import type { Connector, ConnectorDefinition, ConnectorWorld } from '../connector.ts';
import { checkConnection } from './check-connection.ts';
import { filledPath } from './fill-request.ts';
import { findByPhone } from './find-by-phone.ts';
import { type HttpService, openHttpService } from './http-service.ts';
import { type HttpConfig, httpSettings, readConfig, SERVICES_SETTING, settingProblems } from './http-settings.ts';
import { readChanges } from './read-changes.ts';
import { PLAIN_NAME, settingNames } from './setting-names.ts';
import { vendorBudget } from './vendor-budget.ts';
import { writeRecords } from './write-records.ts';

/** Services take so many different batches that this is only how many records are on their way at a time. */
const MOST_RECORDS = 100;

/** The one service most companies have; further ones have names of their own. */
export const httpConnector: ConnectorDefinition = {
  ...describedService(PLAIN_NAME, 'REST service'),
  several: { setting: SERVICES_SETTING, named: (name) => describedService(name, name) },
};

/** The description is read once, when the connector is opened. */
function describedService(name: string, label: string): ConnectorDefinition {
  const names = settingNames(name);
  return {
    ...{ name, label, maxBatch: MOST_RECORDS },
    settings: httpSettings(names),
    ownLabel: (settings) => readConfig(settings, names).service.name,
    budget: (settings) => vendorBudget(readConfig(settings, names)),
    problems: (settings) => settingProblems(settings, names),
    open: (settings, world) => openHttp(readConfig(settings, names), world),
  };
}

function openHttp(config: HttpConfig, world: ConnectorWorld): Connector {
  const service = openHttpService(config, world);
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

import type { Connector, ConnectorDefinition, ConnectorWorld } from '../connector.ts';
import { checkConnection } from './check-connection.ts';
import { openDescriptions } from './describe-object.ts';
import { findByPhone } from './find-by-phone.ts';
import { readChanges } from './read-changes.ts';
import { recordPageUrl } from './record-url.ts';
import { openSession, type SessionSettings } from './salesforce-session.ts';
import { findProblems, readSettings, salesforceSettings } from './salesforce-settings.ts';
import { MOST_RECORDS } from './write-plan.ts';
import { writeRecords } from './write-records.ts';

/** Salesforce over its REST API, signed in through an External Client App; jsforce is the only way it is spoken to. */
export const salesforceConnector: ConnectorDefinition = {
  name: 'salesforce',
  label: 'Salesforce',
  settings: salesforceSettings,
  maxBatch: MOST_RECORDS,
  // The day's limit stands on every answer; at once only requests of 20 s and more are limited, to 25 in production.
  budget: () => ({ atOnce: 10, perDay: null, countedBy: 'account', day: 'rolling' }),
  problems: findProblems,
  open: (settings, world) => openSalesforce(readSettings(settings), world),
};

function openSalesforce(settings: SessionSettings, world: ConnectorWorld): Connector {
  const session = openSession(settings, world);
  const descriptions = openDescriptions(session, world.now);
  const org = { session, descriptions, version: settings.version, now: world.now };
  return {
    check: (signal) => checkConnection(org, signal),
    describe: async (object, signal) => (await descriptions.fresh(object, signal)).description,
    findByPhone: (query, signal) => findByPhone(query, org, signal),
    readChanges: (source, since, signal) => readChanges(source, since, org, signal),
    write: (batch, signal) => writeRecords(batch, org, signal),
    recordUrl: (ref) => recordPageUrl(session.instanceUrl() ?? settings.loginUrl, ref),
    close: async () => session.close(),
  };
}

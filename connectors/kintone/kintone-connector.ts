/** kintone behind the port. Each member is one file; this one joins them. */
import type { Connector, ConnectorDefinition, ConnectorWorld, ObjectDescription } from '../connector.ts';
import { Missing } from '../connector.ts';
import { readChanges } from './kintone-changes.ts';
import { checkConnection } from './kintone-check.ts';
import { describeForm } from './kintone-describe.ts';
import { type KintoneDomain, openDomain } from './kintone-domain.ts';
import { isAppClosed } from './kintone-errors.ts';
import { formRequest } from './kintone-form.ts';
import type { GateRequest } from './kintone-gate.ts';
import { findByPhone } from './kintone-lookup.ts';
import { readNotice } from './kintone-notices.ts';
import { KINTONE_SETTINGS, readConfig, settingProblems, vendorBudget } from './kintone-settings.ts';
import { isObject } from './kintone-values.ts';
import { MOST_ROWS, writeBatch } from './kintone-write.ts';

/**
 * An `object` is an app: its number, or its name in `KINTONE_APPS`. kintone tells deletions by webhook only, and not all of them:
 * once a night all ids are read, see `ChangePage.present`. An API token writes as Administrator.
 */
export const kintoneConnector: ConnectorDefinition = {
  name: 'kintone',
  label: 'kintone',
  settings: KINTONE_SETTINGS,
  maxBatch: MOST_ROWS,
  budget: vendorBudget,
  problems: settingProblems,
  open: openKintone,
};

function openKintone(settings: Readonly<Record<string, string>>, world: ConnectorWorld): Connector {
  const domain = openDomain(readConfig(settings), world);
  return {
    check: (signal) => checkConnection(domain, signal),
    describe: (object, signal) => describe(domain, object, signal),
    findByPhone: (query, signal) => findByPhone(domain, query, signal),
    readChanges: (source, since, signal) => readChanges(domain, source, since, signal),
    write: (batch, signal) => writeBatch(domain, batch, signal),
    recordUrl: ({ object, id }) => `${domain.config.baseUrl}/k/${domain.appOf(object)}/show#record=${encodeURIComponent(id)}`,
    close: async () => domain.gate.close(),
    notices: { read: (body, objects) => readNotice(body, objects, domain.appOf) },
  };
}

/** An app that none of our tokens opens is, for us, not there. Its name is nice to have: without it, the mapping's will do. */
async function describe(domain: KintoneDomain, object: string, signal: AbortSignal): Promise<ObjectDescription> {
  const app = domain.appOf(object);
  const form = await domain.gate.attempt(formRequest(app, domain.now), signal);
  if (!form.ok) {
    if (!isAppClosed(form.failure)) throw form.verdict.error;
    throw new Missing(`${form.verdict.error.message} No API token opens app ${app}.`, { cause: form.verdict.error });
  }
  const name = await domain.gate.attempt(nameRequest(app), signal);
  if (!name.ok && !isAppClosed(name.failure)) throw name.verdict.error;
  return describeForm(object, name.ok ? name.value : object, form.value);
}

function nameRequest(app: string): GateRequest<string> {
  return {
    app,
    doing: `tell the name of app ${app}`,
    send: (client) => client.app.getApp({ id: app }),
    read: (answer) => (isObject(answer) && typeof answer.name === 'string' ? answer.name : null),
  };
}

/** One kintone, a "domain" in its own words, as every part of the connector works with it: gate, remembered forms, apps by name. */
import { type ConnectorWorld, Missing } from '../connector.ts';
import { type KintoneForms, openForms } from './kintone-form.ts';
import { type KintoneGate, openGate } from './kintone-gate.ts';
import type { KintoneConfig } from './kintone-settings.ts';

export interface KintoneDomain {
  readonly config: KintoneConfig;
  readonly gate: KintoneGate;
  readonly forms: KintoneForms;
  readonly now: () => number;
  /** The app's id for what a mapping calls it. @throws Missing */
  appOf(object: string): string;
  /** Says once that a mapping names fields the app does not have: they are simply not there for it. */
  warnUnknown(app: string, fields: readonly string[]): void;
}

export function openDomain(config: KintoneConfig, world: ConnectorWorld): KintoneDomain {
  const gate = openGate(config, world.onRequest ?? (() => undefined));
  const warned = new Set<string>();
  return {
    config,
    gate,
    forms: openForms(gate, world.now),
    now: world.now,
    appOf: (object) => {
      const id = config.apps.get(object) ?? object;
      if (/^[1-9]\d{0,14}$/.test(id)) return id;
      throw new Missing(`There is no kintone app called "${object.slice(0, 60)}". Name it in KINTONE_APPS, or use its number.`);
    },
    warnUnknown: (app, fields) => {
      const key = `${app}:${fields.join(',')}`;
      if (fields.length === 0 || warned.has(key)) return;
      warned.add(key);
      world.log('warn', 'a mapping names fields that the kintone app does not have', { app, fields });
    },
  };
}

/** One described service, as every part of the connector works with it: gate, objects, remembered descriptions. */
import { type ConnectorWorld, Missing } from '../connector.ts';
import { type Descriptions, openDescriptions } from './describe-object.ts';
import type { HttpConfig } from './http-settings.ts';
import type { ServiceObject } from './object-shape.ts';
import { openGate, type ServiceGate } from './service-gate.ts';

export interface HttpService {
  readonly config: HttpConfig;
  readonly gate: ServiceGate;
  readonly descriptions: Descriptions;
  readonly now: () => number;
  readonly log: ConnectorWorld['log'];
  /** @throws Missing */
  objectNamed(name: string): ServiceObject;
}

export function openHttpService(config: HttpConfig, world: ConnectorWorld): HttpService {
  const gate = openGate(config, world);
  const objectNamed = (name: string): ServiceObject => {
    const { objects, name: label } = config.service;
    const object = Object.hasOwn(objects, name) ? objects[name] : undefined;
    if (object !== undefined) return object;
    throw new Missing(`${label} has no object "${name.slice(0, 60)}". Describe it under service.objects.`);
  };
  return {
    config,
    gate,
    objectNamed,
    descriptions: openDescriptions({ gate, objectNamed, now: world.now }),
    now: world.now,
    log: world.log,
  };
}

import type { Connector, ObjectDescription } from '../../connectors/connector.ts';
import { Missing } from '../../connectors/connector.ts';
import type { Descriptions } from './descriptions.ts';

/** Asks a CRM for the objects of a mapping. @throws what the connector throws, other than `Missing` */
export async function askDescriptions(
  connector: Pick<Connector, 'describe'>,
  objects: readonly string[],
  signal: AbortSignal,
): Promise<Descriptions> {
  const found = new Map<string, ObjectDescription | null>();
  for (const object of objects) {
    try {
      found.set(object, await connector.describe(object, signal));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      found.set(object, null);
    }
  }
  return found;
}

/** The connected CRMs as the rest of the hub sees them: their connectors with the mapping in force and what they say of their fields. */
import {
  type CallerRecord,
  type Connector,
  type InBothLanguages,
  Missing,
  type ObjectDescription,
} from '../../connectors/connector.ts';
import type { MatchedRecord } from '../callers/caller-match.ts';
import type { CallerConnector } from '../callers/directory-sync.ts';
import { customerList, presentCustomer } from '../customer-list/customer-list.ts';
import { checkMapping, objectsOf } from '../mappings/check-mapping.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import { callerSources, presentCaller } from '../mappings/present-caller.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';
import type { Log } from '../observability/log.ts';

export interface OpenConnector {
  readonly name: string;
  readonly label: string;
  readonly connector: Connector;
  /** For batches in which nothing is new; the same unless given. */
  readonly corrections?: Connector;
  /** Most records the vendor takes in one write. */
  readonly maxBatch: number;
}

export interface CrmsDeps {
  readonly connectors: readonly OpenConnector[];
  readonly mappings: MappingStore;
  readonly style: WritingStyle;
  readonly log: Log;
}

export interface Crms {
  readonly connectors: readonly OpenConnector[];
  mappingOf(connector: string): Mapping | null;
  /** Where callers are found now, by the mappings in force. */
  callerConnectors(): readonly CallerConnector[];
  present(connector: string, record: CallerRecord): MatchedRecord;
  recordUrl(connector: string, ref: { readonly object: string; readonly id: string }): string | null;
  /** As the CRM last described it; null when it never could be asked. */
  description(connector: string, object: string): ObjectDescription | null;
  /** The CRM says that it has no such object, or lets us see none. False when it cannot be asked. */
  isMissing(connector: string, object: string, signal: AbortSignal): Promise<boolean>;
  /** Asks every CRM to describe its objects and says in the log where the mapping no longer fits them. */
  watchDrift(signal: AbortSignal): Promise<void>;
  /** What stands between a connector's mapping and its CRM, in plain words; [] when all is well. */
  drift(connector: string): readonly InBothLanguages[];
}

export function createCrms({ connectors, mappings, style, log }: CrmsDeps): Crms {
  const byName = new Map(connectors.map((one) => [one.name, one]));
  const descriptions = new Map<string, Map<string, ObjectDescription | null>>();
  const asked = new Map<string, Promise<unknown>>();
  const drifts = new Map<string, readonly InBothLanguages[]>();
  const mappingOf = (connector: string) => mappings.current(connector)?.mapping ?? null;

  function recordUrl(connector: string, ref: { readonly object: string; readonly id: string }): string | null {
    return byName.get(connector)?.connector.recordUrl(ref) ?? null;
  }

  /** Before the first look of `watchDrift`; once, whatever comes of it. */
  async function isMissing(name: string, object: string, signal: AbortSignal): Promise<boolean> {
    const known = descriptions.get(name)?.get(object);
    if (known !== undefined) return known === null;
    const question = `${name} ${object}`;
    const asking = asked.get(question) ?? byName.get(name)?.connector.describe(object, signal) ?? Promise.reject();
    asked.set(question, asking);
    return asking.then(
      () => false,
      (error: unknown) => error instanceof Missing,
    );
  }

  async function describe({ name, connector }: OpenConnector, mapping: Mapping, signal: AbortSignal): Promise<void> {
    const known = descriptions.get(name) ?? new Map<string, ObjectDescription | null>();
    descriptions.set(name, known);
    for (const object of objectsOf(mapping)) {
      try {
        known.set(object, await connector.describe(object, signal));
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        known.set(object, null);
      }
    }
    const problems = checkMapping(mapping, { descriptions: known, outcomes: mappings.outcomes(), locale: style.locale });
    const told = problems.map(({ path, message, remedy }) => ({
      en: `${path}: ${message.en} ${remedy.en}`,
      ja: `${path}: ${message.ja} ${remedy.ja}`,
    }));
    const inLog = told.map(({ en }) => en);
    const isNews = inLog.join('\n') !== (drifts.get(name) ?? []).map(({ en }) => en).join('\n');
    drifts.set(name, told);
    if (isNews && told.length > 0) log('warn', 'the CRM no longer fits its mapping', { connector: name, problems: inLog });
    else if (isNews) log('info', 'the CRM fits its mapping again', { connector: name });
  }

  return {
    connectors,
    mappingOf,
    callerConnectors: () =>
      connectors.map(({ name, connector }) => {
        const mapping = mappingOf(name);
        return { name, connector, sources: mapping === null ? [] : callerSources(mapping) };
      }),
    present(connector, record) {
      if (connector === customerList.connector) return presentCustomer(record);
      const url = recordUrl(connector, record) ?? '';
      const mapping = mappingOf(connector);
      if (mapping !== null) return presentCaller(mapping, record, url, style);
      return { connector, object: record.object, id: record.id, name: record.name, url, card: [], link: {} };
    },
    recordUrl,
    isMissing,
    description: (connector, object) => descriptions.get(connector)?.get(object) ?? null,
    async watchDrift(signal) {
      await Promise.all(
        connectors.map(async (one) => {
          const mapping = mappingOf(one.name);
          if (mapping === null) return;
          await describe(one, mapping, signal).catch((error: unknown) => {
            if (!signal.aborted) log('warn', 'a CRM could not be asked for its fields', { connector: one.name, error });
          });
        }),
      );
    },
    drift: (connector) => drifts.get(connector) ?? [],
  };
}

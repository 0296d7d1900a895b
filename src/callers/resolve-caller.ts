/** Who is calling? The directory answers at once; only whom it does not know is asked for in the CRMs. */
import type { CallerRecord } from '../../connectors/connector.ts';
import type { CallCustomer } from '../calls/call.ts';
import type { CallerMatch, MatchedRecord } from './caller-match.ts';
import type { ChoiceStore } from './choice-store.ts';
import type { DirectoryRecord } from './directory-entry.ts';
import type { DirectoryStore } from './directory-store.ts';
import type { CallerConnector } from './directory-sync.ts';
import { createLiveLookup, holdsNumber, type LiveLookupDeps, type LiveLookupSettings, unlessAborted } from './live-lookup.ts';
import { maskNumber, readNumber } from './phone-number.ts';
import { type Findings, type RememberedChoice, rankMatches, type SourceOrder } from './rank-matches.ts';

export interface CallerResolverDeps extends LiveLookupDeps {
  readonly directory: Pick<DirectoryStore, 'find' | 'record' | 'put' | 'sources'>;
  readonly choices: Pick<ChoiceStore, 'ofNumber'>;
  /** In the order in which their records are shown. */
  readonly connectors: readonly CallerConnector[];
  /** Imported lists, shown after the connectors' records. The directory holds all of them: nobody else is asked. */
  readonly lists?: readonly SourceOrder[];
  /** Makes a record what the operator sees, by the connector's mapping. */
  readonly present: (connector: string, record: CallerRecord) => MatchedRecord;
}

export interface CallerResolverSettings extends LiveLookupSettings {
  /** A directory read to its end within this time is trusted about whom it does not hold; default 10 minutes. */
  readonly freshForMs?: number;
}

export interface CallerResolver {
  /**
   * Never fails because of a CRM or the directory: what could not be asked is in `unasked`. `onInterim` is told what the directory
   * knows when CRMs are still being asked, so that a pop need not wait for them.
   *
   * @throws the signal's reason when it is aborted.
   */
  resolve(
    customer: Pick<CallCustomer, 'raw' | 'number' | 'withheld'>,
    signal: AbortSignal,
    onInterim?: (match: CallerMatch) => void,
  ): Promise<CallerMatch>;
}

type Found = Omit<Findings, 'choices'>;

/** Everyone who asks for the same number at the same time shares one look-up. */
interface Flight {
  /** What the directory holds, and who is asked besides. */
  readonly known: Promise<Found & { readonly asking: readonly CallerConnector[] }>;
  readonly all: Promise<Found>;
}

export function createCallerResolver(deps: CallerResolverDeps, settings: CallerResolverSettings): CallerResolver {
  const lookUp = createLiveLookup(settings, deps);
  const freshForMs = settings.freshForMs ?? 600_000;
  const asked = deps.connectors.map(({ name, sources }) => ({ connector: name, objects: sources.map(({ object }) => object) }));
  const order: readonly SourceOrder[] = [...asked, ...(deps.lists ?? [])];
  const flights = new Map<string, Flight>();

  return {
    async resolve(customer, signal, onInterim) {
      signal.throwIfAborted();
      if (customer.withheld) return nobody('withheld');
      const read = customer.number === null ? readNumber(customer.raw, settings.numbers) : null;
      const number = read?.kind === 'number' ? read.e164 : customer.number;
      if (number === null) return nobody(read?.kind === 'withheld' ? 'withheld' : 'unknown');
      const flight = flights.get(number) ?? takeOff(number);
      const known = await unlessAborted(flight.known, signal);
      if (known.asking.length > 0 && onInterim !== undefined) {
        onInterim(await rank(number, { records: known.records, unasked: known.asking.map(({ name }) => name) }));
      }
      return rank(number, await unlessAborted(flight.all, signal));
    },
  };

  function takeOff(number: string): Flight {
    const known = askDirectory(number);
    const all = known.then((found) => askCrms(number, found)).finally(() => flights.delete(number));
    const flight = { known, all };
    flights.set(number, flight);
    return flight;
  }

  async function askDirectory(number: string): Promise<Found & { readonly asking: readonly CallerConnector[] }> {
    const askedAt = deps.now();
    const held = await deps.directory.find(number).catch((error: unknown) => {
      deps.log('warn', 'directory could not be read', { number: maskNumber(number), reason: nameOf(error) });
      return [];
    });
    const records = held.filter(({ connector, object }) =>
      order.some((one) => one.connector === connector && one.objects.includes(object)),
    );
    const silent = deps.connectors.filter(({ name }) => !records.some(({ connector }) => connector === name));
    const asking = records.length === 0 || silent.length === 0 ? silent : await incomplete(silent, askedAt);
    return { records, unasked: [], asking };
  }

  /** When somebody knows the caller, the others are believed not to as long as their directory is complete and fresh. */
  async function incomplete(crms: readonly CallerConnector[], askedAt: number): Promise<readonly CallerConnector[]> {
    const statuses = await deps.directory.sources().catch(() => []);
    const since = deps.now() - freshForMs;
    return crms.filter(({ name, sources }) =>
      sources.some(({ object }) => {
        const status = statuses.find((one) => one.connector === name && one.object === object);
        const completeAt = status?.completeAt ?? null;
        // A reading that came to its end while we looked may have brought what we did not see.
        return completeAt === null || completeAt < since || completeAt >= askedAt;
      }),
    );
  }

  async function askCrms(number: string, found: Found & { readonly asking: readonly CallerConnector[] }): Promise<Found> {
    const answers = await Promise.all(
      found.asking.map(async (crm) => {
        const records = await lookUp(crm, number);
        if (records !== null) keep(crm, records);
        return { crm, records };
      }),
    );
    const live = answers.flatMap(({ crm, records }) => (records ?? []).map((record) => ({ ...record, connector: crm.name })));
    return {
      records: [...found.records, ...live],
      unasked: answers.filter(({ records }) => records === null).map(({ crm }) => crm.name),
    };
  }

  /** Not waited for: the operator is. */
  function keep(crm: CallerConnector, records: readonly CallerRecord[]): void {
    for (const source of crm.sources) {
      const mine = records.filter(({ object }) => object === source.object);
      if (mine.length === 0) continue;
      deps.directory.put(crm.name, source, mine).catch((error: unknown) => {
        deps.log('warn', 'live look-up could not be kept in the directory', { connector: crm.name, reason: nameOf(error) });
      });
    }
  }

  async function rank(number: string, found: Found): Promise<CallerMatch> {
    const choices = found.records.length < 2 ? [] : await deps.choices.ofNumber(number).catch(() => []);
    const beyond = await Promise.all(
      choices.filter((choice) => !found.records.some((record) => isSame(record, choice))).map(recordOf),
    );
    const added = beyond.flatMap((record) => (record !== null && holdsNumber(record, number, settings.numbers) ? [record] : []));
    return rankMatches({ ...found, records: [...found.records, ...added], choices }, order, presentSafely);
  }

  /** Behind a switchboard there may be more people than `find` gives. */
  async function recordOf(choice: RememberedChoice): Promise<DirectoryRecord | null> {
    return deps.directory.record(choice).catch(() => null);
  }

  /** A mapping that trips over one record must not take the pop away. */
  function presentSafely(connector: string, record: CallerRecord): MatchedRecord {
    try {
      return deps.present(connector, record);
    } catch (error) {
      deps.log('warn', 'caller could not be presented', {
        connector,
        object: record.object,
        id: record.id,
        reason: nameOf(error),
      });
      return { connector, object: record.object, id: record.id, name: record.name, url: '', card: [], link: {} };
    }
  }
}

function isSame(record: DirectoryRecord, choice: RememberedChoice): boolean {
  return record.connector === choice.connector && record.object === choice.object && record.id === choice.id;
}

function nobody(kind: 'unknown' | 'withheld'): CallerMatch {
  return { kind, records: [], chosen: {}, unasked: [] };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

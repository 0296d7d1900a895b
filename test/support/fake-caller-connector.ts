import type { CallerRecord, CallerSource, ChangePage, PhoneQuery } from '../../connectors/connector.ts';
import type { CallerConnector } from '../../src/callers/directory-sync.ts';

/** A CRM for callers' tests: plays the pages and answers it is given, and remembers what it was asked. */
export interface FakeCallerConnector extends CallerConnector {
  /** Cursors with which a reading began. */
  readonly readings: { readonly object: string; readonly since: string | null }[];
  readonly queries: PhoneQuery[];
}

export interface FakeCallerAnswers {
  readonly pages?: (source: CallerSource, since: string | null, signal: AbortSignal) => AsyncIterable<ChangePage>;
  readonly find?: (query: PhoneQuery, signal: AbortSignal) => Promise<readonly CallerRecord[]>;
}

export function fakeCallerConnector(
  name: string,
  sources: readonly CallerSource[],
  answers: FakeCallerAnswers = {},
): FakeCallerConnector {
  const readings: { readonly object: string; readonly since: string | null }[] = [];
  const queries: PhoneQuery[] = [];
  const nothing = async function* (): AsyncGenerator<ChangePage> {};
  return {
    name,
    sources,
    readings,
    queries,
    connector: {
      readChanges(source, since, signal) {
        readings.push({ object: source.object, since });
        return (answers.pages ?? nothing)(source, since, signal);
      },
      async findByPhone(query, signal) {
        queries.push(query);
        return answers.find?.(query, signal) ?? [];
      },
    },
  };
}

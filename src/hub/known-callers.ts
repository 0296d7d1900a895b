/** Who is calling, as far as it is known: the directory, what operators chose, and the CRMs themselves by the mappings in force. */
import { type ChoiceStore, createChoiceStore } from '../callers/choice-store.ts';
import { createDirectoryStore, type DirectoryStore } from '../callers/directory-store.ts';
import { type CallerResolver, createCallerResolver } from '../callers/resolve-caller.ts';
import { customerList } from '../customer-list/customer-list.ts';
import type { Crms } from './crms.ts';
import type { HubParts } from './hub-parts.ts';

export interface KnownCallers {
  readonly directory: DirectoryStore;
  readonly choices: ChoiceStore;
  resolver(): CallerResolver;
  /** Other mappings are in force: callers are found by them from now on. */
  renew(): void;
}

export function openKnownCallers({ store, style, log, now }: HubParts, crms: Crms): KnownCallers {
  const numbers = { region: style.region };
  const directory = createDirectoryStore(store.db, numbers, now);
  const choices = createChoiceStore(store.db, now);
  const lists = [customerList];
  const makeResolver = () => {
    const connectors = crms.callerConnectors();
    return createCallerResolver({ directory, choices, connectors, lists, present: crms.present, now, log }, { numbers });
  };
  let resolver = makeResolver();
  return {
    directory,
    choices,
    resolver: () => resolver,
    renew() {
      resolver = makeResolver();
    },
  };
}

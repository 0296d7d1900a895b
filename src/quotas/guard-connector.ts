import type { ChangePage, Connector } from '../../connectors/connector.ts';
import type { Account } from './account.ts';
import type { RequestClass } from './request-class.ts';

/**
 * The connector as the hub may use it: every request waits for its turn and its budget. A look-up is for a phone that rings, reading
 * changes and descriptions can wait; what a write is for, its owner says. One call of the port takes one turn, a reading one a page.
 */
export function guardConnector(connector: Connector, account: Account, writesAs: RequestClass): Connector {
  return {
    check: (signal) => connector.check(signal),
    describe: (object, signal) =>
      account.pass({ urgency: 'list', objects: [object], signal }, () => connector.describe(object, signal)),
    findByPhone: (query, signal) => {
      const objects = query.sources.map(({ object }) => object);
      return account.pass({ urgency: 'ringing', objects, signal }, () => connector.findByPhone(query, signal));
    },
    readChanges: (source, since, signal) =>
      inTurn(connector.readChanges(source, since, signal), (run) =>
        account.pass({ urgency: 'list', objects: [source.object], signal }, run),
      ),
    write: (batch, signal) => {
      const objects = [...new Set(batch.map(({ object }) => object))];
      return account.pass({ urgency: writesAs, objects, signal }, () => connector.write(batch, signal));
    },
    recordUrl: (ref) => connector.recordUrl(ref),
    ...(connector.notices === undefined ? {} : { notices: connector.notices }),
    close: () => connector.close(),
  };
}

type Step = IteratorResult<ChangePage>;

async function* inTurn(
  pages: AsyncIterable<ChangePage>,
  pass: (run: () => Promise<Step>) => Promise<Step>,
): AsyncGenerator<ChangePage> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await pass(() => iterator.next());
      if (page.done === true) return;
      yield page.value;
    }
  } finally {
    // Not awaited: it would wait for a page that nobody wants any more.
    iterator.return?.().catch(() => {});
  }
}

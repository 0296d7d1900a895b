import { type ChangePage, type ConnectionReport, type Connector, detailOf, RateLimited } from '../../connectors/connector.ts';
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

/** As a command may use it, for which somebody waits at a terminal while phones ring: all of it can wait, and is told when it must. */
export function guardForCommand(connector: Connector, account: Account): Connector {
  const patiently = <Result>(objects: readonly string[], signal: AbortSignal, run: () => Promise<Result>) =>
    account.pass({ urgency: 'list', objects, signal }, run);
  return {
    ...guardConnector(connector, account, 'list'),
    // Of which objects it asks is not known here: each one that runs short holds it.
    check: (signal) => patiently(account.objects(), signal, () => connector.check(signal)).catch(reportOfLimit),
    findByPhone: (query, signal) => {
      const objects = query.sources.map(({ object }) => object);
      return patiently(objects, signal, () => connector.findByPhone(query, signal));
    },
  };
}

/** A check tells of a refusal, also of our own. */
function reportOfLimit(error: unknown): ConnectionReport {
  if (!(error instanceof RateLimited)) throw error;
  const minutes = Math.ceil(error.retryAfterMs / 60_000);
  const hours = Math.ceil(minutes / 60);
  const some = minutes > 1 ? `${minutes} minutes` : 'a minute';
  const wait = minutes < 120 ? { en: some, ja: `${Math.max(1, minutes)} 分` } : { en: `${hours} hours`, ja: `${hours} 時間` };
  const remedy = {
    en: `Run this again in ${wait.en}. What is left of the limit is kept for phones that ring and for call logs.`,
    ja: `${wait.ja}後にもう一度実行してください。残りは着信時の検索と通話履歴のために取り置いています。`,
  };
  const name = { en: 'limit of requests', ja: 'リクエストの上限' };
  return { ok: false, checks: [{ name, ok: false, detail: detailOf(error), remedy }], quota: null };
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

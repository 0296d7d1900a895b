/** A process of its own that keeps a directory, and can die by its own hand (SIGKILL) at a statement, as if the power had failed. */
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import express from 'express';
import type { KyselyPlugin } from 'kysely';
import type { CallerSource, ChangePage } from '../../connectors/connector.ts';
import { connectorDefinitions } from '../../connectors/index.ts';
import { createDirectoryStore } from '../../src/callers/directory-store.ts';
import { type CallerConnector, syncDirectory } from '../../src/callers/directory-sync.ts';
import { directoryWebhookRoutes } from '../../src/callers/directory-webhook-routes.ts';
import { mountRoutes } from '../../src/http/route.ts';
import { openDatabase } from '../../src/store/open-database.ts';

/** Its one argument, as JSON. */
export interface DirectoryProcessTask {
  readonly does: 'sync' | 'serveWebhooks';
  readonly database: string;
  readonly connector: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly source: CallerSource;
  /** The clock of the CRM. */
  readonly now: number;
  readonly webhookSecret: string;
  /**
   * When so many pages were written, and so many turns of the event loop after that statement (the first is 1) was sent; with the
   * next page's first one where there are fewer. Null: it lives.
   */
  readonly death: { readonly pages: number; readonly statement: number; readonly turns: number } | null;
}

/** A line of its output. */
export type DirectoryProcessLine =
  | { readonly progress: { readonly recordsRead: number; readonly total: number | null }; readonly statements: number }
  | { readonly report: { readonly pages: number; readonly records: number; readonly deleted: number } }
  | { readonly listensOn: number };

const { does, database, connector: name, settings, source, now, webhookSecret, death } = readTask(process.argv[2]);
const store = openDatabase({ url: database });
const mortal = createMortality();
const directory = createDirectoryStore(store.db.withPlugin(mortal.plugin), {}, () => now);
const definition = connectorDefinitions.find((one) => one.name === name);
if (definition === undefined) throw new Error(`there is no connector ${name}`);
const connector = definition.open(settings, { now: () => now, log: () => {} });
const written = createStep();
const crm: CallerConnector = {
  ...{ name, sources: [source] },
  connector: {
    ...connector,
    readChanges: (...asked) => oneAfterTheOther(connector.readChanges(...asked)),
  },
};

if (does === 'sync') {
  await sync();
  await connector.close();
  await store.close();
} else {
  const routes = directoryWebhookRoutes({ secret: webhookSecret, connectors: () => [crm], directory, syncSoon: sync });
  const server = express()
    .use(express.json())
    .use(
      '/api/v1',
      mountRoutes(routes, () => null),
    )
    .listen(0, '127.0.0.1', () => say({ listensOn: (server.address() as AddressInfo).port }));
}

async function sync(): Promise<void> {
  const onProgress = ({ recordsRead, total }: { readonly recordsRead: number; readonly total: number | null }) => {
    say({ progress: { recordsRead, total }, statements: mortal.pageWritten() });
    written.done();
  };
  const report = await syncDirectory(crm, { directory, onProgress }, new AbortController().signal);
  say({ report });
}

/** A CRM so slow that every page is written before the next one comes: otherwise a fast one's are written as one. */
async function* oneAfterTheOther(pages: AsyncIterable<ChangePage>): AsyncGenerator<ChangePage> {
  for await (const page of pages) {
    const isWritten = written.next();
    yield page;
    await isWritten;
  }
}

function createStep() {
  let step = Promise.withResolvers<void>();
  return {
    next() {
      step = Promise.withResolvers<void>();
      return step.promise;
    },
    done: () => step.resolve(),
  };
}

function createMortality(): { readonly plugin: KyselyPlugin; pageWritten(): number } {
  let [pages, statements] = [0, 0];
  let isDying = false;
  const isDue = () => death !== null && (pages > death.pages || (pages === death.pages && statements >= death.statement));
  const die = async (turns: number) => {
    isDying = true;
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    process.kill(process.pid, 'SIGKILL');
  };
  return {
    pageWritten() {
      const ofThisPage = statements;
      pages += 1;
      statements = 0;
      return ofThisPage;
    },
    plugin: {
      transformQuery({ node }) {
        statements += 1;
        if (isDue() && !isDying) void die(death?.turns ?? 0);
        return node;
      },
      transformResult: async ({ result }) => result,
    },
  };
}

function say(line: DirectoryProcessLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function readTask(argument: string | undefined): DirectoryProcessTask {
  return JSON.parse(argument ?? '') as DirectoryProcessTask;
}

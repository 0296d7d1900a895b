/** A process that keeps the directory dies without a word (SIGKILL), and another one goes on: on both databases, with both CRMs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createDirectoryStore } from '../../../src/callers/directory-store.ts';
import { syncDirectory } from '../../../src/callers/directory-sync.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openDatabase, type Store } from '../../../src/store/open-database.ts';
import { databaseKinds, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { directoryContents } from '../../support/directory-contents.ts';
import { type DirectoryCrm, directoryCrms } from '../../support/directory-crms.ts';
import type { DirectoryProcessLine, DirectoryProcessTask } from '../../support/directory-process.ts';
import { seededRandom } from '../../support/seeded-random.ts';

jest.setTimeout(120_000);

const program = path.resolve('test/support/directory-process.ts');
const never = new AbortController().signal;
const secret = 'a-secret-of-thirty-characters!';
const killsOfARound = 2;
/** A statement takes some turns of the event loop until it is on the disk: a death falls before, in, or behind it. */
const mostTurns = 30;

type Task = Omit<DirectoryProcessTask, 'connector' | 'settings' | 'source' | 'now' | 'webhookSecret'>;
type Progress = Extract<DirectoryProcessLine, { progress: unknown }>;
type Report = Extract<DirectoryProcessLine, { report: unknown }>['report'];

interface Run {
  readonly wasKilled: boolean;
  readonly told: readonly Progress[];
  /** Null when it did not live to tell. */
  readonly report: Report | null;
}

describe.each(databaseKinds)('a process with the directory on $kind', ({ start }) => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());

  describe.each(directoryCrms)('and customers of $name', ({ name, source, rounds, notices, start: startCrm }) => {
    let crm: DirectoryCrm;
    let opened: Store[];
    beforeEach(async () => {
      opened = [];
      crm = await startCrm();
    });
    afterEach(async () => {
      await crm.close();
      for (const store of opened) await store.close();
    });

    async function openFresh(): Promise<{ readonly url: string; readonly store: Store }> {
      const url = await databases.createDatabase();
      const store = openDatabase({ url });
      opened.push(store);
      await migrate(store);
      return { url, store };
    }

    const syncHere = ({ db }: Store) =>
      syncDirectory(
        { name, connector: crm.connector, sources: [source] },
        { directory: createDirectoryStore(db, {}, crm.now) },
        never,
      );
    const statusOf = async ({ db }: Store) => (await createDirectoryStore(db, {}, crm.now).sources())[0] ?? null;
    const readSoFar = async (store: Store) => (await statusOf(store))?.recordsRead ?? 0;
    /** Pages with nothing but a place left out. */
    const stepsOf = ({ told }: Run) => told.map(({ progress }) => progress).filter(({ recordsRead }) => recordsRead > 0);
    const startProcess = (task: Task) => startDirectoryProcess({ ...task, ...crmOf(), webhookSecret: secret });
    const crmOf = () => ({ connector: name, settings: crm.settings, source, now: crm.now() });

    async function run(database: string, death: Task['death']): Promise<Run> {
      const { child, lines, exited } = startProcess({ does: 'sync', database, death });
      const told: Progress[] = [];
      let report: Report | null = null;
      for await (const line of lines) {
        if ('progress' in line) told.push(line);
        if ('report' in line) ({ report } = line);
      }
      await exited;
      return { wasKilled: child.signalCode === 'SIGKILL', told, report };
    }

    test.each(rounds)(
      'killed anywhere in %s goes on from the last page that was kept, and everybody is there once',
      async (round) => {
        const [whole, struck] = [await openFresh(), await openFresh()];
        for (const [before, happens] of Object.entries(crm.happenings)) {
          happens();
          if (before === round) break;
          for (const { store } of [whole, struck]) await syncHere(store);
        }
        const undisturbed = await run(whole.url, null);
        const statementsOfAPage = Math.max(...undisturbed.told.slice(0, 3).map(({ statements }) => statements));
        const random = seededRandom(round.length);
        for (let kill = 1; kill <= killsOfARound; kill += 1) {
          const pages = kill === 1 ? 1 : Math.floor(random() * 2);
          const [statement, turns] = [1 + Math.floor(random() * statementsOfAPage), Math.floor(random() * mostTurns)];
          const { wasKilled, told } = await run(struck.url, { pages, statement, turns });
          expect(wasKilled).toBe(true);
          // What was told was kept.
          expect(await readSoFar(struck.store)).toBeGreaterThanOrEqual(told.at(-1)?.progress.recordsRead ?? 0);
        }
        const kept = await readSoFar(struck.store);
        const last = await run(struck.url, null);

        const steps = stepsOf(undisturbed);
        const place = steps.findIndex(({ recordsRead }) => recordsRead === kept);
        expect(place).toBeGreaterThanOrEqual(0);
        const resumed = stepsOf(last);
        expect(resumed).toEqual(steps.slice(steps.length - resumed.length));
        // PostgreSQL may carry out a commit a moment after the death of whoever asked for it.
        expect(resumed.length).toBeLessThanOrEqual(steps.length - place - 1);
        expect(last.report?.pages).toBe(last.told.length);
        expect(await statusOf(struck.store)).toEqual(await statusOf(whole.store));
        expect(await directoryContents(struck.store)).toEqual(await directoryContents(whole.store));
        const { records, numbers, unreadable } = await directoryContents(struck.store);
        const known = new Set([...records, ...unreadable].map(({ record_id }) => record_id));
        expect([...known].sort()).toEqual([...crm.ids()].sort());
        expect(numbers.filter(({ record_id }) => record_id === null)).toEqual([]);
      },
    );

    if (notices === null) return;

    /** A process that takes webhooks; the answer to `notice` is null when it died of it. */
    async function tell(database: string, death: Task['death'], notice: object): Promise<number | null> {
      const { child, lines, exited } = startProcess({ does: 'serveWebhooks', database, death });
      const first = await lines.next();
      if (first.done === true || !('listensOn' in first.value)) throw new Error('the process does not listen');
      const answer = await fetch(`http://127.0.0.1:${first.value.listensOn}/api/v1/webhooks/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify(notice),
      }).catch(() => null);
      child.kill('SIGKILL');
      await exited;
      return answer?.status ?? null;
    }

    test('killed while it is told of a deletion has forgotten the customer wholly or not at all, and the night forgets the rest', async () => {
      const { url, store } = await openFresh();
      crm.happenings['a first load']?.();
      await syncHere(store);
      const before = await directoryContents(store);
      crm.happenings['the nightly comparison of ids']?.();
      const there = new Set(crm.ids());
      const gone = before.records.map(({ record_id }) => record_id).filter((id) => !there.has(id));
      const random = seededRandom(7);
      let isThrough = false;
      const struck: string[] = [];
      // The first statement is made before anybody can tell.
      for (let statement = 2; !isThrough; statement += 1) {
        const id = gone[statement] ?? '';
        const death = { pages: 0, statement, turns: Math.floor(random() * 3) };
        isThrough = (await tell(url, death, notices.deletion(id))) === 204;
        const { records, numbers } = await directoryContents(store);
        const [known, found] = [records.some((one) => one.record_id === id), numbers.some((one) => one.record_id === id)];
        expect([statement, known, numbers.filter(({ record_id }) => record_id === null)]).toEqual([statement, found, []]);
        struck.push(id);
      }
      expect(struck.length).toBeGreaterThan(4);
      // The service tells once, but somebody may tell again.
      expect(await tell(url, null, notices.deletion(struck[0] ?? ''))).toBe(204);
      await syncHere(store);
      const known = (await directoryContents(store)).records.map(({ record_id }) => record_id);
      expect([...known].sort()).toEqual([...there].sort());
    });

    test('killed in the sync that a notice brought forward loses nothing of it: the next one goes on', async () => {
      const [whole, struck] = [await openFresh(), await openFresh()];
      crm.happenings['a first load']?.();
      for (const { store } of [whole, struck]) await syncHere(store);
      crm.happenings.changes?.();
      await syncHere(whole.store);
      expect(await tell(struck.url, { pages: 1, statement: 3, turns: 1 }, notices.change('1'))).toBeNull();
      expect(await directoryContents(struck.store)).not.toEqual(await directoryContents(whole.store));
      await syncHere(struck.store);
      expect(await directoryContents(struck.store)).toEqual(await directoryContents(whole.store));
    });
  });
});

function startDirectoryProcess(task: DirectoryProcessTask) {
  const words = ['--pdeathsig', 'KILL', process.execPath, '--no-warnings', program, JSON.stringify(task)];
  const child = spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = linesOf(createInterface({ input: child.stdout }));
  return { child, exited, lines };
}

async function* linesOf(lines: AsyncIterable<string>): AsyncGenerator<DirectoryProcessLine> {
  for await (const line of lines) yield JSON.parse(line) as DirectoryProcessLine;
}

import { Command } from 'commander';
import type { UnreadableNumber } from '../callers/directory-entry.ts';
import { reportHeading, reportLine, whyInWords } from '../callers/directory-report.ts';
import type { DirectoryStore } from '../callers/directory-store.ts';
import { type CallerConnector, syncDirectory } from '../callers/directory-sync.ts';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { Language } from '../config/language-of.ts';
import { progressTeller } from './directory-progress.ts';
import { directoryWords, noNumber } from './directory-texts.ts';

export interface DirectoryWorld {
  readonly directory: DirectoryStore;
  readonly connectors: readonly CallerConnector[];
  readonly numbers: ReadOptions;
  /** In which the person is spoken to. */
  readonly language: Language;
  /** The page on which a person sees the record. */
  readonly recordUrl: (ref: { readonly connector: string; readonly object: string; readonly id: string }) => string;
  close(): Promise<void>;
}

export interface DirectoryCommandDeps {
  /** Opened only when a command runs, so that `--help` needs no settings; closed after it. */
  readonly open: () => Promise<DirectoryWorld>;
  /** Aborts when the person breaks off. */
  readonly signal: AbortSignal;
  /** Writes one line of output. */
  readonly print: (line: string) => void;
  /** Writes one line of progress, apart from the output. */
  readonly progress: (line: string) => void;
  readonly setExitCode: (code: number) => void;
  /** Milliseconds; for the pace of progress. */
  readonly now: () => number;
}

/** `directory sync · find · unreadable`. Exit code 1: nothing found, or a sync failed. */
export function directoryCommand(deps: DirectoryCommandDeps): Command {
  const command = new Command('toritsugi directory').description(
    'Whose number is whose: the local index of every connected CRM.',
  );

  command
    .command('sync')
    .description('reads what changed in the CRMs since the last time, and everything the first time')
    .argument('[connector]', 'one connector; all by default')
    .option('--json', 'print one object a connector')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi directory sync kintone')
    .action((connector: string | undefined, { json }: { json?: true }) =>
      within(deps, (world) => sync(world, deps, { connector, json })),
    );

  command
    .command('find')
    .description('who has this number, however it is written')
    .argument('<number>', 'in any spelling')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi directory find 03-1234-5678')
    .action((number: string, { json }: { json?: true }) => within(deps, (world) => find(world, deps, { number, json })));

  command
    .command('unreadable')
    .description('telephone fields that nobody can read: these customers are not found when they call')
    .argument('[connector]', 'one connector; all by default')
    .option('--json', 'print one object a line')
    .option('--csv', 'print CSV for a spreadsheet')
    .option('--limit <n>', 'the most lines', '10000')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi directory unreadable --csv > unreadable.csv')
    .action((connector: string | undefined, options: UnreadableOptions) =>
      within(deps, (world) => listUnreadable(world, deps, { ...options, connector })),
    );
  return command;
}

interface UnreadableOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly limit: string;
}

async function within(deps: DirectoryCommandDeps, work: (world: DirectoryWorld) => Promise<void>): Promise<void> {
  const world = await deps.open();
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

async function sync(
  world: DirectoryWorld,
  deps: DirectoryCommandDeps,
  options: { readonly connector: string | undefined; readonly json: true | undefined },
): Promise<void> {
  for (const crm of world.connectors.filter(({ name }) => isWanted(world, name, options.connector))) {
    try {
      const onProgress = progressTeller((line) => deps.progress(line[world.language]), deps.now);
      const report = await syncDirectory(crm, { directory: world.directory, onProgress }, deps.signal);
      deps.print(options.json ? JSON.stringify({ ...report, ok: true }) : directoryWords.synced(report)[world.language]);
    } catch (error) {
      deps.signal.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      const told = directoryWords.notSynced(crm.name, error)[world.language];
      deps.print(options.json ? JSON.stringify({ connector: crm.name, ok: false, problem }) : told);
      deps.setExitCode(1);
    }
  }
}

function isWanted(world: DirectoryWorld, name: string, wanted: string | undefined): boolean {
  const names = world.connectors.map((crm) => crm.name);
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new Error(directoryWords.noConnector(wanted, names)[world.language]);
  }
  return wanted === undefined || wanted === name;
}

async function find(
  world: DirectoryWorld,
  deps: DirectoryCommandDeps,
  { number, json }: { readonly number: string; readonly json: true | undefined },
): Promise<void> {
  const read = readNumber(number, world.numbers);
  if (read.kind !== 'number') throw new Error(noNumber(read)[world.language]);
  const records = await world.directory.find(read.e164);
  if (records.length === 0) deps.setExitCode(1);
  if (json) {
    const shown = records.map((record) => ({ ...record, url: world.recordUrl(record) }));
    deps.print(JSON.stringify({ number: read.e164, national: read.national, records: shown }));
    return;
  }
  if (records.length === 0) deps.print(directoryWords.nobodyHas(`${read.national} (${read.e164})`)[world.language]);
  for (const record of records) {
    const phones = record.phones.map(({ field, value }) => `${field} ${value}`).join(', ');
    deps.print(`${record.connector} ${record.object} ${record.id}  ${record.name}  (${phones})  ${world.recordUrl(record)}`);
  }
}

async function listUnreadable(
  world: DirectoryWorld,
  deps: DirectoryCommandDeps,
  options: UnreadableOptions & { readonly connector: string | undefined },
): Promise<void> {
  if (!/^[1-9]\d{0,5}$/.test(options.limit)) throw new Error(directoryWords.limit[world.language]);
  const connector = options.connector === undefined ? {} : { connector: options.connector };
  const lines = await world.directory.unreadable({ ...connector, limit: Number(options.limit) });
  if (options.csv) deps.print(reportHeading());
  for (const line of lines) {
    if (options.json) deps.print(JSON.stringify(line));
    else deps.print(options.csv ? reportLine({ ...line, url: world.recordUrl(line) }) : plainLine(line, world.language));
  }
  if (lines.length === 0 && !options.json && !options.csv) deps.print(directoryWords.allReadable[world.language]);
}

function plainLine({ connector, object, id, name, field, raw, why }: UnreadableNumber, language: Language): string {
  return `${connector} ${object} ${id}  ${name}  ${field}: ${JSON.stringify(raw)}  ${whyInWords[language][why]}`;
}

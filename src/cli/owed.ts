import { Command, InvalidArgumentError, Option } from 'commander';
import type { Language } from '../config/language-of.ts';
import type { OwedAdmin } from '../write-back/owed-admin.ts';
import type { OwedId, OwedRecord, OwedStatus } from '../write-back/owed-record.ts';
import { owedWords, statusWords } from './owed-texts.ts';

/** What the command works on, opened when it is called. */
export interface OwedDesk {
  readonly admin: OwedAdmin;
  /** The person at the keyboard, for the record of a discard. */
  readonly by: string;
  /** In which the person is spoken to. */
  readonly language: Language;
  close(): Promise<void>;
}

/** Nothing was changed; the message says why. */
export class OwedCommandFailed extends Error {
  override readonly name = 'OwedCommandFailed';
}

type Print = (line: string) => void;

interface ListOptions {
  readonly json?: true;
  readonly connector?: string;
  readonly status?: OwedStatus;
  readonly limit: number;
}

const STATUSES: readonly OwedStatus[] = ['owed', 'writing', 'written', 'refused', 'discarded', 'notNeeded'];

/** `owed list · retry · discard`: what the CRMs should have and do not have yet. */
export function owedCommand(
  open: () => Promise<OwedDesk>,
  print: Print = (line) => void process.stdout.write(`${line}\n`),
): Command {
  const command = new Command('toritsugi owed').description('What the CRMs should have and do not have yet.');
  command.addHelpText('after', '\nExample:\n  $ ./toritsugi owed list --connector salesforce');

  command
    .command('list')
    .description('what is owed, oldest first')
    .option('--json', 'one JSON object a line')
    .option('--connector <name>', 'of one CRM only')
    .addOption(new Option('--status <status>', 'instead of everything that is missing in a CRM').choices(STATUSES))
    .option('--limit <number>', 'most records, up to 1000', readLimit, 100)
    .addHelpText('after', '\nExample:\n  $ ./toritsugi owed list --status refused --json')
    .action((options: ListOptions) => withDesk(open, (desk) => list(desk, options, print)));

  command
    .command('retry')
    .description('tries again now, also when the CRM is held')
    .argument('[id]', 'the id from `owed list`')
    .option('--all', 'everything that is owed or refused')
    .option('--connector <name>', 'with --all: of one CRM only')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi owed retry --all --connector kintone')
    .action((id: string | undefined, options: { readonly all?: true; readonly connector?: string }) =>
      withDesk(open, (desk) => retry(desk, id, options, print)),
    );

  command
    .command('discard')
    .description('gives a record up: the CRM will not get it')
    .argument('<id>', 'the id from `owed list`')
    .requiredOption('--reason <text>', 'why; kept with the record')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi owed discard 3f2c… --reason "a test call"')
    .action((id: string, options: { readonly reason: string }) =>
      withDesk(open, (desk) => discard(desk, id, options.reason, print)),
    );

  return command;
}

async function withDesk(open: () => Promise<OwedDesk>, work: (desk: OwedDesk) => Promise<void>): Promise<void> {
  const desk = await open();
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

async function list({ admin, language }: OwedDesk, options: ListOptions, print: Print): Promise<void> {
  const { connector = null, status = null, limit } = options;
  const { records, total } = await admin.list({ connector, status, limit });
  if (options.json) {
    for (const record of records) print(JSON.stringify(toJson(record)));
    return;
  }
  for (const hold of await admin.holds()) {
    print(owedWords.held(hold)[language]);
  }
  for (const record of records) print(toLine(record, language));
  if (total === 0) print(owedWords.nothing(status)[language]);
  else if (total > records.length) print(owedWords.more(total - records.length)[language]);
}

async function retry(
  { admin, language }: OwedDesk,
  id: string | undefined,
  options: { readonly all?: true; readonly connector?: string },
  print: Print,
): Promise<void> {
  if ((id === undefined) === (options.all === undefined)) {
    throw new OwedCommandFailed(owedWords.oneOrAll[language]);
  }
  const selection = id === undefined ? { connector: options.connector ?? null } : { id: id as OwedId };
  const count = await admin.retry(selection);
  if (id !== undefined && count === 0) throw new OwedCommandFailed(owedWords.noneToRetry(id)[language]);
  print(owedWords.retried(count)[language]);
}

async function discard({ admin, by, language }: OwedDesk, id: string, reason: string, print: Print): Promise<void> {
  if (reason.trim() === '') throw new OwedCommandFailed(owedWords.sayWhy[language]);
  const count = await admin.discard({ id: id as OwedId }, { reason, by });
  if (count === 0) throw new OwedCommandFailed(owedWords.noneToDiscard(id)[language]);
  print(owedWords.discarded[language]);
}

function toLine(record: OwedRecord, language: Language): string {
  const state = statusWords[record.status][language];
  const tried = owedWords.tried(record.attempts)[language];
  const words = [record.id, record.connector, record.purpose, record.callId, state, tried];
  const fields = record.problem?.fields.map((field) => ` [${field.field ?? '-'}: ${field.code}]`).join('') ?? '';
  return record.problem === null ? words.join('  ') : `${words.join('  ')}  ${record.problem.message}${fields}`;
}

function toJson(record: OwedRecord): Readonly<Record<string, unknown>> {
  const at = (instant: number) => new Date(instant).toISOString();
  const { problem } = record;
  return {
    ...record,
    nextAttemptAt: at(record.nextAttemptAt),
    createdAt: at(record.createdAt),
    changedAt: at(record.changedAt),
    problem: problem === null ? null : { ...problem, at: at(problem.at) },
  };
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new InvalidArgumentError('Give a number from 1 to 1000.');
  return limit;
}

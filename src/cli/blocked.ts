import { Command, InvalidArgumentError } from 'commander';
import type { ReadOptions } from '../callers/phone-number.ts';
import type { Language } from '../config/language-of.ts';
import { readPattern } from '../routing/blocked-pattern.ts';
import type { BlockedNumber, BlockedNumbers } from '../routing/blocked-store.ts';
import { blockedLine, blockedWords } from './blocked-texts.ts';

/** What the command works on, opened when it is called. */
export interface BlockedDesk {
  readonly blocked: BlockedNumbers;
  readonly numbers: ReadOptions;
  /** The person at the keyboard, kept with what they block. */
  readonly by: string;
  readonly now: () => number;
  /** In which the person is spoken to. */
  readonly language: Language;
  close(): Promise<void>;
}

/** Nothing was changed; the message says why. */
export class BlockedCommandFailed extends Error {
  override readonly name = 'BlockedCommandFailed';
}

type Print = (line: string) => void;

const DAY_MS = 24 * 3_600_000;
const PAGE = 500;

/** `blocked list · add · remove`: whose calls are not put through. */
export function blockedCommand(
  open: () => Promise<BlockedDesk>,
  print: Print = (line) => void process.stdout.write(`${line}\n`),
): Command {
  const command = new Command('toritsugi blocked').description('Whose calls are not put through.');
  command.addHelpText('after', '\nExample:\n  $ ./toritsugi blocked add 090-1234-5678 --reason "迷惑電話"');

  command
    .command('list')
    .description('every number that is blocked now')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi blocked list --json')
    .action((options: { readonly json?: true }) => withDesk(open, (desk) => list(desk, options.json === true, print)));

  command
    .command('add')
    .description('blocks a number, or all that begin alike')
    .argument('<number>', 'in any spelling, or its beginning and a *: "0120*"')
    .requiredOption('--reason <text>', 'why; kept with the number')
    .option('--days <n>', 'for so many days; without it until it is removed', readDays)
    .addHelpText('after', '\nExample:\n  $ ./toritsugi blocked add "+252*" --reason "fraud" --days 30')
    .action((number: string, options: { readonly reason: string; readonly days?: number }) =>
      withDesk(open, (desk) => add(desk, number, options, print)),
    );

  command
    .command('remove')
    .description('lets these callers through again')
    .argument('<number>', 'as in `blocked list`, or in any spelling')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi blocked remove 090-1234-5678')
    .action((number: string) => withDesk(open, (desk) => remove(desk, number, print)));

  return command;
}

async function withDesk(open: () => Promise<BlockedDesk>, work: (desk: BlockedDesk) => Promise<void>): Promise<void> {
  const desk = await open();
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

async function list({ blocked, language }: BlockedDesk, asJson: boolean, print: Print): Promise<void> {
  let after: string | null = null;
  let count = 0;
  do {
    const page = await blocked.list({ limit: PAGE, after });
    for (const entry of page.entries) print(asJson ? JSON.stringify(toJson(entry)) : blockedLine(entry)[language]);
    count += page.entries.length;
    after = page.next;
  } while (after !== null);
  if (count === 0 && !asJson) print(blockedWords.nothing[language]);
}

async function add(
  { blocked, numbers, by, now, language }: BlockedDesk,
  number: string,
  { reason, days }: { readonly reason: string; readonly days?: number },
  print: Print,
): Promise<void> {
  const why = reason.trim();
  if (why === '' || why.length > 200) throw new BlockedCommandFailed(blockedWords.sayWhy[language]);
  const until = days === undefined ? null : now() + days * DAY_MS;
  const added = await blocked.add({ pattern: readPattern(number, numbers), reason: why, by, until });
  print(blockedLine(added)[language]);
}

async function remove({ blocked, numbers, language }: BlockedDesk, number: string, print: Print): Promise<void> {
  const pattern = readPattern(number, numbers);
  if (!(await blocked.remove(pattern))) throw new BlockedCommandFailed(blockedWords.notBlocked(pattern)[language]);
  print(blockedWords.removed(pattern)[language]);
}

function toJson({ at, until, ...entry }: BlockedNumber): Readonly<Record<string, unknown>> {
  return { ...entry, at: new Date(at).toISOString(), until: until === null ? null : new Date(until).toISOString() };
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3_650) throw new InvalidArgumentError('Give a number from 1 to 3650.');
  return days;
}

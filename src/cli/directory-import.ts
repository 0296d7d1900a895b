import { Command, Option } from 'commander';
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { DirectoryComparison } from '../callers/directory-comparison.ts';
import type { DirectoryStore } from '../callers/directory-store.ts';
import type { ReadOptions } from '../callers/phone-number.ts';
import { type ColumnWishes, readCardWish, readList } from '../customer-list/columns.ts';
import type { FileEncoding } from '../customer-list/file-encoding.ts';
import { importCustomers } from '../customer-list/import-customers.ts';
import { type CustomerFile, openCustomerFile, WrongColumns } from '../customer-list/read-customers.ts';
import { type Survey, surveyCustomers } from '../customer-list/survey.ts';
import { UnreadableFile } from '../customer-list/unreadable-file.ts';
import { words } from '../telephony/check-finding.ts';
import { columnLines, columnProblemLine, type ImportFlags, surveyLines } from './directory-import-texts.ts';

type Language = keyof InBothLanguages;

export interface DirectoryImportWorld {
  readonly directory: Pick<DirectoryStore, 'open' | 'applyPage' | 'finish'>;
  readonly comparison: DirectoryComparison;
  readonly numbers: ReadOptions;
  readonly language: Language;
  close(): Promise<void>;
}

export interface DirectoryImportDeps {
  /** Opened only when the command runs; closed after it. */
  readonly open: () => Promise<DirectoryImportWorld>;
  readonly signal: AbortSignal;
  /** Null where nobody can be asked: then only `--yes` changes anything. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly newId: () => string;
  readonly print: (line: string) => void;
  /** Apart from the output. */
  readonly progress: (line: string) => void;
}

interface ImportOptions {
  readonly name?: string;
  readonly phone?: string;
  readonly key?: string;
  readonly card?: string;
  readonly encoding?: FileEncoding;
  readonly replace?: true;
  readonly restoreZeros?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly language?: Language;
}

/** `directory import FILE`: customers who are in no CRM. Shows first what it will do. */
export function directoryImportCommand(deps: DirectoryImportDeps): Command {
  return new Command('import')
    .description('takes customers from a CSV file, so that they are recognised without any CRM')
    .argument('<file>', 'CSV with a row of headers; UTF-8, UTF-16 or Shift_JIS; commas, tabs or semicolons')
    .option('--name <columns>', 'column with the name; two are joined: 姓,名')
    .option('--phone <columns>', 'columns with telephone numbers, best first')
    .option('--key <column>', 'column with the customer number: importing again replaces by it')
    .option('--card <columns>', 'what operators see, with other labels if you like: 会社名=会社,部署')
    .addOption(new Option('--encoding <encoding>', 'when it is not found out').choices(['utf-8', 'utf-16le', 'shift_jis']))
    .option('--restore-zeros', 'give numbers back the first zero that Excel took: 9012345678 → 090-1234-5678')
    .option('--replace', 'remove the customers whom the file does not name')
    .option('--dry-run', 'show what would be done and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one object')
    .addOption(new Option('--language <language>', 'of the texts; that of the settings unless given').choices(['en', 'ja']))
    .addHelpText('after', example)
    .action((file: string, options: ImportOptions) => run(file, options, deps));
}

const example = `
Columns that are not named are guessed from the headers and shown. At a terminal you are asked before anything changes;
elsewhere nothing changes without --yes.

Examples:
  $ ./toritsugi directory import customers.csv --dry-run
  $ ./toritsugi directory import customers.csv --name 氏名 --phone 電話番号,携帯 --key 顧客番号 --card 会社名=会社`;

async function run(file: string, options: ImportOptions, deps: DirectoryImportDeps): Promise<void> {
  const world = await deps.open();
  const language = options.language ?? world.language;
  try {
    await surveyAndImport(file, options, { ...deps, world, say: (line) => deps.print(line[language]), language });
  } catch (error) {
    if (error instanceof UnreadableFile) throw new Error(`${file}: ${error.told[language]}`, { cause: error });
    if (!(error instanceof WrongColumns)) throw error;
    throw new Error(error.problems.map((problem) => columnProblemLine(problem)[language]).join('\n'), { cause: error });
  } finally {
    await world.close();
  }
}

interface Running extends DirectoryImportDeps {
  readonly world: DirectoryImportWorld;
  readonly say: (line: InBothLanguages) => void;
  readonly language: Language;
}

async function surveyAndImport(path: string, options: ImportOptions, running: Running): Promise<void> {
  const { world, signal, say } = running;
  const { numbers } = world;
  const flags = { replace: options.replace === true, restoreZeros: options.restoreZeros === true };
  const file = await openCustomerFile(path, { numbers, wishes: wishesOf(options), encoding: options.encoding ?? null }, signal);
  if (options.json !== true) columnLines(file).forEach(say);
  const onProgress = progressOf(file, running);
  const survey = await surveyCustomers(file, world.comparison, { ...flags, onProgress: onProgress(reading) }, signal);
  if (options.json !== true) surveyLines(survey, flags).forEach(say);
  const isWanted = await isImportWanted(survey, flags, options, running);
  if (isWanted) {
    const wishes = { ...flags, readingId: running.newId(), onProgress: onProgress(writing) };
    await importCustomers(file, world.directory, wishes, signal);
  }
  if (options.json === true) running.print(JSON.stringify({ ...survey, imported: isWanted }));
  else if (isWanted) say(words('Imported.', '取り込みました。'));
}

async function isImportWanted(
  { added, changed, notInFile, withoutNumber }: Survey,
  { replace }: ImportFlags,
  { dryRun, yes, json }: ImportOptions,
  { confirm, say, language }: Running,
): Promise<boolean> {
  const isNothing = added + changed + withoutNumber.count === 0 && !(replace && notInFile > 0);
  const told = json === true ? () => undefined : say;
  if (dryRun === true) told(words('Dry run: nothing was changed.', '確認のみ: 何も変更していません。'));
  else if (isNothing) told(words('There is nothing to change.', '変更するものはありません。'));
  else if (yes === true) return true;
  else if (confirm !== null) return confirm(question[language]);
  else told(words('Nothing was changed: add --yes to import.', '何も変更していません。取り込むには --yes を付けてください。'));
  return false;
}

const question = words('Import this?', '取り込みますか?');
const reading = words('read', '読み込み');
const writing = words('written', '書き込み');

function progressOf({ size }: CustomerFile, { progress, language }: Running) {
  return (doing: InBothLanguages) =>
    ({ rows, bytesRead }: { readonly rows: number; readonly bytesRead: number }) =>
      progress(`${doing[language]}: ${rows} (${Math.floor((100 * bytesRead) / Math.max(1, size))} %)`);
}

function wishesOf({ name, phone, key, card }: ImportOptions): ColumnWishes {
  return {
    ...(name === undefined ? {} : { name: readList(name) }),
    ...(phone === undefined ? {} : { phone: readList(phone) }),
    ...(key === undefined ? {} : { key }),
    ...(card === undefined ? {} : { card: readCardWish(card) }),
  };
}

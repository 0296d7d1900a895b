import { Command } from 'commander';
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import type { CallRecord } from '../calls/call.ts';
import { createTracker, liveCalls, track } from '../calls/tracker.ts';
import { trackerSettings } from '../hub/tracker-settings.ts';
import { AmiProtocolError } from '../telephony/ami/ami-parser.ts';
import { defaultNumbering } from '../telephony/numbering.ts';
import { RecordingError } from '../telephony/replay/recording-file.ts';
import { replayFiles } from '../telephony/replay/replay-files.ts';

interface ReplayOptions {
  readonly json?: boolean;
  readonly pbx: string;
  readonly region: string;
  readonly phones?: string;
}

/** `replay FILE…`: recorded connections of one PBX through the code that listens live; prints what calls there were. */
export function replayCommand(): Command {
  return new Command('toritsugi replay')
    .description(
      'Runs recorded AMI (.ami) and ARI (.ari.ndjson) streams, gzipped or not, through the same code as live and prints the calls.',
    )
    .argument('<files...>', 'recordings; several of a kind are successive connections of one PBX, both kinds two ears on it')
    .option('--json', 'one call record per line, in order of their start')
    .option('--pbx <name>', 'the name of the PBX, part of every call id', 'main')
    .option('--region <country>', 'whose national numbers are read (ISO 3166)', 'JP')
    .option(
      '--phones <pattern>',
      'which endpoints are inside phones, as INSIDE_PHONES says it; by default those of 2 to 6 digits',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ ./toritsugi replay --json monday.ami.gz\n  $ ./toritsugi replay monday.ami monday.ari.ndjson',
    )
    .action((files: string[], options: ReplayOptions) => {
      try {
        const records = replayCalls(files, options, warnOfUnreadable);
        process.stdout.write(options.json ? jsonLines(records) : table(records));
      } catch (error) {
        if (!(error instanceof RecordingError || error instanceof AmiProtocolError)) throw error;
        process.stderr.write(`toritsugi: ${error.message}\n`);
        process.exitCode = 1;
      }
    });
}

/** The calls in order of their start; calls that still go on at the end of the last recording have no `endedAt`. */
export function replayCalls(
  files: readonly string[],
  options: Pick<ReplayOptions, 'pbx'> & Partial<ReplayOptions>,
  onUnreadable: (lines: number) => void = () => {},
): CallRecord[] {
  const numbering =
    options.phones === undefined ? defaultNumbering : { ...defaultNumbering, phones: [phonePattern(options.phones)] };
  const tracker = createTracker(trackerSettings([{ name: options.pbx, numbering }], regionOf(options.region ?? 'JP')));
  const records: CallRecord[] = [];
  for (const event of replayFiles(files, { numbering, onUnreadable })) {
    for (const told of track(tracker, event)) if (told.type === 'callEnded') records.push(told.call.record);
  }
  for (const live of liveCalls(tracker)) records.push(live.record);
  return records.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function warnOfUnreadable(lines: number): void {
  process.stderr.write(`toritsugi: ${lines} lines of the ARI recording could not be read and were passed over.\n`);
}

function regionOf(text: string): CountryCode {
  if (isSupportedCountry(text)) return text;
  throw new RecordingError(`--region: there is no country ${text}. Give two capital letters, such as JP.`);
}

function phonePattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (cause) {
    throw new RecordingError(`--phones: not a regular expression: ${text}`, { cause });
  }
}

function jsonLines(records: readonly CallRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function table(records: readonly CallRecord[]): string {
  if (records.length === 0) return 'No calls.\n';
  const head = [
    'started (UTC)',
    'direction',
    'customer',
    'queue',
    'rang',
    'spoke',
    'result',
    'wait',
    'talk',
    'hold',
    'transfers',
  ];
  const rows = [head, ...records.map(tableRow)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function tableRow(record: CallRecord): string[] {
  const { customer } = record;
  const whom = customer === null ? `${record.placedBy ?? '?'} (internal)` : (customer.raw ?? 'withheld');
  return [
    record.startedAt.slice(0, 19).replace('T', ' '),
    record.direction,
    whom,
    record.queue ?? '-',
    record.rang.join(',') || '-',
    record.spokeWith.join(',') || '-',
    record.result ?? 'going on',
    ...[record.waitSeconds, record.talkSeconds, record.holdSeconds].map((seconds) => seconds.toFixed(1)),
    record.transfers.map(({ kind, from, to }) => `${kind} ${from ?? '?'}→${to ?? '?'}`).join(', ') || '-',
  ];
}

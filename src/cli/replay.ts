import { Command } from 'commander';
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import type { CallRecord } from '../calls/call.ts';
import { type FiledCall, filedCalls } from '../calls/filed-calls.ts';
import { withFilled } from '../calls/fill-gap.ts';
import { createTracker, liveCalls, type TrackerSettings, track } from '../calls/tracker.ts';
import { trackerSettings } from '../hub/tracker-settings.ts';
import { AmiProtocolError } from '../telephony/ami/ami-parser.ts';
import { defaultNumbering, type Numbering } from '../telephony/numbering.ts';
import { createPbxTimes, type PbxTimes } from '../telephony/records/pbx-time.ts';
import { translateRecords } from '../telephony/records/records-translator.ts';
import { atOnce } from '../telephony/records/unhurried.ts';
import { createHeardGaps } from '../telephony/replay/heard-gaps.ts';
import { RecordingError } from '../telephony/replay/recording-file.ts';
import { replayFiles } from '../telephony/replay/replay-files.ts';
import { isWrittenRecord, readWrittenRecords } from '../telephony/replay/written-records.ts';

interface ReplayOptions {
  readonly json?: boolean;
  readonly pbx: string;
  readonly region: string;
  readonly phones?: string;
  readonly pbxTimeZone?: string;
}

/** `replay FILE…`: recorded connections of one PBX through the code that listens live; prints what calls there were. */
export function replayCommand(): Command {
  return new Command('toritsugi replay')
    .description(
      'Runs recorded AMI (.ami) and ARI (.ari.ndjson) streams and what Asterisk itself wrote down (.cdr.csv, .cel.csv, .queue_log), gzipped or not, through the same code as live and prints the calls.',
    )
    .argument(
      '<files...>',
      "recordings; several of a kind are successive connections of one PBX, both kinds two ears on it. Asterisk's own files tell of the calls alone, or, beside recordings, of what these did not hear",
    )
    .option('--json', 'one call record per line, in order of their start')
    .option('--pbx <name>', 'the name of the PBX, part of every call id', 'main')
    .option('--region <country>', 'whose national numbers are read (ISO 3166)', 'JP')
    .option(
      '--phones <pattern>',
      'which endpoints are inside phones, as INSIDE_PHONES says it; by default those of 2 to 6 digits',
    )
    .option('--pbx-time-zone <zone>', "the zone of the PBX's clock, for .csv files with local times", 'Asia/Tokyo')
    .addHelpText(
      'after',
      [
        '\nExamples:',
        '  $ ./toritsugi replay --json monday.ami.gz',
        '  $ ./toritsugi replay monday.ami monday.ari.ndjson',
        '  $ ./toritsugi replay --json monday.ami monday.2.ami monday.cel.csv monday.cdr.csv monday.queue_log',
      ].join('\n'),
    )
    .action((files: string[], options: ReplayOptions) => {
      try {
        const records = replayCalls(files, options, { onUnreadable: warnOfUnreadable, onSkipped: warnOfSkipped });
        process.stdout.write(options.json ? jsonLines(records) : table(records));
      } catch (error) {
        if (!(error instanceof RecordingError || error instanceof AmiProtocolError)) throw error;
        process.stderr.write(`toritsugi: ${error.message}\n`);
        process.exitCode = 1;
      }
    });
}

/** Told of what could not be read, when there was any. */
interface ReplayEars {
  readonly onUnreadable?: (lines: number) => void;
  readonly onSkipped?: (file: string, lines: number) => void;
}

/**
 * The calls in order of their start; calls that still go on at the end of the last recording have no `endedAt`, and are not told of
 * by Asterisk's own files alone.
 */
export function replayCalls(
  files: readonly string[],
  options: Pick<ReplayOptions, 'pbx'> & Partial<ReplayOptions>,
  ears: ReplayEars = {},
): readonly CallRecord[] {
  const numbering =
    options.phones === undefined ? defaultNumbering : { ...defaultNumbering, phones: [phonePattern(options.phones)] };
  const settings = trackerSettings([{ name: options.pbx, numbering }], regionOf(options.region ?? 'JP'));
  const [written, recordings] = [files.filter(isWrittenRecord), files.filter((file) => !isWrittenRecord(file))];
  const filed = written.length === 0 ? [] : readFiled(written, { settings, numbering, times: timesOf(options), ears });
  const calls =
    recordings.length === 0 ? filed.map(({ record }) => record) : heardCalls(recordings, { settings, numbering, filed, ears });
  return calls.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}

interface Replaying {
  readonly settings: TrackerSettings;
  readonly numbering: Numbering;
  readonly ears: ReplayEars;
}

function readFiled(files: readonly string[], { settings, numbering, times, ears }: Replaying & { readonly times: PbxTimes }) {
  const { rows, skipped } = readWrittenRecords(files, times);
  for (const [file, lines] of skipped) ears.onSkipped?.(file, lines);
  return atOnce(filedCalls(atOnce(translateRecords(rows, numbering)), settings));
}

function heardCalls(
  files: readonly string[],
  { settings, numbering, filed, ears }: Replaying & { readonly filed: readonly FiledCall[] },
): readonly CallRecord[] {
  const tracker = createTracker(settings);
  const gaps = createHeardGaps();
  const records: CallRecord[] = [];
  for (const event of replayFiles(files, { numbering, ...(ears.onUnreadable && { onUnreadable: ears.onUnreadable }) })) {
    gaps.hear(event);
    for (const told of track(tracker, event)) if (told.type === 'callEnded') records.push(told.call.record);
  }
  for (const live of liveCalls(tracker)) records.push(live.record);
  return filed.length === 0 ? records : withFilled(records, filed, gaps.gaps());
}

function warnOfUnreadable(lines: number): void {
  process.stderr.write(`toritsugi: ${lines} lines of the ARI recording could not be read and were passed over.\n`);
}

function warnOfSkipped(file: string, lines: number): void {
  process.stderr.write(`toritsugi: ${file}: ${lines} lines are no records and were passed over.\n`);
}

function timesOf({ pbxTimeZone = 'Asia/Tokyo' }: Partial<ReplayOptions>): PbxTimes {
  try {
    return createPbxTimes(pbxTimeZone);
  } catch (cause) {
    throw new RecordingError(`--pbx-time-zone: there is no time zone ${pbxTimeZone}. Give one such as Asia/Tokyo or UTC.`, {
      cause,
    });
  }
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

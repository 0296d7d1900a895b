import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CallRecord } from '../../src/calls/call.ts';
import { filedCalls } from '../../src/calls/filed-calls.ts';
import { createAmiParser } from '../../src/telephony/ami/ami-parser.ts';
import { defaultNumbering } from '../../src/telephony/numbering.ts';
import { createPbxTimes } from '../../src/telephony/records/pbx-time.ts';
import type { Columns } from '../../src/telephony/records/record-columns.ts';
import { rowOf } from '../../src/telephony/records/record-lines.ts';
import type { CelRow, RecordRows } from '../../src/telephony/records/record-rows.ts';
import { translateRecords } from '../../src/telephony/records/records-translator.ts';
import { atOnce } from '../../src/telephony/records/unhurried.ts';
import { readWrittenRecords } from '../../src/telephony/replay/written-records.ts';
import { traceFolder, truthOf } from './judge-calls.ts';
import { recordingsOf, scenarios, trackerSettings } from './traces.ts';

/** What Asterisk wrote into its files for the recorded calls. */

export const tokyo = createPbxTimes('Asia/Tokyo');
const endings = ['cel.csv', 'cdr.csv', 'queue_log'] as const;

export function writtenFile(scenario: string, ending: (typeof endings)[number]): string {
  return path.join(traceFolder, `${scenario}.${ending}.gz`);
}

export function writtenFilesOf(scenario: string, which: readonly (typeof endings)[number][] = endings): string[] {
  return which.map((ending) => writtenFile(scenario, ending)).filter((file) => existsSync(file));
}

/** The scenarios of which there are files. */
export function writtenScenarios(): string[] {
  return scenarios().filter((scenario) => existsSync(writtenFile(scenario, 'cel.csv')));
}

export function writtenRowsOf(scenario: string, which: readonly (typeof endings)[number][] = endings): RecordRows {
  return readWrittenRecords(writtenFilesOf(scenario, which), tokyo).rows;
}

/** The calls of these rows that belong to the scenario: the files go on with those of the next one. */
export function filedRecordsOf(scenario: string, rows: RecordRows): CallRecord[] {
  const { recorded_from: from = 0, recorded_to: to = Number.POSITIVE_INFINITY } = truthOf(scenario);
  const records = atOnce(filedCalls(atOnce(translateRecords(rows, defaultNumbering)), trackerSettings)).map(
    ({ record }) => record,
  );
  // Whole seconds may be one too early.
  return records.filter(({ startedAt }) => Date.parse(startedAt) >= from - 1_000 && Date.parse(startedAt) <= to);
}

/** The CEL rows as a table with all columns has them, from the CEL events of a recording; when they came is their time. */
export function celTableOf(scenario: string): CelRow[] {
  const rows: CelRow[] = [];
  for (const { chunks } of recordingsOf(scenario)) {
    const parser = createAmiParser();
    for (const { at, bytes } of chunks) {
      for (const message of parser.push(bytes)) {
        if (message.event !== 'CEL') continue;
        const columns: Columns = new Map([
          ['eventtime', (at / 1000).toFixed(3)],
          ...celHeaders.map(([column, header]) => [column, message.get(header) ?? ''] as const),
        ]);
        const row = rowOf('cel', columns, tokyo);
        if (row?.kind === 'cel') rows.push(row.row);
      }
    }
  }
  return rows;
}

const celHeaders = [
  ['eventtype', 'EventName'],
  ['cidnum', 'CallerIDnum'],
  ['cidname', 'CallerIDname'],
  ['exten', 'Exten'],
  ['channame', 'Channel'],
  ['appname', 'Application'],
  ['appdata', 'AppData'],
  ['uniqueid', 'UniqueID'],
  ['linkedid', 'LinkedID'],
  ['peer', 'Peer'],
  ['extra', 'Extra'],
] as const;

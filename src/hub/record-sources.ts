/** The settings that say where Asterisk writes down its calls, made into what is read. */
import type { PbxSettingValues } from '../config/pbx-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import { createFileSource } from '../telephony/records/file-source.ts';
import { openMysqlRecords } from '../telephony/records/mysql-records.ts';
import { createPbxTimes, type PbxTimes } from '../telephony/records/pbx-time.ts';
import { openPostgresRecords } from '../telephony/records/postgres-records.ts';
import type { RecordDatabase } from '../telephony/records/record-database.ts';
import { layoutOfNames, type RecordKind } from '../telephony/records/record-layout.ts';
import type { RecordSource } from '../telephony/records/record-source.ts';
import { createTableSource } from '../telephony/records/table-source.ts';

/** `timeZone`: that of the call centre, unless the PBX has another. None when nothing is set: then what nobody hears stays unheard. @throws WrongSettings */
export function openRecordSources(values: PbxSettingValues, timeZone: string): readonly RecordSource[] {
  const times = timesOf(values.PBX_TIME_ZONE ?? timeZone);
  const files: readonly (readonly [RecordKind, string | undefined])[] = [
    ['cel', values.CEL_FILE],
    ['cdr', values.CDR_FILE],
    ['queueLog', values.QUEUE_LOG_FILE],
  ];
  const columns = values.CEL_COLUMNS === undefined ? null : layoutOfNames(values.CEL_COLUMNS);
  const sources = files.flatMap(([kind, file]) =>
    file === undefined ? [] : [createFileSource({ kind, file, times, columns: kind === 'cel' ? columns : null })],
  );
  return values.CDR_DATABASE_URL === undefined ? sources : [...sources, openRecordTables(values.CDR_DATABASE_URL, times)];
}

/** @throws WrongSettings */
export function openRecordTables(url: string, times: PbxTimes): RecordSource {
  return createTableSource(databaseAt(url), times);
}

function databaseAt(url: string): RecordDatabase {
  if (/^postgres(ql)?:/.test(url)) return openPostgresRecords(url);
  if (/^(mysql|mariadb):/.test(url)) return openMysqlRecords(url.replace(/^mariadb:/, 'mysql:'));
  const remedy = 'Give postgres://user:password@host/database or mysql://user:password@host/database.';
  throw new WrongSettings([{ key: 'CDR_DATABASE_URL', problem: 'its value names no known database', remedy }]);
}

function timesOf(timeZone: string): PbxTimes {
  try {
    return createPbxTimes(timeZone);
  } catch {
    const problem = `there is no time zone ${JSON.stringify(timeZone.slice(0, 60))}`;
    throw new WrongSettings([{ key: 'PBX_TIME_ZONE', problem, remedy: 'Give one such as Asia/Tokyo or UTC.' }]);
  }
}

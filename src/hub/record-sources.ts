/** The settings that say where Asterisk writes down its calls, made into what is read. */
import type { Settings } from '../config/read-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import { createFileSource } from '../telephony/records/file-source.ts';
import { openMysqlRecords } from '../telephony/records/mysql-records.ts';
import { createPbxTimes, type PbxTimes } from '../telephony/records/pbx-time.ts';
import { openPostgresRecords } from '../telephony/records/postgres-records.ts';
import type { RecordDatabase } from '../telephony/records/record-database.ts';
import { layoutOfNames, type RecordKind } from '../telephony/records/record-layout.ts';
import type { RecordSource } from '../telephony/records/record-source.ts';
import { createTableSource } from '../telephony/records/table-source.ts';

/** None when nothing is set: then what nobody hears stays unheard. @throws WrongSettings */
export function openRecordSources({ hub }: Settings): readonly RecordSource[] {
  const times = timesOf(hub.PBX_TIME_ZONE);
  const files: readonly (readonly [RecordKind, string | undefined])[] = [
    ['cel', hub.CEL_FILE],
    ['cdr', hub.CDR_FILE],
    ['queueLog', hub.QUEUE_LOG_FILE],
  ];
  const columns = hub.CEL_COLUMNS === undefined ? null : layoutOfNames(hub.CEL_COLUMNS);
  const sources = files.flatMap(([kind, file]) =>
    file === undefined ? [] : [createFileSource({ kind, file, times, columns: kind === 'cel' ? columns : null })],
  );
  return hub.CDR_DATABASE_URL === undefined ? sources : [...sources, createTableSource(databaseAt(hub.CDR_DATABASE_URL), times)];
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

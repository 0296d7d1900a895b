/** The settings that say where Asterisk writes down its calls, made into what is read. */
import type { PbxSettingValues } from '../config/pbx-settings.ts';
import { WrongSettings, wrongSetting } from '../config/setting.ts';
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
  const forms = 'postgres://user:password@host/database';
  const problem = wrongSetting(
    'CDR_DATABASE_URL',
    ['its value names no known database', '値が対応するデータベースの URL ではありません'],
    [
      `Give ${forms} or mysql://user:password@host/database.`,
      `${forms} または mysql://user:password@host/database の形式で指定してください。`,
    ],
  );
  throw new WrongSettings([problem]);
}

function timesOf(timeZone: string): PbxTimes {
  try {
    return createPbxTimes(timeZone);
  } catch {
    const shown = JSON.stringify(timeZone.slice(0, 60));
    const problem = wrongSetting(
      'PBX_TIME_ZONE',
      [`there is no time zone ${shown}`, `${shown} というタイムゾーンはありません`],
      ['Give one such as Asia/Tokyo or UTC.', 'Asia/Tokyo や UTC のように指定してください。'],
    );
    throw new WrongSettings([problem]);
  }
}

import type { InBothLanguages } from '../../connectors/connector.ts';
import { type Finding, failure, fine, someOf, unchecked, warning, words } from './check-finding.ts';
import type { PbxTimes } from './records/pbx-time.ts';
import type { Layout } from './records/record-layout.ts';
import { createRecordReader } from './records/record-lines.ts';

/** What was found on the disk: the newest file's name and age, or the last lines of a file; or why not, in plain words. */
export type Looked<Value> =
  | { readonly seen: Value; readonly refused: null }
  | { readonly seen: null; readonly refused: 'missing' | 'unreadable' };

export interface SeenFolder {
  /** Names without folders, newest first. */
  readonly newest: readonly string[];
  readonly newestAt: number | null;
}

export interface SeenFile {
  readonly lastLines: readonly string[];
  readonly changedAt: number;
}

const dayMs = 86_400_000;
/** A call centre that wrote nothing for so long has a rest day behind it, or a fault. */
const staleMs = 4 * dayMs;

const recordingsName = words('recordings', '録音');

/**
 * Names end in the channel's id, by which a recording is found when the PBX did not tell of it. Channels of click-to-call have ids that
 * we chose.
 */
const withUniqueid = /\d{9,11}\.\d{1,15}(?:[-.]|$)/;

export function checkRecordings(folder: string, { seen, refused }: Looked<SeenFolder>, now: number): Finding[] {
  if (seen === null) return [cannotRead(recordingsName, 'RECORDINGS_DIR', folder, refused)];
  if (seen.newestAt === null) {
    return [
      warning(
        recordingsName,
        words(`${folder} is empty`, `${folder} は空です`),
        words(
          'Place a recorded test call; compare the folder with MixMonitor in extensions.conf (see infra/asterisk/extensions.conf).',
          '録音される試験通話を行い、extensions.conf の MixMonitor の保存先と比べてください。',
        ),
      ),
    ];
  }
  const found = freshness(recordingsName, folder, seen.newestAt, now);
  return seen.newest.some((name) => withUniqueid.test(name)) ? [found] : [found, withoutIds(seen.newest)];
}

function withoutIds(names: readonly string[]): Finding {
  return warning(
    recordingsName,
    words(`names without the id of their call: ${someOf(names, 3)}`, `ファイル名に通話 ID がありません: ${someOf(names, 3)}`),
    words(
      'Let the channel’s UNIQUEID be part of the name, as in infra/asterisk/extensions.conf: other names are found only while the hub listens.',
      'infra/asterisk/extensions.conf のように、ファイル名に UNIQUEID を含めてください。',
    ),
  );
}

const cdrName = words('CDR file', 'CDR ファイル');
const celName = words('CEL file', 'CEL ファイル');
const queueLogName = words('queue_log', 'queue_log');

/** How the hub would read the files. */
export interface FileReading {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly times: PbxTimes;
  /** CEL_COLUMNS. */
  readonly columns?: Layout | null;
}

export function checkCdrFile(file: string, looked: Looked<SeenFile>, reading: FileReading): Finding[] {
  const remedy = words(
    'Set loguniqueid, loguserfield and newcdrcolumns to yes in [csv] of cdr.conf.',
    'cdr.conf の [csv] で loguniqueid・loguserfield・newcdrcolumns を yes にしてください。',
  );
  const reader = createRecordReader('cdr', reading.times);
  const isExpected = (line: string) => {
    const read = reader.read(line);
    return read?.kind === 'cdr' && read.row.channelId !== '';
  };
  return checkLines({ name: cdrName, setting: 'CDR_FILE', file, looked, now: reading.now, isExpected, remedy });
}

export function checkCelFile(file: string, looked: Looked<SeenFile>, { now, times, columns }: FileReading): Finding[] {
  const remedy = words(
    'Take the columns of infra/asterisk/cel_custom.conf, or name yours in CEL_COLUMNS.',
    '列を infra/asterisk/cel_custom.conf に合わせるか、CEL_COLUMNS に実際の列を指定してください。',
  );
  const reader = createRecordReader('cel', times, columns);
  const isExpected = (line: string) => reader.read(line) !== null;
  const findings = checkLines({ name: celName, setting: 'CEL_FILE', file, looked, now, isExpected, remedy });
  const rows = (looked.seen?.lastLines ?? []).flatMap((line) => reader.read(line) ?? []);
  const hangups = rows.flatMap(({ kind, row }) => (kind === 'cel' && row.event === 'HANGUP' ? [row] : []));
  const hasExtra = hangups.some(({ extra }) => extra !== null);
  return hangups.length === 0 || hasExtra ? findings : [...findings, withoutExtra(remedy)];
}

function withoutExtra(remedy: InBothLanguages): Finding {
  const detail = words(
    'the column "extra" is missing: who hung up and why stays unknown',
    '"extra" 列がないため、切断した側と理由が分かりません',
  );
  return warning(celName, detail, remedy);
}

export function checkQueueLog(file: string, looked: Looked<SeenFile>, { now, times }: FileReading): Finding[] {
  const reader = createRecordReader('queueLog', times);
  const isExpected = (line: string) => reader.read(line) !== null;
  const remedy = words('Name the file queue_log itself in QUEUE_LOG_FILE.', 'QUEUE_LOG_FILE に queue_log を指定してください。');
  return checkLines({ name: queueLogName, setting: 'QUEUE_LOG_FILE', file, looked, now, isExpected, remedy });
}

interface LinesToCheck {
  readonly name: InBothLanguages;
  readonly setting: string;
  readonly file: string;
  readonly looked: Looked<SeenFile>;
  readonly now: number;
  readonly isExpected: (line: string) => boolean;
  readonly remedy: InBothLanguages;
}

function checkLines({ name, setting, file, looked, now, isExpected, remedy }: LinesToCheck): Finding[] {
  const { seen, refused } = looked;
  if (seen === null) return [cannotRead(name, setting, file, refused)];
  if (seen.lastLines.length === 0) {
    return [
      unchecked(name, words(`${file} is empty`, `${file} は空です`), words('Place a test call.', '試験通話を行ってください。')),
    ];
  }
  const strange = seen.lastLines.filter((line) => !isExpected(line)).length;
  if (strange === 0) return [freshness(name, file, seen.changedAt, now)];
  const detail = words(
    `${strange} of the last ${seen.lastLines.length} lines of ${file} are not as expected`,
    `${file} の直近 ${seen.lastLines.length} 行のうち ${strange} 行が想定と異なります`,
  );
  return [failure(name, detail, remedy)];
}

function freshness(name: InBothLanguages, where: string, at: number, now: number): Finding {
  const age = ageOf(now - at);
  const detail = words(`${where}, newest ${age.en} old`, `${where}(最新は ${age.ja}前)`);
  if (now - at <= staleMs) return fine(name, detail);
  const remedy = words(
    'Unless nobody called since then: check that the PBX still writes there, and how the disk is mounted.',
    'その間に通話があった場合は、PBX の書き込み先とディスクのマウントを確認してください。',
  );
  return warning(name, detail, remedy);
}

function cannotRead(name: InBothLanguages, setting: string, where: string, refused: 'missing' | 'unreadable'): Finding {
  if (refused === 'missing') {
    const remedy = words(
      `Correct ${setting} in .env, or mount the PBX’s folder there.`,
      `.env の ${setting} を直すか、PBX のフォルダーをマウントしてください。`,
    );
    return failure(name, words(`${where} does not exist`, `${where} がありません`), remedy);
  }
  const remedy = words(
    'Let the user who runs the hub read it, for example through the group "asterisk".',
    'ハブを実行するユーザーに読み取り権限を与えてください(例: asterisk グループに追加)。',
  );
  return failure(name, words(`${where} may not be read`, `${where} を読み取れません`), remedy);
}

function ageOf(ms: number): InBothLanguages {
  if (ms < 3_600_000) return count(ms / 60_000, 'min', '分');
  return ms < 2 * dayMs ? count(ms / 3_600_000, 'h', '時間') : count(ms / dayMs, 'd', '日');
}

function count(value: number, en: string, ja: string): InBothLanguages {
  const whole = Math.max(0, Math.floor(value));
  return words(`${whole} ${en}`, `${whole} ${ja}`);
}

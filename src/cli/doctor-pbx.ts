import type { PbxSettingValues } from '../config/pbx-settings.ts';
import type { PbxChoice } from '../config/read-pbxs.ts';
import type { Settings } from '../config/read-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import { pbxParts, routingParts } from '../hub/open-parts.ts';
import { openRecordTables } from '../hub/record-sources.ts';
import { newId } from '../main.ts';
import { openRoutingRules } from '../mappings/routing-rules-file.ts';
import { afterRealTime } from '../telephony/after.ts';
import { checkAri } from '../telephony/check-ari.ts';
import type { NeededContext } from '../telephony/check-dialplan.ts';
import { checkCdrFile, checkCelFile, checkQueueLog, checkRecordings, type FileReading } from '../telephony/check-files.ts';
import { asTheyAre, type Finding, failure, fine, words } from '../telephony/check-finding.ts';
import { checkPbx } from '../telephony/check-pbx.ts';
import { createPbxTimes } from '../telephony/records/pbx-time.ts';
import { layoutOfNames } from '../telephony/records/record-layout.ts';
import { RecordsUnavailable } from '../telephony/records/record-source.ts';
import { lookAtFile, lookAtFolder } from './doctor-files.ts';
import { wrongSettings } from './doctor-settings.ts';
import { silent } from './doctor-silence.ts';

/** Contexts the hub sends channels to, or is asked from. */
const contexts: readonly NeededContext[] = [
  ...['toritsugi-dial', 'toritsugi-hold', 'toritsugi-spy'].map((context) => ({ context, file: 'toritsugi-commands.conf' })),
  { context: 'toritsugi-by-stasis', file: 'toritsugi-routing.conf' },
];

/** The live PBX against what the hub needs of it. */
export async function examinePbx(pbx: PbxChoice, settings: Settings): Promise<readonly Finding[]> {
  const place = `PBX ${pbx.name}: `;
  const findings = await examineAll(pbx, settings).catch((error: unknown) => {
    if (error instanceof WrongSettings) return wrongSettings(error);
    throw error;
  });
  return findings.map((finding) => ({ ...finding, name: words(place + finding.name.en, place + finding.name.ja) }));
}

async function examineAll(pbx: PbxChoice, settings: Settings): Promise<readonly Finding[]> {
  const world = { now: Date.now, newId, after: afterRealTime };
  const { ears, numbering } = pbxParts(pbx, settings.hub.TIME_ZONE);
  const expected = { numbering, agents: settings.agents, queues: await queuesOfRules(settings), contexts };
  const mustCommand = ears.ami === null || routingParts(settings).stasis.some((door) => door.pbx === pbx.name);
  const timeZone = pbx.values.PBX_TIME_ZONE ?? settings.hub.TIME_ZONE;
  const reading = { now: world.now(), times: createPbxTimes(timeZone) };
  return [
    ...(ears.ami === null ? [] : await checkPbx(ears.ami.settings, ears.ami.clientFactory, world, expected)),
    ...(ears.ari === null
      ? []
      : await checkAri(ears.ari.settings, { makeClient: ears.ari.clientFactory, ...world }, { mustCommand })),
    ...examineFiles(pbx.values, reading),
    ...(await examineTables(pbx.values, reading)),
  ];
}

/** Queues the dialplan may be told to use. */
async function queuesOfRules({ hub }: Settings): Promise<readonly string[]> {
  const rules = await openRoutingRules({ directory: hub.MAPPINGS_DIR, numbers: { region: hub.PHONE_REGION }, log: silent });
  return [...new Set(rules.current().flatMap(({ queue }) => queue ?? []))];
}

function examineFiles(values: PbxSettingValues, read: FileReading): Finding[] {
  const { RECORDINGS_DIR, CDR_FILE, CEL_FILE, CEL_COLUMNS, QUEUE_LOG_FILE } = values;
  const reading = { ...read, columns: CEL_COLUMNS === undefined ? null : layoutOfNames(CEL_COLUMNS) };
  return [
    ...(RECORDINGS_DIR === undefined ? [] : checkRecordings(RECORDINGS_DIR, lookAtFolder(RECORDINGS_DIR), read.now)),
    ...(CDR_FILE === undefined ? [] : checkCdrFile(CDR_FILE, lookAtFile(CDR_FILE), reading)),
    ...(CEL_FILE === undefined ? [] : checkCelFile(CEL_FILE, lookAtFile(CEL_FILE), reading)),
    ...(QUEUE_LOG_FILE === undefined ? [] : checkQueueLog(QUEUE_LOG_FILE, lookAtFile(QUEUE_LOG_FILE), reading)),
  ];
}

async function examineTables({ CDR_DATABASE_URL }: PbxSettingValues, { now, times }: FileReading): Promise<Finding[]> {
  if (CDR_DATABASE_URL === undefined) return [];
  const name = words('tables of call records', '通話記録の表');
  const tables = openRecordTables(CDR_DATABASE_URL, times);
  try {
    await tables.read(now, new AbortController().signal);
    return [fine(name, words(`${tables.name} can be read`, `${tables.name} を読み取れます`))];
  } catch (error) {
    if (!(error instanceof RecordsUnavailable)) throw error;
    const ja = 'CDR_DATABASE_URL と、Asterisk の表に対する SELECT 権限を確認してください。';
    return [failure(name, asTheyAre(error.detail), words(error.remedy, ja))];
  } finally {
    await tables.close();
  }
}

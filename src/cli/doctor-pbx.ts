import type { PbxSettingValues } from '../config/pbx-settings.ts';
import type { PbxChoice } from '../config/read-pbxs.ts';
import type { Settings } from '../config/read-settings.ts';
import { pbxParts, routingParts } from '../hub/open-parts.ts';
import { newId } from '../main.ts';
import { openRoutingRules } from '../mappings/routing-rules-file.ts';
import { afterRealTime } from '../telephony/after.ts';
import { checkAri } from '../telephony/check-ari.ts';
import type { NeededContext } from '../telephony/check-dialplan.ts';
import { checkCdrFile, checkCelFile, checkQueueLog, checkRecordings } from '../telephony/check-files.ts';
import { type Finding, words } from '../telephony/check-finding.ts';
import { checkPbx } from '../telephony/check-pbx.ts';
import { createPbxTimes } from '../telephony/records/pbx-time.ts';
import { layoutOfNames } from '../telephony/records/record-layout.ts';
import { lookAtFile, lookAtFolder } from './doctor-files.ts';
import { silent } from './doctor-silence.ts';

/** Contexts the hub sends channels to, or is asked from. */
const contexts: readonly NeededContext[] = [
  ...['toritsugi-dial', 'toritsugi-hold', 'toritsugi-spy'].map((context) => ({ context, file: 'toritsugi-commands.conf' })),
  { context: 'toritsugi-by-stasis', file: 'toritsugi-routing.conf' },
];

/** The live PBX against what the hub needs of it. */
export async function examinePbx(pbx: PbxChoice, settings: Settings): Promise<readonly Finding[]> {
  const world = { now: Date.now, newId, after: afterRealTime };
  const { ears, numbering } = pbxParts(pbx, settings.hub.TIME_ZONE);
  const expected = { numbering, agents: settings.agents, queues: await queuesOfRules(settings), contexts };
  const mustCommand = ears.ami === null || routingParts(settings).stasis.some((door) => door.pbx === pbx.name);
  const findings = [
    ...(ears.ami === null ? [] : await checkPbx(ears.ami.settings, ears.ami.clientFactory, world, expected)),
    ...(ears.ari === null
      ? []
      : await checkAri(ears.ari.settings, { makeClient: ears.ari.clientFactory, ...world }, { mustCommand })),
    ...examineFiles(pbx.values, { now: world.now(), timeZone: settings.hub.TIME_ZONE }),
  ];
  const place = `PBX ${pbx.name}: `;
  return findings.map((finding) => ({ ...finding, name: words(place + finding.name.en, place + finding.name.ja) }));
}

/** Queues the dialplan may be told to use. */
async function queuesOfRules({ hub }: Settings): Promise<readonly string[]> {
  const rules = await openRoutingRules({ directory: hub.MAPPINGS_DIR, numbers: { region: hub.PHONE_REGION }, log: silent });
  return [...new Set(rules.current().flatMap(({ queue }) => queue ?? []))];
}

function examineFiles(values: PbxSettingValues, { now, timeZone }: { now: number; timeZone: string }): Finding[] {
  const { RECORDINGS_DIR, CDR_FILE, CEL_FILE, CEL_COLUMNS, QUEUE_LOG_FILE } = values;
  const times = createPbxTimes(values.PBX_TIME_ZONE ?? timeZone);
  const reading = { now, times, columns: CEL_COLUMNS === undefined ? null : layoutOfNames(CEL_COLUMNS) };
  return [
    ...(RECORDINGS_DIR === undefined ? [] : checkRecordings(RECORDINGS_DIR, lookAtFolder(RECORDINGS_DIR), now)),
    ...(CDR_FILE === undefined ? [] : checkCdrFile(CDR_FILE, lookAtFile(CDR_FILE), reading)),
    ...(CEL_FILE === undefined ? [] : checkCelFile(CEL_FILE, lookAtFile(CEL_FILE), reading)),
    ...(QUEUE_LOG_FILE === undefined ? [] : checkQueueLog(QUEUE_LOG_FILE, lookAtFile(QUEUE_LOG_FILE), reading)),
  ];
}

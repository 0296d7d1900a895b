import type { HubSettingValues } from '../config/hub-settings.ts';
import type { Settings } from '../config/read-settings.ts';
import { amiClientFactory, amiSettings, numberingOf } from '../hub/open-parts.ts';
import { newId } from '../main.ts';
import { afterRealTime } from '../telephony/after.ts';
import type { NeededContext } from '../telephony/check-dialplan.ts';
import { checkCdrFile, checkCelFile, checkQueueLog, checkRecordings } from '../telephony/check-files.ts';
import { type Finding, words } from '../telephony/check-finding.ts';
import { checkPbx } from '../telephony/check-pbx.ts';
import { lookAtFile, lookAtFolder } from './doctor-files.ts';

/** Contexts the hub sends channels to, or is asked from. */
const contexts: readonly NeededContext[] = [
  ...['toritsugi-dial', 'toritsugi-hold', 'toritsugi-spy'].map((context) => ({ context, file: 'toritsugi-commands.conf' })),
  { context: 'toritsugi-by-stasis', file: 'toritsugi-routing.conf' },
];

/** Where the PBX keeps what it writes, as seen from here. */
type FilePlaces = Partial<Record<'RECORDINGS_DIR' | 'CDR_FILE' | 'CEL_FILE' | 'QUEUE_LOG_FILE', string>>;

/** The live PBX against what the hub needs of it. */
export async function examinePbx(settings: Settings): Promise<readonly Finding[]> {
  const world = { now: Date.now, newId, after: afterRealTime };
  const expected = { numbering: numberingOf(settings), agents: settings.agents, queues: [], contexts };
  const findings = [
    ...(await checkPbx(amiSettings(settings), amiClientFactory(settings), world, expected)),
    ...examineFiles(settings.hub, world.now()),
  ];
  const pbx = `PBX ${settings.hub.PBX_NAME}: `;
  return findings.map((finding) => ({
    ...finding,
    name: words(pbx + finding.name.en, pbx + finding.name.ja),
  }));
}

function examineFiles(places: HubSettingValues & FilePlaces, now: number): Finding[] {
  const { RECORDINGS_DIR, CDR_FILE, CEL_FILE, QUEUE_LOG_FILE } = places;
  return [
    ...(RECORDINGS_DIR === undefined ? [] : checkRecordings(RECORDINGS_DIR, lookAtFolder(RECORDINGS_DIR), now)),
    ...(CDR_FILE === undefined ? [] : checkCdrFile(CDR_FILE, lookAtFile(CDR_FILE), now)),
    ...(CEL_FILE === undefined ? [] : checkCelFile(CEL_FILE, lookAtFile(CEL_FILE), now)),
    ...(QUEUE_LOG_FILE === undefined ? [] : checkQueueLog(QUEUE_LOG_FILE, lookAtFile(QUEUE_LOG_FILE), now)),
  ];
}

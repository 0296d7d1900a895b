import { readNumberRanges } from '../telephony/numbering.ts';
import { listOf } from './list-of.ts';
import { type PbxSettingValues, pbxSettings } from './pbx-settings.ts';
import { type Environment, readDeclared } from './read-declared.ts';
import type { SettingProblem } from './setting.ts';

export interface PbxChoice {
  readonly name: string;
  readonly values: PbxSettingValues;
}

const mostPbxs = 50;
const guardedKinds: readonly string[] = ['international', 'premium', 'emergency'];

/** Every PBX named in `PBXS` with its settings: `OSAKA_AMI_HOST` before `AMI_HOST` before the default. */
export function readPbxs(names: string, environment: Environment, problems: SettingProblem[]): readonly PbxChoice[] {
  const wanted = listOf(names);
  const wrong = wanted.find((name, index) => !/^[a-z][a-z0-9]{0,19}$/.test(name) || wanted.indexOf(name) !== index);
  if (wrong !== undefined || wanted.length === 0 || wanted.length > mostPbxs) {
    const problem = wrong === undefined ? `names ${wanted.length} PBXs` : `${JSON.stringify(wrong.slice(0, 40))} cannot be used`;
    const remedy = `Write 1 to ${mostPbxs} different names of small letters and digits, separated by commas.`;
    problems.push({ key: 'PBXS', problem, remedy });
    return [];
  }
  const pbxs = wanted.map((name) => ({ name, values: readPbx(name, environment, problems) }));
  problems.push(...heardTwice(pbxs));
  return pbxs;
}

/** Two names for one PBX, or one file for two PBXs, and every call would be logged twice. */
function* heardTwice(pbxs: readonly PbxChoice[]): Generator<SettingProblem> {
  const taken = new Map<string, string>();
  for (const { name, values } of pbxs) {
    for (const [key, place] of Object.entries(placesOf(values))) {
      const other = taken.get(`${key} ${place}`);
      taken.set(`${key} ${place}`, name);
      if (other === undefined) continue;
      const own = `${name.toUpperCase()}_${key}`;
      yield { key: own, problem: `is the same for ${other} and ${name}`, remedy: `Give each its own: set ${own}.` };
    }
  }
}

/** Where a PBX is heard and read. */
function placesOf(values: PbxSettingValues): Readonly<Record<string, string>> {
  const { AMI_USER, AMI_HOST, AMI_PORT, ARI_USER, ARI_URL, CEL_FILE, CDR_FILE, QUEUE_LOG_FILE, CDR_DATABASE_URL } = values;
  return {
    ...(AMI_USER && { AMI_HOST: `${AMI_HOST}:${AMI_PORT}` }),
    ...(ARI_USER && ARI_URL && { ARI_URL }),
    ...{ ...(CEL_FILE && { CEL_FILE }), ...(CDR_FILE && { CDR_FILE }), ...(QUEUE_LOG_FILE && { QUEUE_LOG_FILE }) },
    ...(CDR_DATABASE_URL && { CDR_DATABASE_URL }),
  };
}

function readPbx(name: string, environment: Environment, problems: SettingProblem[]): PbxSettingValues {
  const own = (key: string) => `${name.toUpperCase()}_${key}`;
  const keys = pbxSettings.flatMap(({ key, secret }) => (secret ? [key, `${key}_FILE`] : [key]));
  const given = Object.fromEntries(keys.map((key) => [key, environment[own(key)] ?? environment[key]]));
  const found: SettingProblem[] = [];
  const values = readDeclared(pbxSettings, given, found);
  const inside = values.INSIDE_NUMBERS;
  if (inside !== undefined && readNumberRanges(inside) === null) {
    const remedy = 'Write extensions and ranges of equally long numbers, for example 1000-1999,600.';
    found.push({ key: 'INSIDE_NUMBERS', problem: `${JSON.stringify(inside.slice(0, 60))} is no list of numbers`, remedy });
  }
  if (values.OUTSIDE_PREFIX !== undefined && !/^\d{1,4}$/.test(values.OUTSIDE_PREFIX)) {
    found.push({ key: 'OUTSIDE_PREFIX', problem: 'is not one to four digits', remedy: 'Write the digits only, for example 0.' });
  }
  if (!/^[A-Za-z0-9]+\/[A-Za-z0-9._-]*\{extension\}[A-Za-z0-9._@-]*$/.test(values.PHONE_DEVICE ?? '')) {
    const remedy = 'Write technology and endpoint with {extension} in its place, for example PJSIP/{extension}.';
    found.push({ key: 'PHONE_DEVICE', problem: 'names no device of the PBX', remedy });
  }
  if (values.CALLER_ID !== undefined && !/^\+?\d{3,15}$/.test(values.CALLER_ID)) {
    found.push({ key: 'CALLER_ID', problem: 'is no telephone number', remedy: 'Write the digits only, for example 0312345678.' });
  }
  const unknown = listOf(values.DIAL_ALLOWED).find((kind) => !guardedKinds.includes(kind));
  if (unknown !== undefined) {
    const remedy = `Choose from ${guardedKinds.join(', ')}.`;
    found.push({ key: 'DIAL_ALLOWED', problem: `${JSON.stringify(unknown.slice(0, 40))} is no such kind`, remedy });
  }
  for (const problem of found) problems.push(environment[own(problem.key)] ? { ...problem, key: own(problem.key) } : problem);
  return values as PbxSettingValues;
}

/** What keeps a PBX from being heard: over AMI, over ARI, or over both. */
export function* lackingAccess(values: PbxSettingValues): Generator<SettingProblem> {
  const lacking = (key: string, remedy: string): SettingProblem => ({ key, problem: 'is missing', remedy });
  if (values.AMI_USER === undefined && values.ARI_USER === undefined)
    yield lacking('AMI_USER', 'Set the user in manager.conf, or ARI_USER to hear the PBX over ARI.');
  if (values.AMI_SECRET === undefined && values.ARI_USER === undefined)
    yield lacking('AMI_SECRET', 'Set the secret of the user in manager.conf.');
  else if (values.AMI_USER !== undefined && values.AMI_SECRET === undefined)
    yield lacking('AMI_SECRET', 'Set the secret of AMI_USER, or leave both out.');
  if (values.ARI_USER !== undefined && values.ARI_PASSWORD === undefined)
    yield lacking('ARI_PASSWORD', 'Set the password of ARI_USER, or leave both out.');
  if (values.ARI_USER !== undefined && values.ARI_URL === undefined)
    yield lacking('ARI_URL', 'Set the address of ARI, for example http://127.0.0.1:8088.');
}

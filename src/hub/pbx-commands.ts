/** The commands to all PBXs, as the desk gives them: each to the PBX that has the phone. */
import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import type { CallRecord } from '../calls/call.ts';
import type { CommandPorts } from '../desk/command-ports.ts';
import type { Log } from '../observability/log.ts';
import { afterRealTime } from '../telephony/after.ts';
import { createAmiPbxCommands } from '../telephony/commands/ami-pbx-commands.ts';
import { createAriPbxCommands } from '../telephony/commands/ari-pbx-commands.ts';
import { type DiallingRules, japaneseRules } from '../telephony/commands/destination.ts';
import type { PbxCommands } from '../telephony/commands/pbx-commands.ts';
import { isListedInside } from '../telephony/numbering.ts';
import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import { type CommandedPbx, commandPorts } from './command-joints.ts';
import type { JoinedPbx } from './joined-pbx.ts';

export interface PbxCommandsDeps {
  readonly pbxs: readonly JoinedPbx[];
  /** ISO 3166 country of the office. */
  readonly region: string;
  readonly supervisors: readonly string[];
  readonly listCallerIds: ReadonlyMap<string, string>;
  readonly legsOf: CommandPorts['legsOf'];
  readonly findCall: (id: CallRecord['id']) => Promise<CallRecord | null>;
  readonly onTelephonyEvent: (pbx: string, event: TelephonyEvent) => void;
  readonly expectLeg: (pbx: string, channelId: string, forChannelId: string) => void;
  readonly now: () => number;
  readonly log: Log;
}

export function joinPbxCommands(deps: PbxCommandsDeps): CommandPorts {
  const all = deps.pbxs.map((pbx) => ({ ...commandedPbx(pbx, deps.region), parts: pbx.parts }));
  const [first] = all;
  if (first === undefined) throw new Error('a hub without a PBX takes no commands');
  return commandPorts({
    // With several PBXs, INSIDE_NUMBERS says which of them has a phone.
    pbxOf: (extension) => all.find(({ parts }) => isListedInside(parts.numbering, extension) === true) ?? first,
    pbxNamed: (name) => all.find((pbx) => pbx.name === name) ?? null,
    legsOf: deps.legsOf,
    findCall: deps.findCall,
    supervisors: deps.supervisors,
    listCallerIds: deps.listCallerIds,
    onHangUp: (pbx, channelId) => deps.onTelephonyEvent(pbx, { type: 'hangupRequested', at: deps.now(), channelId }),
    onRetrieve: deps.expectLeg,
    log: deps.log,
  });
}

function commandedPbx(pbx: JoinedPbx, region: string): CommandedPbx {
  const { name, ears, numbering, dialling } = pbx.parts;
  const isHeardBy = (ear: 'ami' | 'ari') => pbx.states().some((state) => state.ear === ear && state.state === 'listening');
  const ringing = { device: (extension: string) => dialling.device.replace('{extension}', extension), ringMs: dialling.ringMs };
  const common = { pbx: name, listen: pbx.listen, after: afterRealTime, ...ringing };
  const commands: PbxCommands =
    ears.ami === null
      ? createAriPbxCommands({ ...common, request: pbx.request, isListening: () => isHeardBy('ari') })
      : createAmiPbxCommands({ ...common, act: pbx.act, isListening: () => isHeardBy('ami') });
  const rules: DiallingRules = {
    ...japaneseRules,
    ...(region === 'JP' ? {} : rulesAbroad(region)),
    outsidePrefix: numbering.outsidePrefix,
    isInside: (digits) => isListedInside(numbering, digits) ?? japaneseRules.isInside(digits),
    allow: dialling.allow,
  };
  const { callerId } = dialling;
  return { name, commands, rules, callerId, numbers: { region, trunkPrefix: numbering.outsidePrefix } };
}

function rulesAbroad(region: string): Pick<DiallingRules, 'countryCode' | 'internationalPrefix' | 'emergency'> {
  const countryCode = getCountryCallingCode(region as CountryCode);
  return { countryCode, internationalPrefix: countryCode === '1' ? '011' : '00', emergency: ['110', '112', '911', '999'] };
}

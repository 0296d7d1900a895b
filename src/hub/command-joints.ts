/** Between the desk's commands and the PBX: orders become actions, and failures become answers. */
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { CallId } from '../calls/call.ts';
import type { CommandEnd, CommandOrder, CommandResult, CommandStage } from '../desk/command.ts';
import type { CommandPorts } from '../desk/command-ports.ts';
import { checkDestination, type DiallingRules } from '../telephony/commands/destination.ts';
import {
  CommandRefused,
  firstChannelId,
  type OriginateResult,
  PbxAway,
  type PbxCommands,
  type RefusedBecause,
  type TransferResult,
} from '../telephony/commands/pbx-commands.ts';

export interface CommandJointsDeps {
  /** The PBX's name. */
  readonly pbx: string;
  readonly commands: PbxCommands;
  readonly numbers: ReadOptions;
  readonly rules: DiallingRules;
  readonly legsOf: CommandPorts['legsOf'];
  readonly findCall: CommandPorts['findCall'];
  readonly supervisors: readonly string[];
  /** What customers see, by lead list; the entry of `null` is for calls of no list. */
  readonly callerIds: ReadonlyMap<string | null, string>;
  /** Somebody hangs up at the desk, which to the PBX is nobody's doing: the tracker is told whose. */
  readonly onHangUp: (channelId: string) => void;
  readonly log: (level: 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export function commandPorts(deps: CommandJointsDeps): CommandPorts {
  const { pbx, commands, numbers, rules, supervisors, callerIds, log } = deps;
  return {
    readDestination: (typed) => checkDestination(typed, readNumber(typed, numbers), rules),
    legsOf: deps.legsOf,
    callIdOf: (key) => `${pbx}-${firstChannelId(key)}` as CallId,
    findCall: deps.findCall,
    isSupervisor: (extension) => supervisors.includes(extension),
    callerIdOf: (list) => callerIds.get(list) ?? callerIds.get(null) ?? null,
    async run(key, order, onStage, signal) {
      try {
        if (order.kind === 'hangUp' && order.channelIds[0] !== undefined) deps.onHangUp(order.channelIds[0]);
        return await carryOut(commands, key, order, onStage, signal);
      } catch (error) {
        return endOfFailure(error, (cause) => log('error', 'a command failed in an unforeseen way', { key, error: cause }));
      }
    },
  };
}

async function carryOut(
  commands: PbxCommands,
  key: string,
  order: CommandOrder,
  onStage: (stage: CommandStage) => void,
  signal: AbortSignal,
): Promise<CommandEnd> {
  switch (order.kind) {
    case 'call':
    case 'retrieve':
    case 'spy': {
      const { extension, ...purpose } = order;
      return originated(await commands.originate({ key, extension, purpose }, onStage, signal));
    }
    case 'hangUp':
      await commands.hangUp(order.channelIds);
      return done('hungUp');
    case 'hold':
      await commands.hold(order);
      return done('held');
    case 'resume':
      await commands.resume(order);
      return done('resumed');
    case 'park':
      return done('parked', (await commands.park(order)).slot);
    case 'blindTransfer':
      return transferred(await commands.transfer({ ...order, kind: 'blind' }, signal));
    case 'consult':
      return transferred(await commands.transfer({ ...order, kind: 'consult' }, signal));
    case 'completeTransfer':
      return transferred(await commands.transfer({ ...order, kind: 'complete' }, signal));
  }
}

function done(result: CommandResult, slot: string | null = null): CommandEnd {
  return { state: 'done', result, slot };
}

function originated(result: OriginateResult): CommandEnd {
  return result === 'unknown' ? { state: 'unknown' } : done(result);
}

function transferred(result: TransferResult): CommandEnd {
  return result === 'unknown' ? { state: 'unknown' } : done(result);
}

function endOfFailure(error: unknown, unforeseen: (error: unknown) => void): CommandEnd {
  if (error instanceof PbxAway) {
    return error.mayHaveHappened ? { state: 'unknown' } : { state: 'refused', reason: 'pbxAway', detail: error.message };
  }
  if (error instanceof CommandRefused) {
    return { state: 'refused', reason: reasons[error.reason], detail: error.message };
  }
  unforeseen(error);
  return { state: 'unknown' };
}

const reasons: Readonly<Record<RefusedBecause, Extract<CommandEnd, { state: 'refused' }>['reason']>> = {
  gone: 'gone',
  noDialplan: 'noDialplan',
  lackingRights: 'lackingRights',
  notPossible: 'notPossible',
  pbxRefused: 'pbxRefused',
  // Every number was checked before; what is left is a device or a channel of a strange name.
  unsafe: 'pbxRefused',
};

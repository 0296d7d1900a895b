/** Between the desk's commands and the PBX: orders become actions, and failures become answers. */
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { CallId } from '../calls/call.ts';
import { splitScope } from '../calls/tracker-scope.ts';
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

/** One PBX as the commands know it. */
export interface CommandedPbx {
  readonly name: string;
  readonly commands: PbxCommands;
  readonly numbers: ReadOptions;
  readonly rules: DiallingRules;
  /** What customers see; null leaves it to the PBX. */
  readonly callerId: string | null;
}

export interface CommandJointsDeps {
  /** The one that has this extension's phone. */
  readonly pbxOf: (extension: string) => CommandedPbx;
  readonly pbxNamed: (name: string) => CommandedPbx | null;
  readonly legsOf: CommandPorts['legsOf'];
  readonly findCall: CommandPorts['findCall'];
  readonly supervisors: readonly string[];
  /** What customers see when they are called for a lead list, by its name. */
  readonly listCallerIds: ReadonlyMap<string, string>;
  /** Somebody hangs up at the desk, which to the PBX is nobody's doing: the tracker is told whose. */
  readonly onHangUp: (pbx: string, channelId: string) => void;
  /** A phone is about to be rung for a call that goes on: the tracker is told for which. */
  readonly onRetrieve: (pbx: string, channelId: string, parkedChannelId: string) => void;
  readonly log: (level: 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export function commandPorts(deps: CommandJointsDeps): CommandPorts {
  const { pbxOf, supervisors, listCallerIds, log } = deps;
  return {
    readDestination(typed, extension) {
      const { numbers, rules } = pbxOf(extension);
      return checkDestination(typed, readNumber(typed, numbers), rules);
    },
    legsOf: deps.legsOf,
    callIdOf: (key, extension) => `${pbxOf(extension).name}-${firstChannelId(key)}` as CallId,
    findCall: deps.findCall,
    isSupervisor: (extension) => supervisors.includes(extension),
    callerIdOf: (list, extension) => listCallerIds.get(list ?? '') ?? pbxOf(extension).callerId,
    async run(key, order, onStage, signal) {
      try {
        if (order.kind === 'hangUp') return await hangUp(order.channelIds, deps);
        const { pbx, order: own } = atItsPbx(order, deps);
        if (own.kind === 'retrieve') deps.onRetrieve(pbx.name, firstChannelId(key), own.parkedChannelId);
        return await carryOut(pbx.commands, key, own, onStage, signal);
      } catch (error) {
        return endOfFailure(error, (cause) => log('error', 'a command failed in an unforeseen way', { key, error: cause }));
      }
    },
  };
}

type OrderAtPbx = Exclude<CommandOrder, { kind: 'hangUp' }>;

/** The legs of a call that crosses PBXs are ended at each. @throws CommandRefused `gone` when all of them are. */
async function hangUp(channelIds: readonly string[], { pbxNamed, onHangUp }: CommandJointsDeps): Promise<CommandEnd> {
  const legs = channelIds.map(splitScope);
  const [first] = legs;
  if (first !== undefined) onHangUp(first.pbx, first.id);
  const places = [...new Set(legs.map(({ pbx }) => pbx))];
  const ends = await Promise.allSettled(
    places.map(async (name) => {
      const own = legs.filter(({ pbx }) => pbx === name).map(({ id }) => id);
      await pbxNamed(name)?.commands.hangUp(own);
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined && !ends.some(({ status }) => status === 'fulfilled')) throw failed.reason;
  return done('hungUp');
}

/** Where an order is carried out, with ids as that PBX writes them. @throws CommandRefused `notPossible` over two PBXs. */
function atItsPbx(order: OrderAtPbx, { pbxOf, pbxNamed }: CommandJointsDeps): { pbx: CommandedPbx; order: OrderAtPbx } {
  const legs = Object.entries(order).flatMap(([name, value]) =>
    name.endsWith('ChannelId') ? [splitScope(String(value)).pbx] : [],
  );
  const phones = 'extension' in order ? [pbxOf(order.extension).name] : [];
  const [name = '', ...others] = new Set([...legs, ...phones]);
  const pbx = pbxNamed(name);
  if (pbx === null || others.length > 0) {
    const remedy = 'Do it at the phones, or hang up and call again.';
    throw new CommandRefused('notPossible', 'The phones of this call are at different PBXs.', remedy);
  }
  const own = Object.entries(order).map(([field, value]) => [
    field,
    field.endsWith('ChannelId') ? splitScope(String(value)).id : value,
  ]);
  return { pbx, order: Object.fromEntries(own) as OrderAtPbx };
}

async function carryOut(
  commands: PbxCommands,
  key: string,
  order: OrderAtPbx,
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

/** The PBX as the desk's commands see it, in the test's hand: orders wait until the test says how they end. */
import { readNumber } from '../../src/callers/phone-number.ts';
import type { CallId, CallRecord } from '../../src/calls/call.ts';
import type { LiveLeg } from '../../src/calls/tracker-legs.ts';
import type { CommandEnd, CommandOrder, CommandResult, CommandStage } from '../../src/desk/command.ts';
import type { CommandPorts, Destination } from '../../src/desk/command-ports.ts';
import { checkDestination, japaneseRules } from '../../src/telephony/commands/destination.ts';

interface Ordered {
  readonly key: string;
  readonly order: CommandOrder;
  readonly stage: (stage: CommandStage) => void;
  readonly end: (end: CommandEnd) => void;
}

export class ScriptedCommands implements CommandPorts {
  readonly ordered: Ordered[] = [];
  readonly legs = new Map<string, readonly LiveLeg[]>();
  readonly records = new Map<string, CallRecord>();
  readonly supervisors = ['1003'];
  /** Set: every order ends like this at once. */
  atOnce: CommandEnd | null = null;

  readDestination(typed: string): Destination {
    return checkDestination(typed, readNumber(typed), japaneseRules);
  }

  legsOf(callId: CallId): readonly LiveLeg[] {
    return this.legs.get(callId) ?? [];
  }

  callIdOf(key: string): CallId {
    return `main-toritsugi-${key}` as CallId;
  }

  async findCall(callId: CallId): Promise<CallRecord | null> {
    return this.records.get(callId) ?? null;
  }

  isSupervisor(extension: string): boolean {
    return this.supervisors.includes(extension);
  }

  callerIdOf(): string | null {
    return null;
  }

  run(key: string, order: CommandOrder, stage: (stage: CommandStage) => void, signal: AbortSignal): Promise<CommandEnd> {
    return new Promise((end) => {
      this.ordered.push({ key, order, stage, end });
      signal.addEventListener('abort', () => end({ state: 'unknown' }));
      if (this.atOnce !== null) end(this.atOnce);
    });
  }

  /** The customer and this agent are connected. */
  connect(callId: string, extension: string, customer: Partial<LiveLeg> = {}): void {
    this.legs.set(callId, [
      { channelId: 'line-1', extension: null, isCustomer: true, isUp: true, isWaiting: false, isHolder: false, ...customer },
      {
        channelId: `phone-${extension}`,
        extension,
        isCustomer: false,
        isUp: true,
        isWaiting: false,
        isHolder: customer.isWaiting === true,
      },
    ]);
  }

  get last(): Ordered {
    const last = this.ordered.at(-1);
    if (last === undefined) throw new Error('Nothing was ordered.');
    return last;
  }
}

export function done(result: CommandResult, slot: string | null = null): CommandEnd {
  return { state: 'done', result, slot };
}

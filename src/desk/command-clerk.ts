/** Takes commands, each once: notes it, has it carried out, and tells its end to whoever asks, as often as they ask. */
import { createHash } from 'node:crypto';
import type { CommandAnswer, CommandEnd, CommandOrder, CommandRefusal, CommandRequest, CommandStage } from './command.ts';
import { callOfRequest, planCommand } from './command-plan.ts';
import type { CommandPorts } from './command-ports.ts';
import type { CommandStore, KnownCommand, NotedCommand } from './command-store.ts';

export interface CommandClerk {
  /**
   * Carries the request out, unless this key was given before: then it answers what became of that. Waits a moment for an end; that
   * a phone rings is answered at once, as `working`.
   */
  give(key: string, who: string, request: CommandRequest): Promise<CommandAnswer>;
  /** What became of a command, waiting for its end at most so long; null when there is none of this key that `who` may see. */
  look(key: string, who: string, patience: Patience): Promise<CommandAnswer | null>;
  /** Before the first command. */
  restore(): Promise<void>;
  /** Follows nothing any more: what still rings is told as unknown. */
  close(): Promise<void>;
}

export interface Patience {
  readonly waitMs: number;
  /** Given: any other stage than this is worth an answer too. */
  readonly knownStage?: CommandStage | null;
}

export interface CommandClerkOptions {
  readonly ports: CommandPorts;
  readonly store: CommandStore;
  /** Runs later unless called off. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Moves and hang-ups are over by then. */
const SHORT_WAIT_MS = 2_000;
/** Commands under way at once, over all phones. */
const MOST_WORKING = 2_000;

interface Working {
  stage: CommandStage | null;
  /** Whoever waits for the next stage. */
  readonly waiting: Set<() => void>;
  readonly ended: Promise<CommandEnd>;
}

export function createCommandClerk({ ports, store, after, log }: CommandClerkOptions): CommandClerk {
  const working = new Map<string, Working>();
  const turns = new Map<string, Promise<void>>();
  const closing = new AbortController();

  /** One at a time for each key: of two requests at the same moment the second must see what the first has set going. */
  async function give(key: string, who: string, request: CommandRequest): Promise<CommandAnswer> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(() => begin(key, who, request));
    const settled = turn.then(nothing, nothing);
    turns.set(key, settled);
    const begun = await turn.finally(() => {
      if (turns.get(key) === settled) turns.delete(key);
    });
    return 'state' in begun ? begun : answerNow(begun, { waitMs: SHORT_WAIT_MS, knownStage: null });
  }

  /** The command that is now known under the key, or what there is to say without one. */
  async function begin(key: string, who: string, request: CommandRequest): Promise<KnownCommand | CommandAnswer> {
    const requestHash = hashOf(who, request);
    const known = await store.find(key);
    const about = { key, kind: request.kind, callId: callOfRequest(request) };
    if (known !== null) return sameOrRefused(known, requestHash, about);
    const plan = planCommand(request, who, ports);
    if (plan.kind === 'refused') return refusedNow(about, plan.because);
    if (working.size >= MOST_WORKING || closing.signal.aborted) return refusedNow(about, 'pbxAway');
    const { order } = plan;
    const command: NotedCommand = {
      ...{ key, who, kind: request.kind, requestHash },
      callId: request.kind === 'call' ? ports.callIdOf(key, who) : about.callId,
      dialling: 'extension' in order ? order.extension : null,
    };
    const noting = await store.note(command);
    if (noting.kind === 'known') return sameOrRefused(noting.command, requestHash, about);
    if (noting.kind === 'dialling') {
      const { callId } = noting.command;
      return refusedNow({ ...about, callId }, noting.command.requestHash === requestHash ? 'repeated' : 'alreadyDialling');
    }
    carryOut(command, order);
    return { ...command, end: null };
  }

  function carryOut({ key, who, kind, callId }: NotedCommand, order: CommandOrder): void {
    const onStage = (stage: CommandStage) => {
      const mine = working.get(key);
      if (mine === undefined) return;
      mine.stage = stage;
      for (const tell of mine.waiting) tell();
    };
    const ended = ports.run(key, order, onStage, closing.signal).then(async (end) => {
      const kept = isUndone(end) ? store.forget(key) : store.settle(key, end);
      await kept.catch((error: unknown) => log('error', 'the end of a command could not be kept', { key, error }));
      working.delete(key);
      log('info', 'command ended', { key, kind, by: who, callId, ...end });
      return end;
    });
    working.set(key, { stage: null, waiting: new Set(), ended });
  }

  /** What is noted and not under way here was cut off by a restart, or another hub is at it: it is looked for, never done again. */
  async function answerNow(known: KnownCommand, patience: Patience): Promise<CommandAnswer> {
    const mine = working.get(known.key);
    if (mine !== undefined) {
      const end = await endOf(mine, patience);
      return answerOf(known, end, mine.stage);
    }
    if (known.end !== null) return answerOf(known, known.end, null);
    // It may have ended between the reading and now.
    const again = (await store.find(known.key))?.end ?? null;
    return answerOf(known, again ?? (await endByCall(known)), null);
  }

  /** Null while the call it placed goes on without an answer. */
  async function endByCall({ kind, callId }: KnownCommand): Promise<CommandEnd | null> {
    if (kind !== 'call' || callId === null) return { state: 'unknown' };
    const call = await ports.findCall(callId);
    if (call === null || (call.endedAt === null && !call.answered)) {
      return ports.legsOf(callId).length > 0 ? null : { state: 'unknown' };
    }
    // Whose end it failed at, the record does not tell.
    return { state: 'done', result: call.answered ? 'answered' : 'failed', slot: null };
  }

  /** Null: not yet. */
  function endOf(mine: Working, { waitMs, knownStage }: Patience): Promise<CommandEnd | null> {
    if (knownStage !== undefined && mine.stage !== knownStage) return Promise.resolve(null);
    return new Promise((resolve) => {
      const giveUp = () => resolve(null);
      const callOff = after(waitMs, giveUp);
      if (knownStage !== undefined) mine.waiting.add(giveUp);
      void mine.ended.then(resolve).finally(() => {
        callOff();
        mine.waiting.delete(giveUp);
      });
    });
  }

  return {
    give,
    async look(key, who, patience) {
      const known = await store.find(key);
      if (known === null || (known.who !== who && !ports.isSupervisor(who))) return null;
      return answerNow(known, patience);
    },
    restore: () => store.restart(),
    async close() {
      closing.abort();
      await Promise.all([...working.values()].map(({ ended }) => ended));
    },
  };
}

function hashOf(who: string, request: CommandRequest): string {
  const parts = Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([who, parts]))
    .digest('hex');
}

/** Of the other command nothing is told: it may be somebody else's. */
function sameOrRefused(known: KnownCommand, requestHash: string, asked: About): KnownCommand | CommandAnswer {
  return known.requestHash === requestHash ? known : refusedNow(asked, 'keyReused');
}

/** Refused without having been noted: the same key may be tried again. */
function refusedNow(about: About, reason: CommandRefusal): CommandAnswer {
  return answerOf(about, { state: 'refused', reason, detail: '' }, null);
}

/** The PBX was away before anything was sent. */
function isUndone(end: CommandEnd): boolean {
  return end.state === 'refused' && end.reason === 'pbxAway';
}

function nothing(): void {}

type About = Pick<CommandAnswer, 'key' | 'kind' | 'callId'>;

/** `end` null: it goes on. */
function answerOf(about: About, end: CommandEnd | null, stage: CommandStage | null): CommandAnswer {
  return {
    ...{ key: about.key, kind: about.kind, callId: about.callId },
    state: end?.state ?? 'working',
    stage: end === null ? stage : null,
    result: end?.state === 'done' ? end.result : null,
    slot: end?.state === 'done' ? end.slot : null,
    reason: end?.state === 'refused' ? end.reason : null,
    detail: end?.state === 'refused' && end.detail !== '' ? end.detail : null,
  };
}

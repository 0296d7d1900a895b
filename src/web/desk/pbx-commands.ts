/** Commands to the PBX from this page: each under a key of its own, sent once however often it is clicked, followed to its end. */
import type { CommandAnswer, CommandKind, CommandRefusal } from '../../desk/command.ts';
import { ApiProblem } from '../hub/fetch-json.ts';

/** What the page shows of the command given last. */
export interface ShownCommand {
  readonly key: string;
  readonly kind: CommandKind;
  /** A number, a colleague: whom it is about, as shown. */
  readonly whom: string;
  readonly state: 'working' | 'done' | 'refused' | 'unknown' | 'unreachable';
  readonly stage: CommandAnswer['stage'];
  readonly result: CommandAnswer['result'];
  readonly slot: string | null;
  readonly reason: CommandRefusal | null;
}

export interface PbxCommandLine {
  /** Answers false, and sends nothing, while the command before it is under way; but what only rings can always be stopped. */
  give(command: { readonly kind: CommandKind; readonly path: string; readonly body: object; readonly whom: string }): boolean;
  dismiss(): void;
  subscribe(listener: () => void): () => void;
  read(): ShownCommand | null;
}

export interface PbxCommandWorld {
  readonly send: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;
  readonly newKey: () => string;
  readonly pause: (ms: number) => Promise<void>;
}

/** Under the time-out of a request. */
const LOOK_SECONDS = 8;
const TRIES = 4;
const TRY_AGAIN_MS = 1_500;
/** The hub gives up on a call after three minutes. */
const MOST_LOOKS = 40;

/** What rings meanwhile does not keep a hold or a hang-up from being given. */
const ringing: ReadonlySet<CommandKind> = new Set(['call', 'retrieve', 'spy', 'consult']);

export function createPbxCommandLine({ send, newKey, pause }: PbxCommandWorld): PbxCommandLine {
  const listeners = new Set<() => void>();
  let shown: ShownCommand | null = null;
  /** The key of what is on its way to the hub. */
  let sending: string | null = null;

  function show(next: ShownCommand | null): void {
    shown = next;
    for (const listener of listeners) listener();
  }

  /** Only what is still shown is brought up to date. */
  function update(key: string, facts: Partial<ShownCommand>): void {
    if (shown?.key === key) show({ ...shown, ...facts });
  }

  async function follow(key: string, path: string, body: object): Promise<void> {
    let answer = await insist(() => send('POST', path, { ...body, key }));
    if (sending === key) sending = null;
    update(key, factsOf(answer));
    for (let looks = 0; looks < MOST_LOOKS && answer.state === 'working'; looks += 1) {
      if (shown?.key !== key) return;
      const { stage } = answer;
      answer = await insist(() => send('GET', `/commands/${key}?wait=${LOOK_SECONDS}&stage=${stage ?? 'none'}`));
      update(key, factsOf(answer));
    }
  }

  /** The key makes it harmless to ask again when the line was broken. */
  async function insist(ask: () => Promise<unknown>): Promise<CommandAnswer> {
    for (let tries = 1; ; tries += 1) {
      try {
        return (await ask()) as CommandAnswer;
      } catch (error) {
        const isAway = error instanceof ApiProblem && error.status === 0;
        if (!isAway || tries === TRIES) throw error;
        await pause(TRY_AGAIN_MS);
      }
    }
  }

  function fail(key: string, error: unknown): void {
    if (sending === key) sending = null;
    if (!(error instanceof ApiProblem) || error.status === 0) {
      update(key, { state: 'unreachable' });
      return;
    }
    const { reason } = error.body;
    update(key, { state: 'refused', reason: typeof reason === 'string' ? (reason as CommandRefusal) : 'pbxRefused' });
  }

  return {
    give({ kind, path, body, whom }) {
      const isRinging = shown?.state === 'working' && ringing.has(shown.kind);
      if (isRinging ? ringing.has(kind) : sending !== null) return false;
      const key = newKey();
      sending = key;
      show({ key, kind, whom, state: 'working', stage: null, result: null, slot: null, reason: null });
      follow(key, path, body).catch((error: unknown) => fail(key, error));
      return true;
    },
    dismiss: () => show(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: () => shown,
  };
}

function factsOf({ state, stage, result, slot }: CommandAnswer): Partial<ShownCommand> {
  return { state, stage, result, slot };
}

/** Also on a page that is not served over TLS, where `randomUUID` is missing. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

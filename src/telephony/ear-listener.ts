import type { After } from './after.ts';
import { createArrivalQueue } from './arrival-queue.ts';
import { reconnectDelayMs } from './backoff.ts';
import type { EarConnection, EarKind, EarTrouble } from './ear.ts';
import type { PbxState } from './pbx-state.ts';
import type { TelephonyEvent } from './telephony-event.ts';

export type ListenerLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

export interface EarListenerOptions<Client> {
  /** The PBX's name. */
  readonly pbx: string;
  readonly kind: EarKind<Client>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
  readonly random: () => number;
  /** In order. Does not throw. */
  readonly onEvent: (event: TelephonyEvent) => void;
  /** In order with the events: what a connection began with, a snapshot if there was one, has been told. */
  readonly onOpened: () => void;
  readonly onState: (state: PbxState) => void;
  /** Something that came could not be understood: it is lost, the listening goes on. */
  readonly onFault: (error: unknown) => void;
  readonly log: ListenerLog;
  /** The most that may wait between the socket and `onEvent`. */
  readonly queueLimit: number;
}

/** Listens on one interface of a PBX for ever: connects, takes a snapshot, watches that the line is alive, and comes back. */
export interface EarListener<Client> {
  start(): void;
  readonly state: PbxState;
  /** That of the open connection; null while there is none. */
  readonly client: Client | null;
  /** Final. What has come in by then is still told. */
  stop(): Promise<void>;
}

const pingEveryMs = 15_000;
/** So few that a turn stays short even where every event ends in a write to the database: Asterisk cuts off who reads too slowly. */
const arrivalsPerTurn = 200;

type Arrival = { readonly read: () => readonly TelephonyEvent[] } | { readonly lostAt: number } | 'opened';

export function createEarListener<Client>(options: EarListenerOptions<Client>): EarListener<Client> {
  const { pbx, kind, now, after, log } = options;
  const { ear, where } = kind;
  let state: PbxState = { pbx, ear, state: 'connecting', since: now(), detail: `Connecting to ${where}.`, remedy: null };
  let connection: EarConnection<Client> | null = null;
  let isOpen = false;
  let failures = 0;
  let callOff = () => {};
  let stopped = false;

  const arrivals = createArrivalQueue<Arrival>({
    limit: options.queueLimit,
    slice: arrivalsPerTurn,
    take: (arrival) => {
      if (arrival === 'opened') options.onOpened();
      else if ('lostAt' in arrival) options.onEvent({ type: 'connectionLost', at: arrival.lostAt });
      else for (const event of arrival.read()) options.onEvent(event);
    },
    onOverflow: () => {
      arrivals.clear();
      // What was too much is the news of the loss itself, which must not be among what is forgotten.
      if (connection === null) arrivals.add({ lostAt: now() });
      const detail = `${where} sends faster than its events can be worked off.`;
      lose({ isRefusal: false, detail, remedy: kind.floodRemedy });
    },
    onError: options.onFault,
  });

  function connect(): void {
    const opened: EarConnection<Client> = kind.connect({
      onArrival: (read) => {
        if (connection === opened) arrivals.add({ read });
      },
      onClose: (reason) => loseIfCurrent(opened, reason),
    });
    connection = opened;
    opened
      .open()
      .then(() => listen(opened))
      .catch((error: unknown) => loseIfCurrent(opened, error));
  }

  async function listen(on: EarConnection<Client>): Promise<void> {
    if (connection !== on) return;
    isOpen = true;
    const lacking = await on.takeSnapshot();
    if (connection !== on) return;
    arrivals.add('opened');
    if (connection !== on) return;
    const heard = `Listening to ${where}.`;
    if (lacking === null) enter('listening', heard, null);
    else enter('listening', `${heard} Calls that began before are not known: ${lacking.detail}`, lacking.remedy);
    watch(on);
  }

  /** A half-open socket says nothing for ever; only a question that goes unanswered shows it. */
  function watch(on: EarConnection<Client>): void {
    callOff = after(pingEveryMs, () => {
      on.ping().then(
        () => {
          if (connection !== on) return;
          // Only now: a PBX that lets us in and throws us out again is not knocked at every second.
          failures = 0;
          watch(on);
        },
        (error: unknown) => loseIfCurrent(on, error),
      );
    });
  }

  function loseIfCurrent(which: EarConnection<Client>, cause: unknown): void {
    if (connection === which) lose(kind.troubleOf(cause));
  }

  function lose({ isRefusal, detail, remedy }: EarTrouble): void {
    const lost = connection;
    if (lost === null || stopped) return;
    connection = null;
    callOff();
    if (isOpen) arrivals.add({ lostAt: now() });
    isOpen = false;
    void lost.close();
    enter(isRefusal ? 'refused' : 'unreachable', detail, remedy);
    callOff = after(reconnectDelayMs(failures, isRefusal, options.random), connect);
    failures += 1;
  }

  /** Only a change is told and logged: a PBX that is away for a night leaves one line. */
  function enter(next: PbxState['state'], detail: string, remedy: string | null): void {
    if (next === state.state && detail === state.detail) return;
    const isNews = next !== state.state;
    const downSince = state.state === 'listening' || state.state === 'connecting' ? null : state.since;
    state = { pbx, ear, state: next, since: isNews ? now() : state.since, detail, remedy };
    options.onState(state);
    const fields = { pbx, ear, detail, ...(remedy !== null && { remedy }) };
    if (!isNews) log('debug', 'the PBX is still away', fields);
    else if (next === 'unreachable' || next === 'refused')
      log('warn', `the PBX is ${next}; trying again until it is back`, fields);
    else if (remedy !== null) log('warn', 'listening to the PBX with too few rights', fields);
    else log('info', logLines[next], { ...fields, ...(downSince !== null && { awaySeconds: (now() - downSince) / 1_000 }) });
  }

  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    callOff();
    const last = connection;
    connection = null;
    isOpen = false;
    arrivals.flush();
    enter('stopped', `Not listening to ${where} any more.`, null);
    await last?.close();
  }

  return {
    start() {
      if (stopped) return;
      options.onState(state);
      connect();
    },
    get state() {
      return state;
    },
    get client() {
      return isOpen && connection !== null ? connection.client : null;
    },
    stop,
  };
}

const logLines = {
  connecting: 'connecting to the PBX',
  listening: 'listening to the PBX',
  stopped: 'listening to the PBX ended',
};

import type { After } from './after.ts';
import type { AmiAction } from './ami/ami-action.ts';
import {
  type AmiClient,
  type AmiClientFactory,
  AmiRefused,
  type AmiResponse,
  type AmiSettings,
  AmiUnreachable,
} from './ami/ami-client.ts';
import { asAmiError } from './ami/ami-failures.ts';
import type { AmiMessage } from './ami/ami-message.ts';
import { AmiProtocolError } from './ami/ami-parser.ts';
import { snapshotActions } from './ami/ami-snapshot.ts';
import { type AmiTranslator, type AmiTranslatorSettings, createAmiTranslator } from './ami/ami-translator.ts';
import { createArrivalQueue } from './arrival-queue.ts';
import { reconnectDelayMs } from './backoff.ts';
import type { PbxState } from './pbx-state.ts';
import type { TelephonyEvent } from './telephony-event.ts';

export interface PbxListenerOptions {
  /** The PBX's name. */
  readonly name: string;
  readonly settings: AmiSettings;
  readonly clientFactory: AmiClientFactory;
  readonly translator?: AmiTranslatorSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable; makes the ActionIDs. */
  readonly newId: () => string;
  readonly after: After;
  readonly random: () => number;
  /** In order. May throw: that event is then lost and logged, the listening goes on. */
  readonly onEvent: (event: TelephonyEvent) => void;
  readonly onState: (state: PbxState) => void;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** The most messages that may wait between the socket and `onEvent`. */
  readonly queueLimit?: number;
}

/** Listens to one PBX for ever: connects, takes a snapshot, watches that the line is alive, and comes back after every loss. */
export interface PbxListener {
  start(): void;
  readonly state: PbxState;
  /** @throws AmiUnreachable while not connected, and as `AmiClient.act`. */
  act(action: AmiAction): Promise<AmiResponse>;
  /** Final. What has come in by then is still told. */
  stop(): Promise<void>;
}

const pingEveryMs = 15_000;
const defaultQueueLimit = 100_000;
/** So few that a turn stays short even where every message ends in a write to the database: Asterisk cuts off who reads too slowly. */
const messagesPerTurn = 200;
/** A PBX says `FullyBooted` right after the log-in, or, while it is still starting, when there is everything to see. */
const bootNewsMs = 1_000;

/** One connection and what belongs to it; replaced as a whole. */
interface Connection {
  readonly client: AmiClient;
  readonly translator: AmiTranslator;
  loggedInAt: number | null;
}

type Arrival =
  | { readonly message: AmiMessage; readonly at: number; readonly translator: AmiTranslator }
  | { readonly lostAt: number };

export function createPbxListener(options: PbxListenerOptions): PbxListener {
  const { name, settings, now, after, log } = options;
  const where = `${settings.host}:${settings.port}`;
  let state: PbxState = { pbx: name, state: 'connecting', since: now(), detail: `Connecting to ${where}.`, remedy: null };
  let connection: Connection | null = null;
  let failures = 0;
  let callOff = () => {};
  let stopped = false;
  let faults = 0;
  let faultsQuietUntil = 0;

  const arrivals = createArrivalQueue<Arrival>({
    limit: options.queueLimit ?? defaultQueueLimit,
    slice: messagesPerTurn,
    take: (arrival) => {
      if ('lostAt' in arrival) tell({ type: 'connectionLost', at: arrival.lostAt });
      else for (const event of arrival.translator.translate(arrival.message, arrival.at)) tell(event);
    },
    onOverflow: () => {
      arrivals.clear();
      lose(new AmiUnreachable(`${where} sends faster than its events can be worked off.`, 'Narrow the events of the AMI user.'));
    },
    onError: noteFault,
  });

  function tell(event: TelephonyEvent): void {
    try {
      options.onEvent(event);
    } catch (error) {
      noteFault(error);
    }
  }

  /** One line a minute, however many events fail. */
  function noteFault(error: unknown): void {
    faults += 1;
    if (now() < faultsQuietUntil) return;
    log('error', 'events of the PBX could not be worked off', { pbx: name, events: faults, error });
    faults = 0;
    faultsQuietUntil = now() + 60_000;
  }

  function connect(): void {
    const translator = createAmiTranslator(options.translator);
    const opened: Connection = {
      translator,
      loggedInAt: null,
      client: options.clientFactory(
        settings,
        { now, newId: options.newId, after },
        {
          onMessage: (message, at) => hear(opened, message, at),
          onClose: (reason) => loseIfCurrent(opened, reason),
        },
      ),
    };
    connection = opened;
    opened.client
      .connect()
      .then(() => listen(opened))
      .catch((error: unknown) => loseIfCurrent(opened, error));
  }

  function hear(from: Connection, message: AmiMessage, at: number): void {
    if (connection !== from) return;
    arrivals.add({ message, at, translator: from.translator });
    const isLateBoot = message.event === 'FullyBooted' && from.loggedInAt !== null && at - from.loggedInAt > bootNewsMs;
    if (isLateBoot) takeSnapshot(from).catch((error: unknown) => loseIfCurrent(from, error));
  }

  async function listen(on: Connection): Promise<void> {
    on.loggedInAt = now();
    const lacking = await takeSnapshot(on);
    if (connection !== on) return;
    const heard = `Listening to ${where}.`;
    if (lacking === null) enter('listening', heard, null);
    else enter('listening', `${heard} Calls that began before are not known: ${lacking.detail}`, lacking.remedy);
    watch(on);
  }

  /** Every answer reaches the translator as it arrives. Tells what the user may not see; other failures are thrown. */
  async function takeSnapshot(on: Connection): Promise<AmiRefused | null> {
    let lacking: AmiRefused | null = null;
    for (const { Action } of snapshotActions) {
      try {
        await on.client.act({ name: Action });
      } catch (error) {
        if (!(error instanceof AmiRefused)) throw error;
        lacking ??= error;
      }
    }
    return lacking;
  }

  /** A half-open socket says nothing for ever; only a question that goes unanswered shows it. */
  function watch(on: Connection): void {
    callOff = after(pingEveryMs, () => {
      on.client.act({ name: 'Ping' }).then(
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

  function loseIfCurrent(which: Connection, cause: unknown): void {
    if (connection === which) lose(cause);
  }

  function lose(cause: unknown): void {
    const lost = connection;
    if (lost === null || stopped) return;
    connection = null;
    callOff();
    const error = asAmiError(cause);
    if (lost.loggedInAt !== null) arrivals.add({ lostAt: now() });
    void lost.client.close();
    enter(error instanceof AmiRefused ? 'refused' : 'unreachable', detailOf(error), remedyOf(error));
    callOff = after(reconnectDelayMs(failures, error instanceof AmiRefused, options.random), connect);
    failures += 1;
  }

  /** Only a change is told and logged: a PBX that is away for a night leaves one line. */
  function enter(next: PbxState['state'], detail: string, remedy: string | null): void {
    if (next === state.state && detail === state.detail) return;
    const isNews = next !== state.state;
    const downSince = state.state === 'listening' || state.state === 'connecting' ? null : state.since;
    state = { pbx: name, state: next, since: isNews ? now() : state.since, detail, remedy };
    options.onState(state);
    const fields = { pbx: name, detail, ...(remedy !== null && { remedy }) };
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
    arrivals.flush();
    enter('stopped', `Not listening to ${where} any more.`, null);
    await last?.client.close();
  }

  return {
    start() {
      options.onState(state);
      connect();
    },
    get state() {
      return state;
    },
    act(action) {
      if (connection?.loggedInAt == null)
        return Promise.reject(new AmiUnreachable(`The PBX ${name} is not connected.`, state.detail));
      return connection.client.act(action);
    },
    stop,
  };
}

const logLines = {
  connecting: 'connecting to the PBX',
  listening: 'listening to the PBX',
  stopped: 'listening to the PBX ended',
};

function detailOf(error: AmiRefused | AmiUnreachable | AmiProtocolError): string {
  return error instanceof AmiProtocolError ? error.message : error.detail;
}

function remedyOf(error: AmiRefused | AmiUnreachable | AmiProtocolError): string {
  return error instanceof AmiProtocolError ? 'Check host and port (AMI is 5038, or 5039 with TLS).' : error.remedy;
}

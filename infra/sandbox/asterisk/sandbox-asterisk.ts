import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { channelCommands } from './ami-channel-commands.ts';
import { originateCommand } from './ami-originate.ts';
import { packetText } from './ami-packet-text.ts';
import { queueCommands } from './ami-queue-commands.ts';
import type { ReceivedAction } from './ami-reader.ts';
import { type AmiSession, type SessionFaults, startAmiSession } from './ami-session.ts';
import { transferCommands } from './ami-transfer-commands.ts';
import type { AmiUser } from './ami-user.ts';
import { createAriApplications } from './ari-applications.ts';
import type { AriFaults } from './ari-events.ts';
import type { ReceivedRequest } from './ari-server.ts';
import { type AriOptions, type AriSide, startAriSide } from './ari-side.ts';
import { type AriEvent, ariTime, asteriskId } from './ari-text.ts';
import { createFreshIds, createPbxCounters } from './fresh-ids.ts';
import { listen } from './listen.ts';
import type { Dialplan } from './live/dialplan.ts';
import { createPhoneCalls, type PhoneCalls } from './live/phone-calls.ts';
import { createPhoneRules, type PhoneRule } from './live/phone-rules.ts';
import { recordedDialplan } from './live/recorded-dialplan.ts';
import { startLivePbx } from './live/start-live-pbx.ts';
import { type Load, type LoadOptions, startLoad } from './load.ts';
import { createPbxState } from './pbx-state.ts';
import { type After, type Pace, type Playback, startPlayback } from './player.ts';
import { type QueueSetting, recordedQueues } from './queues.ts';
import { type RecordedCall, selectCalls } from './recorded-calls.ts';
import type { Recording } from './recording.ts';

export interface SandboxAsteriskOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly users: readonly AmiUser[];
  readonly now: () => number;
  readonly newId: () => string;
  readonly after?: After;
  readonly refusalDelayMs?: number;
  /** The AMI version of the greeting. */
  readonly version?: string;
  readonly queues?: readonly QueueSetting[];
  /** PEM texts: serves AMI over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Absent: speaks AMI only. */
  readonly ari?: AriOptions;
  /** What phones and outside numbers do when they are called; others do as in the recordings. */
  readonly phones?: Readonly<Record<string, PhoneRule>>;
  /** For calls that live (`parseDialplan`); the dialplan of the recordings when absent. */
  readonly dialplan?: Dialplan;
}

export interface PlayOptions {
  readonly pace: Pace;
  /** Only these calls of the recording, by the Uniqueid of their first channel (`callsOf`). All when absent. */
  readonly calls?: readonly string[];
  /** Telephone numbers to be replaced in this copy, for example the caller's. */
  readonly numbers?: Readonly<Record<string, string>>;
  /** Not by hand: whether a call that is about to begin may; the others are left out. All may when absent. */
  readonly mayBegin?: (call: RecordedCall) => boolean;
}

export interface SandboxFaults {
  /** Cuts every connection, of AMI and ARI. */
  cut(): void;
  /** Half-open: connections stay, but nothing is read, answered or sent any more. */
  stall(stalled: boolean): void;
  /** Bytes (latin1) that are no AMI, to everyone who is connected. */
  garbage(bytes: string): void;
  refuseLogins(refuse: boolean): void;
  /** Text that is no JSON, to everyone who listens by ARI. */
  garbageEvent(text: string): void;
  /** Every answer and event of ARI is late by so many milliseconds. */
  slowAri(ms: number): void;
  /** Cuts everything that AMI sends from now on into pieces of so many bytes; null: as it comes. */
  segment(bytes: number | null): void;
  /** Asterisk killed and started again: connections, channels, bridges and waiting callers are gone, counters begin at 0. */
  restart(): void;
  /** Stops or starts accepting connections at the same port. */
  accept(accepting: boolean): Promise<void>;
}

export interface SandboxAsterisk {
  readonly host: string;
  readonly port: number;
  /** `ami://host:port`, or `amis://` with TLS. */
  readonly url: string;
  /** `http://host:port`, below which `/ari` lies; null without ARI. */
  readonly ariUrl: string | null;
  /** Starts one copy of a recording with ids of its own. */
  play(recording: Recording, options: PlayOptions): Playback;
  /** Recorded calls at a rate. @throws when the recordings have no call */
  load(options: LoadOptions): Load;
  /** An event made by hand, to everyone who may hear it. */
  tell(headers: readonly (readonly [string, string])[]): void;
  /** The same on ARI. `application` says who hears a `StasisStart` or `StasisEnd`. */
  tellEvent(event: AriEvent): void;
  readonly faults: SandboxFaults;
  /** Calls that are made, not played: they answer commands. */
  readonly calls: PhoneCalls;
  /** Changes what a phone or an outside number does from the next call on. */
  setPhone(number: string, rule: PhoneRule): void;
  /** AMI connections that are logged in. */
  listeners(): number;
  /** ARI event sockets that are open. */
  ariListeners(): number;
  /** Resolves when somebody is logged in by AMI or listens by ARI. */
  whenLoggedIn(): Promise<void>;
  /** The newest actions that came in, oldest first. */
  actions(): readonly ReceivedAction[];
  /** The newest ARI requests that came in with a right to ask, oldest first. */
  ariRequests(): readonly ReceivedRequest[];
  close(): Promise<void>;
}

const maxRememberedActions = 1_000;
/** How long the PBX seems to have been up when the sandbox starts. */
const upSinceMs = 3_600_000;

const afterRealTime: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** A PBX made of recordings: speaks AMI and ARI as Asterisk does, and its lists tell what is true of the calls that it plays. */
export async function startSandboxAsterisk(options: SandboxAsteriskOptions): Promise<SandboxAsterisk> {
  const { now, newId, after = afterRealTime, queues = recordedQueues } = options;
  const sessions = new Set<AmiSession>();
  const playbacks = new Set<Playback>();
  const actions: ReceivedAction[] = [];
  const faults: { -readonly [Fault in keyof (SessionFaults & AriFaults)]: (SessionFaults & AriFaults)[Fault] } = {
    ...{ refuseLogins: false, stalled: false, segmentBytes: null, ariDelayMs: 0 },
  };
  let tellLoggedIn: (() => void)[] = [];
  let state = createPbxState(queues);
  let counters = createPbxCounters(now, newId);
  const applications = createAriApplications(() => ({
    ...{ type: 'ApplicationReplaced', timestamp: ariTime(now()), application: '', asterisk_id: asteriskId },
  }));
  const phones = createPhoneRules(options.phones ?? {});
  let live = startLive();
  let startedAt = now() - upSinceMs;

  const world = {
    ...{ users: options.users, version: options.version ?? '11.0.0', refusalDelayMs: options.refusalDelayMs ?? 1_000 },
    ...{ now, newId, after, faults, applications, state: () => state, startedAt: () => startedAt },
    ...{
      live: () => live.pbx,
      commands: { originate: originateCommand, ...channelCommands, ...transferCommands, ...queueCommands },
    },
    onAction(action: ReceivedAction) {
      actions.push(action);
      if (actions.length > maxRememberedActions) actions.shift();
    },
    onLogin() {
      for (const tell of tellLoggedIn.splice(0)) tell();
    },
  };

  function startLive() {
    return startLivePbx({
      ...{ now, after, newId, counters, state, tell, tellEvent, phones, dialplan: options.dialplan ?? recordedDialplan },
      stasis: {
        isOpen: (app) => applications.find(app) !== null,
        subscribe: (app, channelId) => void applications.find(app)?.channels.add(channelId),
      },
      stopPlaying(channelId) {
        for (const playback of playbacks) if (playback.leaveOut(channelId)) return;
      },
    });
  }

  function accept(socket: net.Socket): void {
    const session = startAmiSession(socket, world);
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
  }

  const server = options.tls === undefined ? net.createServer(accept) : tls.createServer(options.tls, accept);
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  const ari: AriSide | null =
    options.ari === undefined ? null : await startAriSide(options.ari, { ...world, host: options.host, onOpen: world.onLogin });

  function tell(packet: string): void {
    state.apply(packet, now());
    for (const session of sessions) session.tell(packet);
  }

  function tellEvent(json: string): void {
    state.learn(json);
    if (ari !== null && ari.listeners() > 0) ari.publish(JSON.parse(json) as AriEvent);
  }

  function play(recording: Recording, { pace, calls, numbers = {}, mayBegin }: PlayOptions): Playback {
    const playback = startPlayback({
      ...{ pace, recording: calls === undefined ? recording : selectCalls(recording, calls) },
      ...{ ids: createFreshIds(counters, numbers), send: tell, sendEvent: tellEvent, clock: { now, after } },
      ...(mayBegin && { mayBegin }),
    });
    playbacks.add(playback);
    void playback.whenEnded.then(() => playbacks.delete(playback));
    return playback;
  }

  function cut(): void {
    for (const session of sessions) session.cut();
    ari?.cut();
  }

  function restart(): void {
    for (const playback of playbacks) playback.stop();
    cut();
    state = createPbxState(queues);
    counters = createPbxCounters(now, newId);
    startedAt = now();
    live.kill();
    live = startLive();
  }

  async function close(): Promise<void> {
    for (const playback of playbacks) playback.stop();
    cut();
    await ari?.close();
    await new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
  }

  return {
    ...{ host: options.host, port, url: `${options.tls === undefined ? 'ami' : 'amis'}://${options.host}:${port}` },
    ...{ ariUrl: ari?.url ?? null, play, close, actions: () => [...actions], ariRequests: () => ari?.requests() ?? [] },
    load: (wanted) => startLoad({ now, after, play }, wanted),
    ...{ calls: createPhoneCalls(() => live.pbx), setPhone: phones.set },
    tell: (headers) => tell(packetText(headers)),
    tellEvent: (event) => tellEvent(JSON.stringify(event)),
    faults: {
      ...{ cut, restart },
      stall: (stalled) => {
        faults.stalled = stalled;
      },
      refuseLogins: (refuse) => {
        faults.refuseLogins = refuse;
      },
      segment: (bytes) => {
        faults.segmentBytes = bytes;
      },
      garbage: (bytes) => {
        for (const session of sessions) session.write(bytes);
      },
      garbageEvent: (text) => ari?.write(text),
      slowAri: (ms) => {
        faults.ariDelayMs = ms;
      },
      accept: async (accepting) => {
        await ari?.accept(accepting);
        if (accepting === server.listening) return;
        if (accepting) await listen(server, port, options.host);
        else server.close();
      },
    },
    ariListeners: () => ari?.listeners() ?? 0,
    listeners: () => [...sessions].filter((session) => session.loggedIn).length,
    whenLoggedIn: () =>
      [...sessions].some((session) => session.loggedIn) || (ari?.listeners() ?? 0) > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            tellLoggedIn = [...tellLoggedIn, resolve];
          }),
  };
}

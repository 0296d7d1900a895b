/**
 * The Stasis door: a channel enters our application, gets the answer as channel variables and goes on in its dialplan. One event
 * socket of its own, held for ever. Asterisk sends a channel on by itself when nobody holds the application (`STASISSTATUS=FAILED`), but
 * keeps those that are in it already: they are sent on as soon as we are back.
 */
import type { After } from '../telephony/after.ts';
import {
  type AriClient,
  type AriClientFactory,
  AriRefused,
  type AriResponse,
  type AriSettings,
  AriUnreachable,
} from '../telephony/ari/ari-client.ts';
import { reconnectDelayMs } from '../telephony/backoff.ts';
import type { PbxState } from '../telephony/pbx-state.ts';
import type { Routing } from './routing.ts';
import { routingVariables } from './routing-variables.ts';
import { readArrival, readWaiting, type WaitingChannel } from './stasis-event.ts';

export interface StasisDoorOptions {
  /** The PBX's name. */
  readonly pbx: string;
  /** With an application name of its own and `subscribeAll: false`. */
  readonly ari: AriSettings;
  readonly clientFactory: AriClientFactory;
  readonly routing: Routing;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
  readonly random: () => number;
  /** Channels beyond these are sent on without an answer; default 500. */
  readonly mostAtOnce?: number;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export type StasisDoorState = Omit<PbxState, 'ear'>;

export interface StasisDoor {
  start(): void;
  readonly state: StasisDoorState;
  /** Final. Channels that are being answered are sent on first, within the time a request may take. */
  stop(): Promise<void>;
}

const watchEveryMs = 15_000;
const usuallyMostAtOnce = 500;

export function createStasisDoor(options: StasisDoorOptions): StasisDoor {
  const { pbx, ari, routing, now, after, log } = options;
  const { app } = ari;
  let state: StasisDoorState = { pbx, state: 'connecting', since: now(), detail: `Connecting to ${ari.url}.`, remedy: null };
  let current: AriClient | null = null;
  let failures = 0;
  let callOff = () => {};
  let stopped = false;
  const answering = new Map<string, Promise<void>>();

  function connect(): void {
    const client: AriClient = options.clientFactory(
      ari,
      { now, after },
      {
        onEvent: (event) => {
          if (current !== client) return;
          const arrived = readArrival(event, app);
          if (arrived !== null) take(client, arrived);
        },
        onClose: (reason) => loseIfCurrent(client, reason),
      },
    );
    current = client;
    client
      .connect()
      .then(() => welcome(client))
      .catch((error: unknown) => loseIfCurrent(client, error));
  }

  /** Who came while nobody was here is still waiting. */
  async function welcome(client: AriClient): Promise<void> {
    const { status, body } = await client.request({ method: 'GET', path: '/channels' });
    if (current !== client) return;
    if (status !== 200) throw new AriUnreachable(`${ari.url} answered ${status} to the list of its channels.`);
    const waiting = readWaiting(body, app).filter(({ id }) => !answering.has(id));
    if (waiting.length > 0) log('info', 'channels that waited for routing are sent on', { pbx, channels: waiting.length });
    for (const channel of waiting) take(client, channel);
    enter('listening', `Answering Stasis(${app}) of ${ari.url}.`, null);
    watch(client);
  }

  /** One answer after the other for a channel: it may come back before the last request of the first is through. */
  function take(client: AriClient, channel: WaitingChannel): void {
    const isTooMany = answering.size >= (options.mostAtOnce ?? usuallyMostAtOnce);
    const before = answering.get(channel.id) ?? Promise.resolve();
    const work = before
      .then(() => (isTooMany ? sendOn(client, channel) : answer(client, channel)))
      .catch((error: unknown) => loseIfCurrent(client, error))
      .finally(() => {
        if (answering.get(channel.id) === work) answering.delete(channel.id);
      });
    answering.set(channel.id, work);
  }

  async function answer(client: AriClient, channel: WaitingChannel): Promise<void> {
    const found = await routing.ask(channel);
    const variables = routingVariables(found);
    const last = variables.at(-1);
    const path = `${pathOf(channel)}/variable`;
    const set = async ([variable, value]: readonly [string, string]) =>
      client.request({ method: 'POST', path, body: { variable, value } });
    try {
      const answers = await Promise.all(variables.slice(0, -1).map(set));
      // The last variable says that all the others are there.
      if (last !== undefined && answers.every(isTaken)) await set(last);
    } finally {
      await sendOn(client, channel);
    }
  }

  async function sendOn(client: AriClient, channel: WaitingChannel): Promise<void> {
    const response = await client.request({ method: 'POST', path: `${pathOf(channel)}/continue` });
    if (isTaken(response) || isGone(response)) return;
    log('warn', 'a channel could not be sent on in its dialplan', { pbx, channel: channel.id, status: response.status });
  }

  /** Asks whether Asterisk still holds the application for us: a socket that is dead on its side only shows in that. */
  function watch(client: AriClient): void {
    callOff = after(watchEveryMs, () => {
      client.request({ method: 'GET', path: `/applications/${encodeURIComponent(app)}` }).then(
        ({ status }) => {
          if (current !== client) return;
          if (status === 404) return lose(new AriUnreachable(`${ari.url} no longer holds the application ${app} for us.`));
          failures = 0;
          watch(client);
        },
        (error: unknown) => loseIfCurrent(client, error),
      );
    });
  }

  function loseIfCurrent(client: AriClient, cause: unknown): void {
    if (current === client) lose(cause);
  }

  function lose(cause: unknown): void {
    const lost = current;
    if (lost === null || stopped) return;
    current = null;
    callOff();
    // Whom we could not answer any more waits in the application: the next connection finds them there.
    answering.clear();
    void lost.close();
    const error = cause instanceof AriRefused || cause instanceof AriUnreachable ? cause : new AriUnreachable(String(cause));
    enter(error instanceof AriRefused ? 'refused' : 'unreachable', error.detail, error.remedy);
    callOff = after(reconnectDelayMs(failures, error instanceof AriRefused, options.random), connect);
    failures += 1;
  }

  /** Only a change is logged: a PBX that is away for a night leaves one line. */
  function enter(next: PbxState['state'], detail: string, remedy: string | null): void {
    const isNews = next !== state.state;
    state = { pbx, state: next, since: isNews ? now() : state.since, detail, remedy };
    const fields = { pbx, app, detail, ...(remedy !== null && { remedy }) };
    if (next === 'listening') log('info', 'answering the dialplan by Stasis', fields);
    else if (next !== 'stopped')
      log(isNews ? 'warn' : 'debug', `routing by Stasis is ${next}; the dialplan goes on without it`, fields);
  }

  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    callOff();
    await Promise.all(answering.values());
    const last = current;
    current = null;
    enter('stopped', `Not answering Stasis(${app}) any more.`, null);
    await last?.close();
  }

  return {
    start: connect,
    get state() {
      return state;
    },
    stop,
  };
}

function pathOf({ id }: WaitingChannel): string {
  return `/channels/${encodeURIComponent(id)}`;
}

function isTaken({ status }: AriResponse): boolean {
  return status >= 200 && status < 300;
}

/** Hung up meanwhile, or sent on by somebody else. */
function isGone({ status }: AriResponse): boolean {
  return status === 404 || status === 409;
}

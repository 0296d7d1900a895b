import { createHash } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { type AmiAction, serialiseAction } from './ami-action.ts';
import {
  type AmiClient,
  type AmiHandlers,
  AmiRefused,
  type AmiResponse,
  type AmiSettings,
  AmiUnreachable,
  type AmiWorld,
} from './ami-client.ts';
import { asAmiError, brokenSocket, closedByPeer, closedByUs, isLoopback, refusedLogin, silentAtLogin } from './ami-failures.ts';
import type { AmiMessage } from './ami-message.ts';
import { AmiProtocolError, createAmiParser } from './ami-parser.ts';
import { createPendingActions } from './pending-actions.ts';

/** Our own client: node:net or node:tls, and the parser. Logs in by MD5 challenge. */
export function createOwnAmiClient(settings: AmiSettings, world: AmiWorld, handlers: AmiHandlers): AmiClient {
  const client = new OwnAmiClient(settings, world, handlers);
  return { connect: () => client.connect(), act: (action) => client.act(action), close: () => client.close() };
}

const closeGraceMs = 1_000;

class OwnAmiClient implements AmiClient {
  readonly #settings: AmiSettings;
  readonly #world: AmiWorld;
  readonly #handlers: AmiHandlers;
  readonly #parser = createAmiParser();
  readonly #pending;
  #socket: net.Socket | null = null;
  #state: 'new' | 'connecting' | 'ready' | 'over' = 'new';
  #greeted: () => void = () => {};
  #failLogin: (reason: Error) => void = () => {};

  constructor(settings: AmiSettings, world: AmiWorld, handlers: AmiHandlers) {
    this.#settings = settings;
    this.#world = world;
    this.#handlers = handlers;
    this.#pending = createPendingActions({
      after: world.after,
      timeoutMs: settings.actionTimeoutMs,
      maxListEvents: settings.maxListEvents,
    });
  }

  async connect(): Promise<void> {
    if (this.#state !== 'new') throw new AmiUnreachable('This AMI connection was used already.', 'Make a new one.');
    this.#state = 'connecting';
    const { loginTimeoutMs } = this.#settings;
    const callOff = this.#world.after(loginTimeoutMs, () => this.#end(silentAtLogin(this.#settings, loginTimeoutMs)));
    try {
      const failed = new Promise<never>((_, reject) => {
        this.#failLogin = reject;
      });
      // It may fail before anybody waits for it.
      failed.catch(() => undefined);
      const greeted = new Promise<void>((resolve) => {
        this.#greeted = resolve;
      });
      this.#open();
      await Promise.race([greeted.then(() => this.#logIn()), failed]);
    } catch (error) {
      const told = asAmiError(error);
      this.#end(told);
      throw told;
    } finally {
      callOff();
    }
  }

  async act(action: AmiAction): Promise<AmiResponse> {
    if (this.#state !== 'ready') throw new AmiUnreachable(`Not connected to the PBX; ${action.name} was not sent.`);
    return this.#send(action);
  }

  close(): Promise<void> {
    const socket = this.#socket;
    if (socket !== null && this.#state === 'ready') socket.write(serialiseAction({ name: 'Logoff' }, this.#world.newId()));
    this.#end(null);
    if (socket === null || socket.closed) return Promise.resolve();
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  #open(): void {
    const { host, port, tls: secure } = this.#settings;
    const socket =
      secure === null
        ? net.connect({ host, port })
        : tls.connect({
            ...{ host, port },
            ...(secure.ca !== null && { ca: secure.ca }),
            ...(secure.servername !== null && { servername: secure.servername }),
          });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    socket.on('error', (error) => this.#end(brokenSocket(this.#settings, error)));
    socket.on('close', () => this.#end(closedByPeer(this.#settings)));
  }

  #hear(chunk: Buffer): void {
    if (this.#state === 'over') return;
    const at = this.#world.now();
    try {
      const messages = this.#parser.push(chunk);
      if (this.#parser.banner !== null) this.#greeted();
      for (const message of messages) this.#deliver(message, at);
    } catch (error) {
      if (!(error instanceof AmiProtocolError)) throw error;
      for (const message of error.before) this.#deliver(message, at);
      this.#end(error);
    }
  }

  #deliver(message: AmiMessage, at: number): void {
    if (this.#state === 'over') return;
    this.#pending.hear(message);
    this.#handlers.onMessage(message, at);
  }

  async #logIn(): Promise<void> {
    const { username, events } = this.#settings;
    const challenge = await this.#send({ name: 'Challenge', headers: [['AuthType', 'MD5']] });
    const proof = this.#proof(challenge);
    const login = await this.#send({ name: 'Login', headers: [['Username', username], ...proof, ['Events', events]] });
    if (!login.ok) throw refusedLogin(this.#settings, login.text);
    if (this.#state !== 'connecting') throw closedByUs();
    this.#state = 'ready';
  }

  #proof(challenge: AmiResponse): (readonly [string, string])[] {
    const { host, secret, tls: secure } = this.#settings;
    const given = challenge.message.get('Challenge');
    if (challenge.ok && given !== undefined) {
      const key = createHash('md5')
        .update(given + secret)
        .digest('hex');
      return [
        ['AuthType', 'MD5'],
        ['Key', key],
      ];
    }
    // Whoever sits in between could refuse the challenge to be handed the secret itself.
    if (secure === null && !isLoopback(host)) {
      throw refusedLogin(this.#settings, `no MD5 challenge (${challenge.text}), and the secret is not sent without TLS`);
    }
    return [['Secret', secret]];
  }

  #send(action: AmiAction): Promise<AmiResponse> {
    const actionId = this.#world.newId();
    const text = serialiseAction(action, actionId);
    const answer = this.#pending.expect(actionId, action.name);
    this.#socket?.write(text, 'utf8');
    return answer;
  }

  /** `reason` null: we closed it ourselves. */
  #end(reason: AmiRefused | AmiUnreachable | AmiProtocolError | null): void {
    if (this.#state === 'over') return;
    const wasReady = this.#state === 'ready';
    this.#state = 'over';
    const told = reason ?? closedByUs();
    this.#failLogin(told);
    this.#pending.rejectAll(told);
    this.#hangUp(wasReady && reason === null);
    if (wasReady && reason !== null && !(reason instanceof AmiRefused)) this.#handlers.onClose(reason);
  }

  #hangUp(politely: boolean): void {
    const socket = this.#socket;
    if (socket === null || socket.closed) return;
    if (!politely) {
      socket.destroy();
      return;
    }
    const callOff = this.#world.after(closeGraceMs, () => socket.destroy());
    socket.once('close', callOff);
    socket.destroySoon();
  }
}

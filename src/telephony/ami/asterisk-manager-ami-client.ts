import createManager from 'asterisk-manager';
import { type AmiAction, AmiActionRefused, actionLines, withoutLineBreaks } from './ami-action.ts';
import { type AmiClient, type AmiHandlers, AmiRefused, type AmiSettings, AmiUnreachable, type AmiWorld } from './ami-client.ts';
import { asAmiError, brokenSocket, closedByPeer, closedByUs, refusedLogin, silentAtLogin } from './ami-failures.ts';
import type { AmiMessage } from './ami-message.ts';
import { AmiProtocolError } from './ami-parser.ts';
import { messageFromManagerItem } from './asterisk-manager-message.ts';
import { createPendingActions } from './pending-actions.ts';

/**
 * The package asterisk-manager 0.2.0 behind the port, used for nothing but the socket, the plain log-in and the cutting into
 * messages. A fresh instance per connection, because it keeps half a message over a reconnect. Its own listener to `rawevent` is
 * taken off: it would emit names that the peer chose (an ActionID `rawevent` would end the process) and keep callbacks for ever.
 * It has neither TLS nor the MD5 challenge, and nothing can bound what it holds of an endless line.
 */
export function createAsteriskManagerAmiClient(settings: AmiSettings, world: AmiWorld, handlers: AmiHandlers): AmiClient {
  const { host, port } = settings;
  const manager = createManager(null, host, withoutLineBreaks(settings.username), withoutLineBreaks(settings.secret), true);
  const pending = createPendingActions({
    after: world.after,
    timeoutMs: settings.actionTimeoutMs,
    maxListEvents: settings.maxListEvents,
  });
  let state: 'new' | 'connecting' | 'loggingIn' | 'ready' | 'over' = 'new';
  let socket: 'none' | 'opening' | 'open' | 'closed' = 'none';
  let settleLogin: (outcome: Error | null) => void = () => {};
  let socketClosed: () => void = () => {};
  const whenSocketClosed = new Promise<void>((resolve) => {
    socketClosed = resolve;
  });

  async function connect(): Promise<void> {
    if (state !== 'new') throw new AmiUnreachable('This AMI connection was used already.', 'Make a new one.');
    if (settings.tls !== null) throw new AmiRefused('asterisk-manager has no TLS.', 'Choose our own client for this PBX.');
    state = 'connecting';
    const callOff = world.after(settings.loginTimeoutMs, () => end(silentAtLogin(settings, settings.loginTimeoutMs)));
    try {
      refuseUnsendable(settings);
      await new Promise<void>((resolve, reject) => {
        settleLogin = (outcome) => (outcome === null ? resolve() : reject(outcome));
        openSocket();
      });
      state = 'ready';
      // The package asks for events by a header that Asterisk does not know, so a user hears all it may until this.
      await act({ name: 'Events', headers: [['EventMask', settings.events]] });
    } catch (error) {
      const told = asAmiError(error);
      end(told);
      throw told;
    } finally {
      callOff();
    }
  }

  function openSocket(): void {
    manager.removeAllListeners('rawevent');
    manager.on('rawevent', hear);
    manager.on('error', (error) => end(error instanceof Error ? brokenSocket(settings, error) : closedByPeer(settings)));
    manager.on('close', () => {
      socket = 'closed';
      socketClosed();
      end(closedByPeer(settings));
    });
    socket = 'opening';
    manager.connect(port, host, () => {
      socket = 'open';
      // Disconnecting while the socket opens would leak it.
      if (state === 'over') manager.disconnect();
      else logIn();
    });
  }

  function logIn(): void {
    state = 'loggingIn';
    manager.login((refusal) =>
      settleLogin(refusal ? refusedLogin(settings, messageFromManagerItem(refusal).get('Message') ?? '') : null),
    );
  }

  function hear(item: unknown): void {
    if (state === 'over') return;
    const message = messageFromManagerItem(item);
    if (message.event === null && message.response === null) {
      end(new AmiProtocolError(`${host}:${port} does not speak AMI. Check host and port (AMI is 5038).`));
      return;
    }
    if (state === 'loggingIn' && message.event === null) answerLogin(message, item);
    pending.hear(message);
    handlers.onMessage(message, world.now());
  }

  /** The package waits for its log-in's answer under an ActionID of its own making; nothing else can have been answered yet. */
  function answerLogin(message: AmiMessage, item: unknown): void {
    const actionId = message.get('ActionID') ?? '';
    const refused = message.response?.toLowerCase() === 'error';
    // Any other name would be of the peer's choosing.
    if (/^\d+$/.test(actionId)) manager.emit(actionId, refused ? item : undefined, item);
  }

  async function act(action: AmiAction) {
    if (state !== 'ready') throw new AmiUnreachable(`Not connected to the PBX; ${action.name} was not sent.`);
    const actionId = world.newId();
    const packed = packAction(action, actionId);
    const answer = pending.expect(actionId, action.name);
    manager.action(packed);
    return answer.finally(() => manager.removeAllListeners(actionId));
  }

  function end(reason: AmiRefused | AmiUnreachable | AmiProtocolError | null): void {
    if (state === 'over') return;
    const wasReady = state === 'ready';
    state = 'over';
    const told = reason ?? closedByUs();
    settleLogin(told);
    pending.rejectAll(told);
    if (socket === 'open') manager.disconnect();
    if (wasReady && reason !== null && !(reason instanceof AmiRefused)) handlers.onClose(reason);
  }

  async function close(): Promise<void> {
    end(null);
    if (socket === 'none' || socket === 'closed') return;
    // It only half-closes, and a stalled peer would keep us waiting for its half.
    const given = new Promise<void>((resolve) => {
      const callOff = world.after(1_000, resolve);
      void whenSocketClosed.then(callOff);
    });
    await Promise.race([whenSocketClosed, given]);
  }

  return { connect, act, close };
}

/** The package writes its log-in itself, of any length. */
function refuseUnsendable({ username, secret }: AmiSettings): void {
  const headers = [['Username', username] as const, ['Secret', secret] as const];
  actionLines({ name: 'Login', headers }, '');
}

/** The package takes an object: a header once, and variables as an object of their own. */
function packAction(action: AmiAction, actionId: string): Record<string, unknown> {
  const packed: Record<string, unknown> = Object.create(null);
  const variables: Record<string, string> = Object.create(null);
  for (const [header, value] of actionLines(action, actionId)) {
    const key = header.toLowerCase();
    if (key === 'variable') {
      const equals = value.indexOf('=');
      if (equals < 1) throw new AmiActionRefused(`A variable of ${action.name} has no name.`);
      variables[value.slice(0, equals)] = value.slice(equals + 1);
      packed[key] = variables;
    } else if (key in packed) {
      throw new AmiActionRefused(`asterisk-manager cannot send the header ${header} twice (${action.name}).`);
    } else packed[key] = value;
  }
  return packed;
}

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AmiCommands, AmiReply } from './ami-command.ts';
import { asPacketBytes, type PacketText, packetText } from './ami-packet-text.ts';
import { type AmiUser, eventMask, type HeaderOf, knowsSecret, mayAct, mayHear } from './ami-user.ts';
import { fromPacketBytes } from './ari-text.ts';
import type { LivePbx } from './live/live-pbx.ts';
import { createOutbox, type OutboxFaults } from './outbox.ts';
import { actionIdHeader, errorAnswer, listAnswers } from './pbx-answers.ts';
import type { PbxState } from './pbx-state.ts';
import type { After } from './player.ts';

/** An action as it came in; header names in lower case. */
export interface ReceivedAction {
  readonly name: string;
  readonly headers: readonly (readonly [header: string, value: string])[];
}

export interface SessionWorld {
  readonly version: string;
  readonly users: readonly AmiUser[];
  readonly state: () => PbxState;
  /** The PBX the commands are given to. */
  readonly live: () => LivePbx;
  readonly commands: AmiCommands;
  readonly now: () => number;
  readonly newId: () => string;
  readonly after: After;
  /** Asterisk lets a refused log-in wait for a second. */
  readonly refusalDelayMs: number;
  readonly startedAt: () => number;
  readonly faults: SessionFaults;
  readonly onAction: (action: ReceivedAction) => void;
  readonly onLogin: () => void;
}

export interface SessionFaults extends OutboxFaults {
  readonly refuseLogins: boolean;
}

export interface AmiSession {
  readonly loggedIn: boolean;
  /** An event, for those who may and want to hear it. */
  tell(event: PacketText): void;
  /** Bytes as they are. */
  write(bytes: string): void;
  cut(): void;
}

const maxLineBytes = 1_024;
const maxHeaders = 128;
const maxWaiting = 10_000;

/** One AMI connection of the sandbox: what Asterisk's manager does with it. */
export function startAmiSession(socket: Socket, world: SessionWorld): AmiSession {
  let user: AmiUser | null = null;
  let mask: ReadonlySet<string> = new Set();
  let challenge = '';
  let unread = '';
  let lines: string[] = [];
  /** Actions that came while one is still being answered. */
  const waiting: ReceivedAction[] = [];
  let isBusy = false;
  const outbox = createOutbox(socket, world.faults);

  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => hear(text));
  outbox.write(`Asterisk Call Manager/${world.version}\r\n`);

  function hear(text: string): void {
    if (world.faults.stalled) return;
    const [...whole] = (unread + text).split('\n');
    unread = whole.pop() ?? '';
    for (const line of whole) hearLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (unread.length >= maxLineBytes) refuseMessage('Failed to parse message: line too long');
  }

  function hearLine(line: string): void {
    if (line.length + 2 > maxLineBytes) refuseMessage('Failed to parse message: line too long');
    else if (line !== '') lines.push(line);
    else if (lines.length > 0) {
      const message = lines;
      lines = [];
      if (message.length > maxHeaders) refuseMessage('Too many lines in message or allocation failure');
      else take(parseAction(message));
    }
  }

  function refuseMessage(words: string): void {
    lines = [];
    unread = '';
    outbox.write(errorAnswer(null, words));
  }

  /** A session does one thing at a time. */
  function take(action: ReceivedAction): void {
    if (!isBusy) act(action);
    else if (waiting.length < maxWaiting) waiting.push(action);
    else socket.destroy();
  }

  function act(action: ReceivedAction): void {
    world.onAction(action);
    const name = action.name.toLowerCase();
    const header = (wanted: string) => action.headers.find(([key]) => key === wanted.toLowerCase())?.[1] ?? null;
    const actionId = header('ActionID');
    if (name === '') outbox.write(errorAnswer(actionId, 'Missing action in request'));
    else if (name === 'challenge') answerChallenge(actionId, header);
    else if (name === 'login') logIn(actionId, header);
    else if (name === 'logoff') {
      outbox.write(packetText([['Response', 'Goodbye'], ...actionIdHeader(actionId), ['Message', 'Thanks for all the fish.']]));
      outbox.end();
    } else if (user === null || !mayAct(user, name)) outbox.write(errorAnswer(actionId, 'Permission denied'));
    else if (name === 'ping')
      success(actionId, [
        ['Ping', 'Pong'],
        ['Timestamp', (world.now() / 1_000).toFixed(6)],
      ]);
    else if (name === 'events') setMask(actionId, header('EventMask') ?? '');
    else if (world.commands[name] !== undefined) command(action, name, actionId, user);
    else {
      const answer = listAnswers[name];
      outbox.write(answer?.(world.state(), { actionId, now: world.now(), header }) ?? unknownAction(actionId, action.name));
    }
  }

  function command(action: ReceivedAction, name: string, actionId: string | null, by: AmiUser): void {
    const all = (wanted: string) =>
      action.headers.filter(([key]) => key === wanted.toLowerCase()).map(([, value]) => fromPacketBytes(value));
    const header = (wanted: string) => all(wanted)[0] || null;
    isBusy = true;
    world.commands[name]?.(world.live(), { header, all, actionId, user: by }, replyTo(actionId));
  }

  function replyTo(actionId: string | null): AmiReply {
    const encoded = (headers: readonly (readonly [string, string])[]) =>
      headers.map(([key, value]): [string, string] => [key, asPacketBytes(value)]);
    return {
      success(message, headers = []) {
        success(actionId, [...encoded(headers), ...(message === null ? [] : ([['Message', message]] as [string, string][]))]);
        free();
      },
      follow: (headers) => outbox.write(packetText(encoded(headers))),
      error(message) {
        outbox.write(errorAnswer(actionId, asPacketBytes(message)));
        free();
      },
    };
  }

  /** What waited comes next, after what the answered action itself does. */
  function free(): void {
    queueMicrotask(() => {
      isBusy = false;
      while (!isBusy) {
        const next = waiting.shift();
        if (next === undefined) return;
        act(next);
      }
    });
  }

  function success(actionId: string | null, headers: [string, string][]): void {
    outbox.write(packetText([['Response', 'Success'], ...actionIdHeader(actionId), ...headers]));
  }

  function answerChallenge(actionId: string | null, header: HeaderOf): void {
    if (header('AuthType')?.toLowerCase() !== 'md5') {
      outbox.write(errorAnswer(actionId, 'Must specify AuthType'));
      return;
    }
    challenge = String(parseInt(createHash('md5').update(world.newId()).digest('hex').slice(0, 7), 16));
    success(actionId, [['Challenge', challenge]]);
  }

  function logIn(actionId: string | null, header: HeaderOf): void {
    const found = world.users.find(({ name }) => name === header('Username'));
    if (world.faults.refuseLogins || found === undefined || !knowsSecret(found, challenge, header)) {
      world.after(world.refusalDelayMs, () => {
        outbox.write(errorAnswer(actionId, 'Authentication failed'));
        outbox.end();
      });
      return;
    }
    user = found;
    mask = eventMask(header('Events') ?? 'on');
    success(actionId, [['Message', 'Authentication accepted']]);
    const uptime = String(Math.max(0, Math.floor((world.now() - world.startedAt()) / 1_000)));
    tell(
      packetText([
        ['Event', 'FullyBooted'],
        ['Privilege', 'system,all'],
        ['Uptime', uptime],
        ['LastReload', uptime],
        ['Status', 'Fully Booted'],
      ]),
    );
    world.onLogin();
  }

  function setMask(actionId: string | null, wanted: string): void {
    mask = eventMask(wanted);
    success(actionId, [['Events', mask.size === 0 ? 'Off' : 'On']]);
  }

  function tell(event: PacketText): void {
    if (user !== null && mayHear(user, mask, event)) outbox.write(event);
  }

  return {
    get loggedIn() {
      return user !== null && !socket.destroyed;
    },
    tell,
    write: outbox.write,
    cut: () => socket.destroy(),
  };
}

function parseAction(lines: readonly string[]): ReceivedAction {
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { name: headers.find(([header]) => header === 'action')?.[1] ?? '', headers };
}

function unknownAction(actionId: string | null, name: string): PacketText {
  return errorAnswer(actionId, `Invalid/unknown command: ${name}. Use Action: ListCommands to show available commands.`);
}

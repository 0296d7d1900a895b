import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AmiCommands, AmiReply } from './ami-command.ts';
import { type AmiFilter, parseAmiFilter, passesFilters } from './ami-filter.ts';
import { asPacketBytes, type PacketText, packetText } from './ami-packet-text.ts';
import { createAmiReader, type ReceivedAction } from './ami-reader.ts';
import { type AmiUser, eventMask, type HeaderOf, knowsSecret, mayAct, mayHear } from './ami-user.ts';
import { fromPacketBytes } from './ari-text.ts';
import type { LivePbx } from './live/live-pbx.ts';
import { createOutbox, type OutboxFaults } from './outbox.ts';
import { actionIdHeader, errorAnswer, listAnswers } from './pbx-answers.ts';
import type { PbxState } from './pbx-state.ts';
import type { After } from './player.ts';

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

const maxWaiting = 10_000;
/** A limit of the sandbox, not of Asterisk. */
const maxFilters = 1_000;

/** One AMI connection of the sandbox: what Asterisk's manager does with it. */
export function startAmiSession(socket: Socket, world: SessionWorld): AmiSession {
  let user: AmiUser | null = null;
  let mask: ReadonlySet<string> = new Set();
  let filters: readonly AmiFilter[] = [];
  let challenge = '';
  /** Actions that came while one is still being answered. */
  const waiting: ReceivedAction[] = [];
  let isBusy = false;
  const outbox = createOutbox(socket, world.faults);

  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  const reader = createAmiReader({
    onAction: take,
    onRefused: (words) => outbox.write(errorAnswer(null, words)),
  });
  socket.on('data', (text: string) => {
    if (!world.faults.stalled) reader.hear(text);
  });
  outbox.write(`Asterisk Call Manager/${world.version}\r\n`);

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
    else if (name === 'filter') addFilter(actionId, header);
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
    mask = eventMask(header('Events') || 'on');
    filters = (found.eventFilters ?? []).flatMap(({ criteria, pattern }) => {
      const filter = parseAmiFilter(criteria, pattern);
      return typeof filter === 'string' ? [] : [filter];
    });
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
    if (wanted.trim() === '') {
      outbox.write(errorAnswer(actionId, 'Invalid event mask'));
      return;
    }
    mask = eventMask(wanted);
    success(actionId, [['Events', mask.size === 0 ? 'Off' : 'On']]);
  }

  function addFilter(actionId: string | null, header: HeaderOf): void {
    const filter =
      header('Operation')?.toLowerCase() === 'add' ? parseAmiFilter(header('MatchCriteria') ?? '', header('Filter') ?? '') : null;
    if (filter === null) outbox.write(errorAnswer(actionId, 'Unknown operation'));
    else if (filter === 'compile') {
      outbox.write(errorAnswer(actionId, 'Filter did not compile.  Check the syntax of the filter given.'));
    } else if (filter === 'format' || filters.length >= maxFilters) {
      outbox.write(errorAnswer(actionId, 'Filter was formatted incorrectly.  Check the syntax of the filter given.'));
    } else {
      filters = [...filters, filter];
      success(actionId, [['Message', 'Success']]);
    }
  }

  function tell(event: PacketText): void {
    if (user !== null && mayHear(user, mask, event) && passesFilters(filters, event)) outbox.write(event);
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

function unknownAction(actionId: string | null, name: string): PacketText {
  return errorAnswer(actionId, `Invalid/unknown command: ${name}. Use Action: ListCommands to show available commands.`);
}

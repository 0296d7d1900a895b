import type { Socket } from 'node:net';
import { type AmiPeer, startAmiPeer } from './ami-peer.ts';

/** How a PBX that is being examined stands; what is not named is as `infra/asterisk` sets it up. */
export interface ExaminedPbx {
  readonly version?: string;
  readonly systemName?: string;
  /** What the user may do; by default all that is asked for. */
  readonly allowed?: readonly string[];
  /** Classes the user hears. */
  readonly read?: readonly string[];
  readonly timestampEvents?: boolean;
  readonly now?: () => number;
  /** Name of the queue → `Location` and, behind a bar, `StateInterface` of its members. */
  readonly queues?: Readonly<Record<string, readonly string[]>>;
  readonly devices?: readonly string[];
  readonly contexts?: readonly string[];
  readonly parkingLots?: readonly string[];
  /** Actions this PBX has never heard of. */
  readonly unknown?: readonly string[];
}

/** As a user with `write = call,originate,reporting,user` gets them from ListCommands. */
export const allowedByUs = (
  'Bridge BlindTransfer BridgeList CoreSettings CoreShowChannels DeviceStateList Getvar Hangup ListCommands Originate Park ' +
  'ParkedCalls Parkinglots Ping QueueStatus Redirect Setvar ShowDialPlan Status UserEvent'
).split(' ');

/** As Asterisk names them behind an action. */
const privileges: Readonly<Record<string, string>> = {
  Redirect: 'call,all',
  ParkedCalls: 'call,all',
  Originate: 'originate,all',
  UserEvent: 'user,all',
  ShowDialPlan: 'config,reporting,all',
  CoreShowChannels: 'system,reporting,all',
  Status: 'system,call,reporting,all',
};

const usual: Required<ExaminedPbx> = {
  version: '22.10.1',
  systemName: 'main',
  allowed: allowedByUs,
  read: ['system', 'call', 'agent', 'user', 'dialplan'],
  timestampEvents: true,
  now: Date.now,
  queues: { sales: ['PJSIP/1001', 'PJSIP/1002'] },
  devices: ['PJSIP/1001', 'PJSIP/1002', 'PJSIP/trunk', 'Queue:sales_avail', 'park:701@parkedcalls'],
  contexts: ['toritsugi-dial'],
  parkingLots: ['default'],
  unknown: [],
};

type Lines = readonly string[];
/** What an action does: lines of its answer, items of a list, and an event of a class. */
interface Telling {
  readonly success: (...lines: Lines) => void;
  readonly error: (message: string) => void;
  readonly list: (items: readonly Lines[]) => void;
  readonly event: (className: string, name: string, ...lines: Lines) => void;
}

/** A header of the action at hand; names in any case, as Asterisk takes them. */
type Header = (name: string) => string;

/** A PBX that answers what doctor asks in the words of Asterisk 22. */
export function startExaminedPbx(pbx: ExaminedPbx): Promise<AmiPeer> {
  return startAmiPeer((socket) => speak(socket, { ...usual, ...pbx }));
}

function speak(socket: Socket, pbx: Required<ExaminedPbx>): void {
  let unread = '';
  socket.setNoDelay(true);
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  socket.on('data', (chunk) => {
    const actions = (unread + chunk.toString()).split('\r\n\r\n');
    unread = actions.pop() ?? '';
    for (const action of actions) {
      const header: Header = (name) => new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(action)?.[1] ?? '';
      answer(header, pbx, telling(socket, pbx, header('ActionID')));
    }
  });
}

function telling(socket: Socket, { read, timestampEvents, now }: Required<ExaminedPbx>, actionId: string): Telling {
  const say = (...lines: Lines) => {
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  };
  const id = `ActionID: ${actionId}`;
  return {
    success: (...lines) => say('Response: Success', id, ...lines),
    error: (message) => say('Response: Error', id, `Message: ${message}`),
    list(items) {
      say('Response: Success', id, 'EventList: start', 'Message: A list will follow');
      for (const [event = '', ...lines] of items) say(`Event: ${event}`, id, ...lines);
      say('Event: ListComplete', id, 'EventList: Complete', `ListItems: ${items.length}`);
    },
    event(className, name, ...lines) {
      const at = timestampEvents ? [`Timestamp: ${(now() / 1_000).toFixed(6)}`] : [];
      if (read.includes(className)) say(`Event: ${name}`, `Privilege: ${className},all`, ...at, ...lines);
    },
  };
}

function answer(header: Header, pbx: Required<ExaminedPbx>, tell: Telling): void {
  const sent = header('Action').toLowerCase();
  const known = [...freeActions, ...usual.allowed, ...pbx.allowed].find((name) => name.toLowerCase() === sent);
  const action = known ?? header('Action');
  if (pbx.unknown.includes(action)) tell.error(`Invalid/unknown command: ${action}.`);
  else if (!freeActions.has(action) && !pbx.allowed.includes(action)) tell.error('Permission denied');
  else (answers[action] ?? ((_header, _pbx, { list }) => list([])))(header, pbx, tell);
}

const freeActions = new Set(['Challenge', 'Login', 'Logoff', 'Events', 'Ping']);

const answers: Readonly<Record<string, (header: Header, pbx: Required<ExaminedPbx>, tell: Telling) => void>> = {
  Challenge: (_header, _pbx, { success }) => success('Challenge: 123'),
  Login(_header, _pbx, { success, event }) {
    success('Message: Authentication accepted');
    event('system', 'FullyBooted', 'Uptime: 90000', 'Status: Fully Booted');
  },
  Events: (_header, _pbx, { success }) => success('Events: On'),
  Ping: (_header, { now }, { success }) => success('Ping: Pong', `Timestamp: ${(now() / 1_000).toFixed(6)}`),
  ListCommands: (_header, { allowed }, { success }) =>
    success(...allowed.map((action) => `${action}: What it does.  (Priv: ${privileges[action] ?? '<none>'})`)),
  CoreSettings: (_header, { version, systemName }, { success }) =>
    success(`AsteriskVersion: ${version}`, `SystemName: ${systemName}`, 'CoreCDRenabled: Yes'),
  QueueStatus: (_header, { queues }, { list }) =>
    list(
      Object.entries(queues).flatMap(([queue, members]) => [
        ['QueueParams', `Queue: ${queue}`],
        ...members.map((member) => memberLines(queue, member)),
      ]),
    ),
  DeviceStateList: (_header, { devices }, { list }) =>
    list(devices.map((device) => ['DeviceStateChange', `Device: ${device}`, 'State: NOT_INUSE'])),
  Parkinglots: (_header, { parkingLots }, { list }) =>
    list(parkingLots.map((lot) => ['Parkinglot', `Name: ${lot}`, 'StartSpace: 701', 'StopSpace: 720'])),
  ShowDialPlan(header, { contexts }, { list, error }) {
    const context = header('Context');
    if (contexts.includes(context)) list([['ListDialplan', `Context: ${context}`, 'Extension: _X.']]);
    else error(`Did not find context ${context}`);
  },
  UserEvent(header, _pbx, { success, event }) {
    success('Message: Event Sent');
    event('user', 'UserEvent', 'UserEvent: ToritsugiDoctor', `Nonce: ${header('Nonce')}`);
  },
  Setvar(header, _pbx, { success, event }) {
    success('Message: Variable Set');
    event('dialplan', 'VarSet', 'Channel: none', `Variable: ${header('Variable')}`);
  },
  Originate(header, _pbx, { success, event }) {
    success('Message: Originate successfully queued');
    event('call', 'OriginateResponse', 'Response: Failure', `Channel: ${header('Channel')}`);
  },
};

function memberLines(queue: string, member: string): string[] {
  const [location = '', stateInterface = location] = member.split('|');
  return ['QueueMember', `Queue: ${queue}`, `Location: ${location}`, `StateInterface: ${stateInterface}`];
}

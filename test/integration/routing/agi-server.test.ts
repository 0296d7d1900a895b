import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type AgiServer, startAgiServer } from '../../../src/routing/agi-server.ts';
import type { RoutingAnswer } from '../../../src/routing/decide-route.ts';
import type { RoutingQuestion } from '../../../src/routing/routing.ts';
import { createHandClock, type HandClock } from '../../support/ami-clock.ts';
import { routingAnswer } from '../../support/routing-facts.ts';
import { until } from '../../support/until.ts';

let server: AgiServer;
let clock: HandClock;
let asked: RoutingQuestion[];
let logged: string[];
let answer: () => Promise<RoutingAnswer>;
let sockets: Socket[];

beforeEach(async () => {
  clock = createHandClock();
  asked = [];
  logged = [];
  sockets = [];
  answer = async () => routingAnswer({ callerKind: 'known', customerName: '山田 太郎', queue: 'vip' });
  server = await start();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

function start(): Promise<AgiServer> {
  return startAgiServer({
    host: '127.0.0.1',
    port: 0,
    token: null,
    routing: {
      ask: (question) => {
        asked.push(question);
        return answer();
      },
    },
    after: clock.after,
    log: (_level, message) => void logged.push(message),
  });
}

function open(): Socket {
  const socket = connect({ host: '127.0.0.1', port: server.port });
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** However it ends. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

const HEAD = [
  'agi_network: yes',
  'agi_network_script: routing',
  'agi_request: agi://127.0.0.1/routing',
  'agi_channel: PJSIP/trunk-00000001',
  'agi_callerid: 09012345678',
  'agi_calleridname: unknown',
  'agi_dnid: unknown',
  'agi_extension: s',
  'agi_arg_1: 0398765432',
];

/** Says the head, answers each command as Asterisk does, and gives back what it was told. */
async function ask(head: readonly string[], reply = '200 result=1\n'): Promise<readonly string[]> {
  const socket = open();
  socket.setEncoding('utf8');
  let commands = '';
  socket.on('data', (chunk) => {
    commands += String(chunk);
    for (let count = String(chunk).split('\n').length - 1; count > 0; count -= 1) socket.write(reply);
  });
  socket.write(`${head.join('\n')}\n\n`);
  await once(socket, 'end');
  return commands.split('\n').slice(0, -1);
}

test('the dialplan is told the answer, variable by variable, and let go', async () => {
  expect(await ask(HEAD)).toEqual([
    'SET VARIABLE TORITSUGI_CALLER "known"',
    'SET VARIABLE TORITSUGI_NAME "山田 太郎"',
    'SET VARIABLE TORITSUGI_LAST_AGENT ""',
    'SET VARIABLE TORITSUGI_LAST_AGENT_AT ""',
    'SET VARIABLE TORITSUGI_OWNER ""',
    'SET VARIABLE TORITSUGI_BLOCKED ""',
    'SET VARIABLE TORITSUGI_BLOCKED_REASON ""',
    'SET VARIABLE TORITSUGI_QUEUE "vip"',
    'SET VARIABLE TORITSUGI_GREETING ""',
    'SET VARIABLE TORITSUGI_ANSWERED "1"',
  ]);
  expect(asked).toEqual([{ number: '09012345678', did: '0398765432' }]);
});

test.each([
  ['no argument: the number dialled', ['agi_dnid: 0312345678', 'agi_extension: s'], '0312345678'],
  ['nor that: the extension', ['agi_dnid: unknown', 'agi_extension: 5678'], '5678'],
])('%s', async (_what, lines, did) => {
  await ask(['agi_request: agi://x/y', 'agi_callerid: unknown', ...lines]);
  expect(asked).toEqual([{ number: null, did }]);
});

test('a hostile name can never become another command', async () => {
  answer = async () =>
    routingAnswer({ customerName: 'x"\nHANGUP\r\nSET VARIABLE EVIL "1"\\', blocked: { reason: '\u0000"; EXEC System rm' } });
  const commands = await ask(HEAD);
  expect(commands).toHaveLength(10);
  expect(commands.every((command) => /^SET VARIABLE TORITSUGI_\w+ "[^"\\\p{Cc}]*"$/u.test(command))).toBe(true);
});

test.each(['9'.repeat(200), `'; drop table calls; --`, '"$(id)"'])('a caller id of %j is passed on as it is', async (number) => {
  await ask([...HEAD.filter((line) => !line.startsWith('agi_callerid:')), `agi_callerid: ${number}`]);
  expect(asked).toEqual([{ number, did: '0398765432' }]);
});

test('what follows in a forged line does not replace what Asterisk said first', async () => {
  await ask([...HEAD, 'agi_callerid: 0000', 'agi_arg_1: 1']);
  expect(asked).toEqual([{ number: '09012345678', did: '0398765432' }]);
});

test('a caller who hangs up in the middle is told no more', async () => {
  expect(await ask(HEAD, 'HANGUP\n')).toHaveLength(1);
  expect(await ask(HEAD, '511 Command Not Permitted on a dead channel or intercept routine\n')).toHaveLength(1);
});

test.each([
  ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['nothing but an empty line', '\n'],
  ['bytes of any kind', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256))],
  ['a line without an end', 'agi_'.repeat(5_000)],
  ['lines without an end', 'agi_x: y\n'.repeat(10_000)],
  ['a head that breaks off', HEAD.join('\n')],
  ['half a character', Buffer.from([0xe3, 0x81, 0x0a, 0x0a])],
])('%s is let go without an answer, and the next caller gets one', async (_what, garbage) => {
  const socket = open();
  const closed = closing(socket);
  socket.on('data', () => {});
  socket.end(garbage);
  await closed;
  expect(asked).toEqual([]);
  expect(await ask(HEAD)).toHaveLength(10);
});

test('a peer that says nothing is let go after five seconds', async () => {
  const socket = open();
  const closed = closing(socket);
  await until('the server has it', () => clock.waiting().length === 1);
  clock.advance(5_000);
  await closed;
});

test('one that never takes the answer as well', async () => {
  const socket = open();
  socket.write(`${HEAD.join('\n')}\n\n`);
  await once(socket, 'data');
  const closed = closing(socket);
  clock.advance(5_000);
  await closed;
  expect(clock.waiting()).toEqual([]);
});

test('no more than two hundred are taken at once', async () => {
  const many = Array.from({ length: 260 }, () => open());
  await until('the rest is turned away', () => many.filter((socket) => socket.closed || socket.destroyed).length === 60);
  for (const socket of many) socket.destroy();
  await until('they are gone', () => clock.waiting().length === 0);
  expect(await ask(HEAD)).toHaveLength(10);
});

test('an error of our own ends that conversation alone', async () => {
  answer = async () => Promise.reject(new Error('ours'));
  const socket = open();
  const closed = closing(socket);
  socket.write(`${HEAD.join('\n')}\n\n`);
  await closed;
  answer = async () => routingAnswer();
  expect(await ask(HEAD)).toHaveLength(10);
});

import type { RoutingQuestion } from '../../../src/routing/routing.ts';
import { createStasisDoor, type StasisDoor } from '../../../src/routing/stasis-door.ts';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { ariDefaults } from '../../../src/telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { createHandClock, type HandClock } from '../../support/ami-clock.ts';
import { routingAnswer } from '../../support/routing-facts.ts';
import { type StasisPbx, startStasisPbx } from '../../support/stasis-pbx.ts';
import { until } from '../../support/until.ts';

const APP = 'toritsugi-routing';
const answer = routingAnswer({ callerKind: 'known', customerName: '(株)山田製作所', ownerAgent: '1001', queue: 'vip' });

let pbx: StasisPbx;
let door: StasisDoor;
let clock: HandClock;
let asked: RoutingQuestion[];
let logged: { level: string; message: string }[];
/** What the answer waits for; resolved unless a test holds it. */
let held: PromiseWithResolvers<void>;

beforeEach(async () => {
  pbx = await startStasisPbx(APP);
  clock = createHandClock();
  asked = [];
  logged = [];
  held = Promise.withResolvers();
  held.resolve();
  door = createStasisDoor({
    pbx: 'main',
    ari: { ...ariDefaults, url: pbx.url, username: 'toritsugi', password: 'secret', app: APP, subscribeAll: false },
    // The limits of the client are its own; the clock in the test's hand is the door's.
    clientFactory: (settings, world, handlers) => createOwnAriClient(settings, { ...world, after: afterRealTime }, handlers),
    routing: {
      async ask(question) {
        asked.push({ number: question.number, did: question.did });
        await held.promise;
        return answer;
      },
    },
    now: clock.now,
    after: clock.after,
    random: () => 0.5,
    mostAtOnce: 20,
    log: (level, message) => void logged.push({ level, message }),
  });
});

afterEach(async () => {
  held.resolve();
  await door.stop();
  await pbx.stop();
});

async function listening(times = 1): Promise<void> {
  if (times === 1) door.start();
  await until('the door listens', () => door.state.state === 'listening' && pbx.opened() === times);
}

test('a channel gets the answer as variables and goes on in its dialplan', async () => {
  await listening();
  pbx.enter('main-1.1', { number: '09012345678', args: ['0398765432'] });
  await until('the channel goes on', () => pbx.sentOn('main-1.1'));
  expect(pbx.sentOn('main-1.1')).toEqual({
    TORITSUGI_CALLER: 'known',
    TORITSUGI_NAME: '（株）山田製作所',
    TORITSUGI_LAST_AGENT: '',
    TORITSUGI_LAST_AGENT_AT: '',
    TORITSUGI_OWNER: '1001',
    TORITSUGI_BLOCKED: '',
    TORITSUGI_BLOCKED_REASON: '',
    TORITSUGI_QUEUE: 'vip',
    TORITSUGI_GREETING: '',
    TORITSUGI_ANSWERED: '1',
  });
  expect(asked).toEqual([{ number: '09012345678', did: '0398765432' }]);
});

test('without an argument the extension is the number dialled; a strange id or number is no matter', async () => {
  await listening();
  const hostile = `"';\n\${SHELL(id)}`.repeat(12);
  pbx.enter('a/b ?#%', { number: hostile, args: [] });
  await until('the channel goes on', () => pbx.sentOn('a/b ?#%'));
  expect(asked).toEqual([{ number: hostile, did: 's' }]);
});

test('a caller who hangs up meanwhile is no trouble', async () => {
  held = Promise.withResolvers();
  await listening();
  pbx.enter('main-1.1');
  await until('the hub is asked', () => asked.length === 1);
  pbx.hangUp('main-1.1');
  held.resolve();
  pbx.enter('main-1.2');
  await until('the next channel goes on', () => pbx.sentOn('main-1.2'));
  expect(door.state.state).toBe('listening');
  expect(logged.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('channels that waited while the hub was not there are sent on when it comes', async () => {
  pbx.enter('main-1.1', { args: ['0312345678'] });
  await listening();
  await until('the channel goes on', () => pbx.sentOn('main-1.1'));
  expect(asked).toEqual([{ number: '09012345678', did: '0312345678' }]);
});

test('a connection that breaks while a channel is answered does not leave it behind', async () => {
  held = Promise.withResolvers();
  await listening();
  pbx.enter('main-1.1');
  await until('the hub is asked', () => asked.length === 1);
  pbx.cut();
  await until('the loss is noticed', () => door.state.state === 'unreachable');
  pbx.enter('main-1.2');
  held.resolve();
  pbx.open();
  expect(clock.waiting()).toEqual([600]);
  clock.advance(600);
  await listening(2);
  await until('both channels go on', () => pbx.waiting().length === 0);
  expect(pbx.sentOn('main-1.1')).toMatchObject({ TORITSUGI_ANSWERED: '1' });
  expect(pbx.sentOn('main-1.2')).toMatchObject({ TORITSUGI_ANSWERED: '1' });
});

test('a PBX that stays away is tried again and again, ever more slowly, with one line in the log', async () => {
  pbx.cut();
  door.start();
  const waits: number[] = [];
  for (let tried = 0; tried < 8; tried += 1) {
    const [next] = await until('the next try is planned', () => clock.waiting().length === 1 && clock.waiting());
    waits.push(next ?? 0);
    clock.advance(next ?? 0);
  }
  expect(waits).toEqual([600, 1_200, 2_400, 4_800, 9_600, 19_200, 22_500, 22_500]);
  expect(logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('an application that Asterisk no longer holds is noticed and opened again', async () => {
  await listening();
  pbx.forgetApplication();
  clock.advance(15_000);
  await until('the loss is noticed', () => door.state.state === 'unreachable');
  clock.advance(600);
  await listening(2);
  pbx.enter('main-1.1');
  await until('the channel goes on', () => pbx.sentOn('main-1.1'));
});

test('while all is well the watch goes on quietly', async () => {
  await listening();
  for (let round = 0; round < 3; round += 1) {
    await until('the watch is set', () => clock.waiting().includes(15_000));
    clock.advance(15_000);
  }
  await until('the watch is set again', () => clock.waiting().includes(15_000));
  expect(logged).toHaveLength(1);
});

test('whatever else the socket brings is passed over', async () => {
  await listening();
  const channel = { id: 'x', caller: { number: '1' }, dialplan: {} };
  for (const event of [
    'no JSON',
    '[]',
    null,
    {},
    { type: 'StasisStart' },
    { type: 'StasisStart', application: 'another', args: [], channel },
    { type: 'StasisStart', application: APP, args: [], channel: { id: '' } },
    { type: 'StasisEnd', application: APP, channel },
    { type: 'StasisStart', application: APP, args: 'x', channel: { id: 'y'.repeat(300) } },
  ])
    pbx.send(event);
  pbx.enter('main-1.1');
  await until('the channel goes on', () => pbx.sentOn('main-1.1'));
  expect(asked).toHaveLength(1);
});

test('a crowd beyond all measure is sent on without an answer rather than kept waiting', async () => {
  held = Promise.withResolvers();
  await listening();
  for (let index = 0; index < 25; index += 1) pbx.enter(`main-2.${index}`);
  await until('those beyond the limit go on', () => pbx.waiting().length === 20);
  expect(pbx.sentOn('main-2.24')).toEqual({});
  held.resolve();
  await until('all others go on', () => pbx.waiting().length === 0);
  expect(pbx.sentOn('main-2.0')).toMatchObject({ TORITSUGI_ANSWERED: '1' });
});

test('stopping sends on whoever is being answered', async () => {
  held = Promise.withResolvers();
  await listening();
  pbx.enter('main-1.1');
  await until('the hub is asked', () => asked.length === 1);
  const stopped = door.stop();
  held.resolve();
  await stopped;
  expect(pbx.sentOn('main-1.1')).toMatchObject({ TORITSUGI_ANSWERED: '1' });
  expect(door.state.state).toBe('stopped');
});

import request from 'supertest';
import type { CommandAnswer } from '../../../src/desk/command.ts';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { callRecord } from '../../support/desk-calls.ts';
import { DeskHub } from '../../support/desk-hub.ts';
import { done } from '../../support/scripted-commands.ts';
import { until } from '../../support/until.ts';

let hub: DeskHub;
let cookies: Record<string, string>;

beforeEach(async () => {
  hub = await new DeskHub().start();
  cookies = {};
  for (const extension of ['1001', '1002', '1003']) {
    const answer = await request(hub.url).post('/api/v1/session').send({ extension });
    cookies[extension] = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }
});

afterEach(() => hub.stop());

function post(path: string, body: object, { who = '1001', key }: { who?: string; key?: string } = {}) {
  const asked = request(hub.url)
    .post(`/api/v1${path}`)
    .set('Cookie', cookies[who] ?? '');
  return (key === undefined ? asked : asked.set('Idempotency-Key', key)).send(body);
}

function look(key: string, wait: number | string = 0, who = '1001') {
  return request(hub.url)
    .get(`/api/v1/commands/${key}?wait=${wait}`)
    .set('Cookie', cookies[who] ?? '');
}

const tokyo = { to: '03-1234-5678' };
const ordered = () => until('the PBX has the order', async () => hub.pbx.ordered.length > 0);

describe('placing a call', () => {
  test('tells at once which call it will be, then how far it is, then how it ended', async () => {
    // However long a wait might be, none is needed to learn that the phone rings.
    hub.after = () => () => {};
    const given = post('/calls', tokyo, { key: 'order-0001' }).then((answer) => answer);
    await ordered();
    expect(hub.pbx.last.order).toEqual({ kind: 'call', extension: '1001', dial: '0312345678', callerId: null });
    hub.pbx.last.stage('agentRinging');
    expect((await given).body).toEqual({
      ...{ key: 'order-0001', kind: 'call', callId: 'main-toritsugi-order-0001', state: 'working' },
      ...{ stage: 'agentRinging', result: null, slot: null },
    });
    hub.after = afterRealTime;
    hub.pbx.last.stage('farEndRinging');
    expect((await look('order-0001')).body).toMatchObject({ state: 'working', stage: 'farEndRinging' });
    expect((await look('order-0001', '20&stage=agentRinging')).body).toMatchObject({ stage: 'farEndRinging' });
    const waiting = look('order-0001', 20).then((answer) => answer);
    hub.pbx.last.end(done('customerBusy'));
    expect((await waiting).body).toMatchObject({ state: 'done', result: 'customerBusy', stage: null });
  });

  test('the same key dials once, whenever it is asked again', async () => {
    const [one, other] = await Promise.all([
      post('/calls', tokyo, { key: 'order-0001' }),
      post('/calls', tokyo, { key: 'order-0001' }),
    ]);
    expect(one.body).toEqual(other.body);
    expect(one.body).toMatchObject({ state: 'working' });
    hub.pbx.last.end(done('answered'));
    expect((await look('order-0001', 5)).body).toMatchObject({ result: 'answered' });
    expect((await post('/calls', { ...tokyo, key: 'order-0001' })).body).toMatchObject({ state: 'done', result: 'answered' });
    expect(hub.pbx.ordered).toHaveLength(1);
  });

  test('the key of one request cannot be used for another, nor by somebody else', async () => {
    hub.pbx.atOnce = done('answered');
    await post('/calls', tokyo, { key: 'order-0001' });
    for (const again of [
      post('/calls', { to: '06-1234-5678' }, { key: 'order-0001' }),
      post('/calls', tokyo, { key: 'order-0001', who: '1002' }),
    ]) {
      const { status, body } = await again;
      expect([status, body.type]).toEqual([409, 'urn:toritsugi:problem:command-key-reused']);
      expect(body.callId).toBeNull();
    }
    expect(hub.pbx.ordered).toHaveLength(1);
  });

  test('a double click, each click with a key of its own, dials once', async () => {
    const [one, other] = await Promise.all([post('/calls', tokyo), post('/calls', tokyo)]);
    expect([one.status, other.status].sort()).toEqual([200, 409]);
    const refused = one.status === 409 ? one : other;
    const placed = one.status === 200 ? one : other;
    expect(refused.body).toMatchObject({ reason: 'repeated', callId: placed.body.callId });
    expect(hub.pbx.ordered).toHaveLength(1);
    const another = await post('/calls', { to: '06-1234-5678' });
    expect([another.status, another.body.reason]).toEqual([409, 'alreadyDialling']);
  });

  test.each([
    ['110', 400, 'emergency'],
    ['1001', 400, 'ownExtension'],
    ['Local/1002@from-internal', 400, 'unreadable'],
    ['0312345678&PJSIP/1002', 400, 'unreadable'],
    ['0312345678\r\nAction: Hangup', 400, 'unreadable'],
  ])('%j is refused with the reason, and the key is not used up', async (to, status, reason) => {
    const answer = await post('/calls', { to }, { key: 'order-0001' });
    expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    hub.pbx.atOnce = done('answered');
    expect((await post('/calls', tokyo, { key: 'order-0001' })).body).toMatchObject({ result: 'answered' });
  });

  test('at a PBX that is away is refused, and may be tried again under the same key', async () => {
    hub.pbx.atOnce = { state: 'refused', reason: 'pbxAway', detail: 'The PBX main is not connected.' };
    const away = await post('/calls', tokyo, { key: 'order-0001' });
    expect([away.status, away.body.type]).toEqual([503, 'urn:toritsugi:problem:command-pbx-away']);
    hub.pbx.atOnce = done('answered');
    expect((await post('/calls', tokyo, { key: 'order-0001' })).body).toMatchObject({ result: 'answered' });
  });

  test('what the PBX has refused stays refused under its key', async () => {
    hub.pbx.atOnce = { state: 'refused', reason: 'noDialplan', detail: 'Include toritsugi-commands.conf.' };
    for (let times = 0; times < 2; times += 1) {
      const answer = await post('/calls', tokyo, { key: 'order-0001' });
      expect([answer.status, answer.body.reason, answer.body.detail]).toEqual([
        503,
        'noDialplan',
        'Include toritsugi-commands.conf.',
      ]);
    }
    expect(hub.pbx.ordered).toHaveLength(1);
  });

  test('keys have a shape', async () => {
    expect((await post('/calls', tokyo, { key: 'a b' })).status).toBe(400);
    expect((await post('/calls', { ...tokyo, key: 'x' })).status).toBe(400);
    expect((await post('/calls', { ...tokyo, key: 'order-0001' }, { key: 'order-0002' })).status).toBe(400);
    expect(hub.pbx.ordered).toEqual([]);
  });

  test('needs somebody who is signed in with a telephone', async () => {
    expect((await request(hub.url).post('/api/v1/calls').send(tokyo)).status).toBe(401);
    const admin = await request(hub.url).post('/api/v1/session').send({ extension: null });
    cookies.admin = admin.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await post('/calls', tokyo, { who: 'admin' })).body.type).toBe('urn:toritsugi:problem:no-extension');
  });
});

describe('a hub that was killed between noting and hearing the end', () => {
  /** The old process never learns what became of it. */
  async function placedAndKilled(): Promise<void> {
    void post('/calls', tokyo, { key: 'order-0001' }).catch(() => undefined);
    await ordered();
    await hub.restart();
    await hub.store.db.updateTable('commands').set({ state: 'noted', answer: null, settled_at: null }).execute();
  }
  const again = async () => (await post('/calls', tokyo, { key: 'order-0001' })).body as CommandAnswer;

  test('does not dial again, and says that it does not know', async () => {
    await placedAndKilled();
    expect(await again()).toMatchObject({ state: 'unknown', callId: 'main-toritsugi-order-0001' });
    expect(hub.pbx.ordered).toHaveLength(1);
  });

  test('finds the call by its preset id while it rings', async () => {
    await placedAndKilled();
    hub.pbx.connect('main-toritsugi-order-0001', '1001');
    expect(await again()).toMatchObject({ state: 'working' });
    expect(hub.pbx.ordered).toHaveLength(1);
  });

  test.each([
    ['answered', { answered: true, endedAt: null }, 'answered'],
    ['over without an answer', { answered: false, endedAt: '2026-11-24T00:00:10.000Z', result: 'busy' }, 'failed'],
  ] as const)('and in the ledger when it is %s', async (_, facts, result) => {
    await placedAndKilled();
    const id = hub.pbx.callIdOf('order-0001');
    hub.pbx.records.set(id, callRecord({ id, direction: 'outbound', placedBy: '1001', ...facts }));
    expect(await again()).toMatchObject({ state: 'done', result });
    expect(hub.pbx.ordered).toHaveLength(1);
  });
});

describe('a call that goes on', () => {
  const ends = { agentChannelId: 'phone-1001', customerChannelId: 'line-1' };
  test.each([
    ['/hold', {}, false, { kind: 'hold', ...ends }, done('held')],
    ['/resume', {}, true, { kind: 'resume', ...ends }, done('resumed')],
    ['/transfer/cancel', {}, true, { kind: 'resume', ...ends }, done('resumed')],
    ['/park', {}, false, { kind: 'park', ...ends, isHeld: false }, done('parked', '701')],
    ['/hang-up', {}, false, { kind: 'hangUp', channelIds: ['phone-1001', 'line-1'] }, done('hungUp')],
    [
      '/transfer',
      { kind: 'blind', to: '1002' },
      false,
      { kind: 'blindTransfer', ...ends, dial: '1002', isHeld: false },
      done('transferred'),
    ],
    [
      '/transfer',
      { kind: 'attended', to: '1002' },
      false,
      { kind: 'consult', ...ends, agentExtension: '1001', colleague: '1002' },
      done('colleagueBusy'),
    ],
  ] as const)('%s %j', async (path, body, isWaiting, order, end) => {
    hub.pbx.atOnce = end;
    hub.pbx.connect('main-1', '1001', { isWaiting });
    const answer = await post(`/calls/main-1${path}`, body);
    expect(hub.pbx.last.order).toEqual(order);
    expect(answer.body).toMatchObject({ callId: 'main-1', state: 'done', result: end.state === 'done' ? end.result : '' });
  });

  test('belongs to its agent and to supervisors', async () => {
    hub.pbx.atOnce = done('held');
    hub.pbx.connect('main-1', '1001');
    expect((await post('/calls/main-1/hold', {}, { who: '1002' })).body).toMatchObject({ status: 403, reason: 'notAllowed' });
    expect((await post('/calls/main-1/hold', {}, { who: '1003' })).body).toMatchObject({ result: 'held' });
    expect((await post('/calls/main-1/spy', { mode: 'listen' })).body).toMatchObject({ status: 403 });
    expect((await post('/calls/main-1/spy', { mode: 'listen' }, { who: '1003' })).status).toBe(200);
  });

  test('a repeated hang-up is answered as the first, though the call is gone', async () => {
    hub.pbx.atOnce = done('hungUp');
    hub.pbx.connect('main-1', '1001');
    await post('/calls/main-1/hang-up', {}, { key: 'hang-up-1' });
    hub.pbx.legs.clear();
    expect((await post('/calls/main-1/hang-up', {}, { key: 'hang-up-1' })).body).toMatchObject({ result: 'hungUp' });
    expect((await post('/calls/main-1/hang-up', {})).body).toMatchObject({ status: 409, reason: 'gone' });
  });
});

test('a command is seen by whoever gave it and by supervisors', async () => {
  hub.pbx.atOnce = done('answered');
  await post('/calls', tokyo, { key: 'order-0001' });
  expect((await look('order-0001', 0, '1002')).status).toBe(404);
  expect((await look('order-0001', 0, '1003')).status).toBe(200);
  expect((await look('order-0009')).status).toBe(404);
});

test('the OpenAPI document knows the commands', async () => {
  const { body } = await request(hub.url).get('/api/openapi.json');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/api/v1/calls/{id}/transfer/complete', '/api/v1/commands/{key}']),
  );
  expect(body.paths['/api/v1/calls']).toHaveProperty('post');
});

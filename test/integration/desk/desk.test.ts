import { io, type Socket } from 'socket.io-client';
import request from 'supertest';
import type { DeskChange, DeskView } from '../../../src/desk/desk-view.ts';
import {
  ambiguousMatch,
  answeredCall,
  callId,
  callRecord,
  endedCall,
  knownMatch,
  ringingCall,
  transferredCall,
  UNKNOWN,
} from '../../support/desk-calls.ts';
import { DeskHub } from '../../support/desk-hub.ts';

const NOW = Date.parse('2026-11-23T01:05:00.000Z');

let hub: DeskHub;
let sockets: Socket[];

beforeEach(async () => {
  hub = new DeskHub();
  hub.now = () => NOW;
  sockets = [];
  await hub.start();
});

afterEach(async () => {
  for (const socket of sockets) socket.close();
  await hub.stop();
});

async function signIn(extension = '1001'): Promise<string> {
  const answer = await request(hub.url).post('/api/v1/session').send({ extension });
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function connect(headers: Record<string, string>): Socket {
  const socket = io(hub.url, { transports: ['websocket'], extraHeaders: headers, reconnection: false });
  sockets.push(socket);
  return socket;
}

/** The first thing the hub says under this name. */
function heard<Payload>(socket: Socket, event: string): Promise<Payload> {
  return new Promise((resolve) => socket.once(event, resolve));
}

/** The desk writes in the background; everything here is memory, so one turn of the loop is enough. */
const settled = () => new Promise(setImmediate);

describe('the socket', () => {
  test('a browser gets the whole view on connecting, then every change in order', async () => {
    const call = hub.tell(ringingCall(['1001']), 'callStarted');
    const socket = connect({ Cookie: await signIn() });
    const view = await heard<DeskView>(socket, 'desk:view');
    expect(view.pops).toMatchObject([{ callId: call.record.id, stage: 'ringing' }]);
    const changes: DeskChange[] = [];
    const told = new Promise<void>((resolve) => {
      socket.on('desk:change', (change: DeskChange) => {
        if (changes.push(change) === 2) resolve();
      });
    });
    hub.tellMatch(call.record.id, knownMatch());
    await settled();
    hub.tell(answeredCall(call, '1001'));
    await told;
    expect(changes.map(({ revision }) => revision)).toEqual([view.revision + 1, view.revision + 2]);
    expect(changes.at(-1)?.changed).toMatchObject([{ stage: 'talking', match: { kind: 'known' } }]);
  });

  test('what changes within one turn is told as one change', async () => {
    const socket = connect({ Cookie: await signIn() });
    await heard(socket, 'desk:view');
    const call = hub.tell(ringingCall(['1001']), 'callStarted');
    hub.tellMatch(call.record.id, knownMatch());
    hub.tell(answeredCall(call, '1001'));
    const change = await heard<DeskChange>(socket, 'desk:change');
    expect(change.changed).toMatchObject([{ stage: 'talking', match: { kind: 'known' } }]);
  });

  test('an operator is told nothing of other operators’ calls', async () => {
    const socket = connect({ Cookie: await signIn('1004') });
    await heard(socket, 'desk:view');
    hub.tell(ringingCall(['1001']), 'callStarted');
    hub.tell(ringingCall(['1004'], { id: callId('main-2.2') }), 'callStarted');
    const change = await heard<DeskChange>(socket, 'desk:change');
    expect(change.changed.map((pop) => pop.callId)).toEqual(['main-2.2']);
  });

  test('nobody who is not signed in, and no foreign page, is let in', async () => {
    const error = await heard<Error>(connect({}), 'connect_error');
    expect(error.message).toBe('notSignedIn');
    const foreign = connect({ Cookie: await signIn(), Origin: 'https://evil.example' });
    await heard(foreign, 'connect_error');
    expect(hub.desk.counts().browsers).toBe(0);
  });

  test('a browser that stays away costs nothing, and the thirteenth page of one operator replaces the first', async () => {
    const cookie = await signIn();
    const first = connect({ Cookie: cookie });
    await heard(first, 'desk:view');
    for (let page = 2; page <= 13; page += 1) await heard(connect({ Cookie: cookie }), 'desk:view');
    if (first.connected) await heard(first, 'disconnect');
    expect(hub.desk.counts().browsers).toBe(12);
  });
});

describe('what operators write', () => {
  test('the outcome goes into the ledger at once, in the language of the records', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.writeNotes(call.record.id, '1001', { notes: '見積', revision: 0 });
    await hub.desk.chooseOutcome(call.record.id, '1001', 'won');
    expect(hub.saved).toEqual([{ callId: call.record.id, outcome: { code: 'won', label: '成約' }, notes: '見積', by: '1001' }]);
  });

  test('notes that nobody confirmed go into the ledger when the call ends', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.writeNotes(call.record.id, '1001', { notes: '途中', revision: 0 });
    hub.tell(endedCall(call), 'callEnded');
    await settled();
    expect(hub.saved).toEqual([{ callId: call.record.id, outcome: null, notes: '途中', by: '1001' }]);
  });

  test('a call nobody wrote about leaves the ledger alone', async () => {
    hub.tell(endedCall(hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted')), 'callEnded');
    await settled();
    expect(hub.saved).toEqual([]);
  });

  test('the card stays when the ledger cannot take what is written on it', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.writeNotes(call.record.id, '1001', { notes: '大事', revision: 0 });
    hub.broken = true;
    hub.tell(endedCall(call), 'callEnded');
    await expect(hub.desk.finish(call.record.id, '1001')).rejects.toThrow('database is locked');
    expect(hub.desk.view('1001').pops).toMatchObject([{ stage: 'afterCall', draft: { notes: '大事', committed: false } }]);
    hub.broken = false;
    await hub.desk.finish(call.record.id, '1001');
    expect(hub.desk.view('1001')).toMatchObject({ pops: [], recent: [{ kind: 'done' }] });
    expect(hub.saved.at(-1)).toMatchObject({ notes: '大事' });
  });

  test('outcomes chosen in quick succession are written in order: the last one counts', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await Promise.all(['won', 'recall', 'other'].map((code) => hub.desk.chooseOutcome(call.record.id, '1001', code)));
    expect(hub.records.get(call.record.id)?.outcome?.code).toBe('other');
  });

  const later = { dueAt: '2026-11-24T01:00:00.000Z', note: '見積もりの件 ' };

  test('what is promised goes into the ledger at once, is changed and taken back; a time that is over is refused', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    const { id } = call.record;
    const cookie = await signIn();
    const path = `/api/v1/calls/${id}/follow-up`;
    const put = (body: object) => request(hub.url).put(path).set('Cookie', cookie).send(body);
    expect((await put({ ...later, dueAt: '2026-11-24T10:00:00+09:00' })).body).toMatchObject({ followUp: later, by: '1001' });
    expect(hub.desk.view('1001').pops[0]?.draft).toMatchObject({ followUp: later, committed: true });
    const past = await put({ dueAt: '2026-11-22T01:00:00.000Z' });
    expect([past.status, past.body.type]).toEqual([400, 'urn:toritsugi:problem:follow-up-in-the-past']);
    expect((await put({ dueAt: 'tomorrow' })).status).toBe(400);
    expect((await put({ ...later, note: 'x'.repeat(201) })).status).toBe(400);
    await request(hub.url).delete(path).set('Cookie', cookie).expect(200);
    expect(hub.promised.map(({ followUp, by }) => [followUp, by])).toEqual([
      [later, '1001'],
      [null, '1001'],
    ]);
  });

  test('two calls that become one keep what was promised in the absorbed one, and it can be taken back', async () => {
    const one = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    const other = hub.tell(answeredCall(ringingCall(['1001'], { id: callId('main-2.2') }), '1001'), 'callStarted');
    await hub.desk.promiseFollowUp(other.record.id, '1001', later);
    hub.tellMerged(one, other.record.id);
    expect(hub.desk.view('1001').pops.map(({ draft }) => draft.followUp)).toEqual([later]);
    await hub.desk.promiseFollowUp(one.record.id, '1001', null);
    expect(hub.promised.at(-1)).toMatchObject({ callId: one.record.id, followUp: null });
  });

  test('a second writer gets the other text as a problem body, not its overwriting', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    const cookie = await signIn();
    const write = (notes: string) =>
      request(hub.url).put(`/api/v1/calls/${call.record.id}/draft`).set('Cookie', cookie).send({ notes, revision: 0 });
    expect((await write('先')).body).toMatchObject({ notes: '先', revision: 1 });
    const conflict = await write('後');
    expect(JSON.parse(conflict.text)).toMatchObject({ status: 409, draft: { notes: '先', revision: 1 } });
  });

  test('after a transfer the second operator writes on, and one "done" puts both cards away', async () => {
    const talking = answeredCall(ringingCall(['1001']), '1001');
    hub.tell(talking, 'callStarted');
    await hub.desk.writeNotes(talking.record.id, '1001', { notes: '一次対応', revision: 0 });
    const second = answeredCall(hub.tell(transferredCall(talking, '1001', '1003')), '1003');
    hub.tell(second);
    expect(hub.desk.view('1003').pops).toMatchObject([{ stage: 'talking', draft: { notes: '一次対応', revision: 1 } }]);
    await hub.desk.writeNotes(talking.record.id, '1003', { notes: '一次対応、解決', revision: 1 });
    hub.tell(endedCall(second), 'callEnded');
    await hub.desk.finish(talking.record.id, '1003');
    expect([hub.desk.view('1001').pops, hub.desk.view('1003').pops]).toEqual([[], []]);
  });
});

describe('after a restart', () => {
  test('calls going on, notes, outcome and open paperwork are there again', async () => {
    const live = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.writeNotes(live.record.id, '1001', { notes: '継続中', revision: 0 });
    const ended = answeredCall(ringingCall(['1001'], { id: callId('main-2.2') }), '1001');
    hub.tell(endedCall(hub.tell(ended, 'callStarted')), 'callEnded');
    hub.matches.set('+819012345678', knownMatch());
    await hub.restart();
    await settled();
    expect(hub.desk.view('1001').pops).toMatchObject([
      { callId: 'main-2.2', stage: 'afterCall', match: { kind: 'known' } },
      { callId: live.record.id, stage: 'talking', draft: { notes: '継続中' } },
    ]);
  });

  test('a call the PBX tells of only later finds its notes again', async () => {
    const live = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.writeNotes(live.record.id, '1001', { notes: '継続中', revision: 0 });
    hub.live.clear();
    await hub.restart();
    expect(hub.desk.view('1001').pops).toEqual([]);
    hub.tell(live);
    expect(hub.desk.view('1001').pops).toMatchObject([{ stage: 'talking', draft: { notes: '継続中' } }]);
  });

  test('paperwork that was finished or put away does not come back; that of last week neither', async () => {
    const finish = async (id: string, settle: 'finish' | 'dismiss' | null, endedAt?: string) => {
      const call = hub.tell(answeredCall(ringingCall(['1001'], { id: callId(id) }), '1001'), 'callStarted');
      const ended = endedCall(call);
      hub.tell(endedAt ? { ...ended, record: { ...ended.record, endedAt } } : ended, 'callEnded');
      if (settle) await hub.desk[settle](callId(id), '1001');
    };
    await finish('main-1.1', 'finish');
    await finish('main-1.2', 'dismiss');
    await finish('main-1.3', null, '2026-11-16T01:00:00.000Z');
    await finish('main-1.4', null);
    await hub.restart();
    expect(hub.desk.view('1001').pops.map((pop) => pop.callId)).toEqual(['main-1.4']);
  });

  test('what was promised is there again, also when only the ledger remembers it', async () => {
    const calls = ['main-2.2', 'main-2.3'].map((id) =>
      hub.tell(endedCall(answeredCall(ringingCall(['1001'], { id: callId(id) }), '1001')), 'callEnded'),
    );
    const followUp = { dueAt: '2026-11-24T01:00:00.000Z', note: '' };
    for (const { record } of calls) await hub.desk.promiseFollowUp(record.id, '1001', followUp);
    hub.drafts.delete(callId('main-2.3'));
    await hub.restart();
    expect(hub.desk.view('1001').pops.map(({ draft }) => [draft.followUp, draft.committed])).toEqual([
      [followUp, true],
      [followUp, true],
    ]);
  });

  test('what was promised before a restart, in a call that still goes on, can be taken back after it', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    await hub.desk.promiseFollowUp(call.record.id, '1001', { dueAt: '2026-11-24T01:00:00.000Z', note: '' });
    await hub.restart();
    await hub.desk.promiseFollowUp(call.record.id, '1001', null);
    expect(hub.records.get(call.record.id)?.followUp).toBeNull();
  });

  test('what two calls that became one had written in either is there again, under either id', async () => {
    const one = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    const other = hub.tell(answeredCall(ringingCall(['1001'], { id: callId('main-2.2') }), '1001'), 'callStarted');
    await hub.desk.writeNotes(one.record.id, '1001', { notes: '一', revision: 0 });
    await hub.desk.writeNotes(other.record.id, '1001', { notes: '二', revision: 0 });
    const followUp = { dueAt: '2026-11-24T01:00:00.000Z', note: '' };
    await hub.desk.promiseFollowUp(other.record.id, '1001', followUp);
    hub.tellMerged(one, other.record.id);
    await settled();
    await hub.restart();
    expect(hub.desk.view('1001').pops.map(({ draft }) => [draft.notes, draft.followUp])).toEqual([['一\n二', followUp]]);
    const cookie = await signIn();
    await request(hub.url).delete(`/api/v1/calls/${other.record.id}/follow-up`).set('Cookie', cookie).expect(200);
    const choice = request(hub.url).put(`/api/v1/calls/${other.record.id}/outcome`).set('Cookie', cookie);
    await choice.send({ outcome: 'won' }).expect(200);
    expect(hub.desk.view('1001').pops.map(({ draft }) => [draft.followUp, draft.outcome])).toEqual([[null, 'won']]);
  });

  test('notes written after the outcome was chosen are not lost', async () => {
    const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
    hub.tell(endedCall(call), 'callEnded');
    await hub.desk.chooseOutcome(call.record.id, '1001', 'won');
    await hub.desk.writeNotes(call.record.id, '1001', { notes: '追記', revision: 0 });
    await hub.restart();
    expect(hub.desk.view('1001').pops).toMatchObject([
      { stage: 'afterCall', draft: { outcome: 'won', notes: '追記', committed: false } },
    ]);
  });
});

test('when two calls turn out to be one, commands under either id reach it', async () => {
  const one = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  const other = hub.tell(answeredCall(ringingCall(['1001'], { id: callId('main-2.2') }), '1001'), 'callStarted');
  await hub.desk.writeNotes(other.record.id, '1001', { notes: '片方', revision: 0 });
  hub.tellMerged(one, other.record.id);
  expect(hub.desk.view('1001').pops).toMatchObject([{ callId: one.record.id, draft: { notes: '片方' } }]);
  await hub.desk.chooseOutcome(other.record.id, '1001', 'won');
  expect(hub.saved.at(-1)).toMatchObject({ callId: one.record.id, notes: '片方' });
});

test('earlier calls that cannot be read do not keep the pop from the operator', async () => {
  hub.earlierCalls = async () => {
    throw new Error('database is locked');
  };
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, UNKNOWN);
  await settled();
  expect(hub.desk.view('1001').pops).toMatchObject([{ stage: 'ringing', earlier: [], match: { kind: 'unknown' } }]);
});

test('the choice among several customers is made over HTTP and shown at once', async () => {
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, { ...knownMatch(), kind: 'ambiguous', chosen: {} });
  const answer = await request(hub.url)
    .put(`/api/v1/calls/${call.record.id}/match`)
    .set('Cookie', await signIn())
    .send({ connector: 'kintone', record: { object: '12', id: '41' } });
  expect(answer.body.chosen.kintone.name).toBe('山田 太郎');
  expect(hub.desk.view('1001').pops[0]?.match?.chosen).toHaveProperty('kintone');
});

test('when none of the records is the customer, nobody is asked again, and the choice can still be made', async () => {
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  const ambiguous = ambiguousMatch();
  hub.tellMatch(call.record.id, ambiguous);
  hub.chooseRecord = async () => ambiguous;
  await hub.desk.chooseRecord(call.record.id, { connector: 'salesforce', record: null }, '1001');
  expect(hub.desk.view('1001').pops).toMatchObject([{ match: { kind: 'ambiguous' }, declined: ['salesforce'] }]);
  await hub.desk.chooseRecord(call.record.id, { connector: 'salesforce', record: { object: 'Contact', id: '003B' } }, '1001');
  expect(hub.desk.view('1001').pops).toMatchObject([{ declined: [] }]);
});

test('thousands of ended calls are forgotten in time', () => {
  for (let index = 0; index < 3_000; index += 1) {
    const call = ringingCall(['1001'], { id: callId(`main-9.${index}`), customer: callRecord().customer });
    hub.tell(endedCall(hub.tell(call, 'callStarted')), 'callEnded');
  }
  expect(hub.desk.counts().calls).toBe(2_000);
});

import path from 'node:path';
import { type AriClient, AriUnreachable } from '../../../src/telephony/ari/ari-client.ts';
import { readAriLists } from '../../../src/telephony/ari/ari-lists.ts';
import { createAriTranslator } from '../../../src/telephony/ari/ari-translator.ts';
import { defaultNumbering } from '../../../src/telephony/numbering.ts';
import { type RecordedAriEvent, readAriRecording } from '../../../src/telephony/replay/ari-recording.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { type AriWorld, createAriWorld, linkedIdsOf } from '../../support/ari-world.ts';
import { differences, traceFolder, truthOf } from '../../support/judge-calls.ts';
import { ariScenarios, recordsOf } from '../../support/traces.ts';

const anHour = 3_600_000;

function recordedOf(scenario: string): RecordedAriEvent[] {
  return [...readAriRecording(path.join(traceFolder, `${scenario}.ari.ndjson.gz`)).events()].filter((one) => one !== null);
}

function requestOf(world: AriWorld): AriClient['request'] {
  return async (asked) => {
    const answer = world.answer({ ...asked, query: asked.query ?? {} });
    return answer === null ? { status: 404, body: null } : { status: answer.status, body: answer.body };
  };
}

interface Cut {
  /** After so many events the connection is lost, */
  readonly after: number;
  /** and so many are missed until it is back. */
  readonly missed?: number;
  /** By how much the clock of the PBX is wrong. */
  readonly aheadMs?: number;
  /** When the PBX was started; an hour before unless given. */
  readonly startedAt?: number;
}

/** What is heard of a recording with a connection lost in it, and a snapshot when it is back. */
async function heardWith(scenario: string, { after, missed = 0, aheadMs = 0, startedAt }: Cut): Promise<TelephonyEvent[]> {
  const recorded = recordedOf(scenario);
  const linkedIds = linkedIdsOf(
    scenario,
    recorded.map(({ event }) => event),
  );
  const world = createAriWorld(linkedIds, startedAt ?? (recorded[0]?.at ?? 0) - anHour, aheadMs);
  const translator = createAriTranslator();
  const heard: TelephonyEvent[] = [];
  for (const [index, { event, at }] of recorded.entries()) {
    if (index === after) heard.push({ type: 'connectionLost', at: recorded[index - 1]?.at ?? at });
    if (index === after + missed) {
      const lists = await readAriLists({ request: requestOf(world) }, defaultNumbering);
      heard.push(...translator.startFrom(lists, recorded[index - 1]?.at ?? at));
    }
    if (index < after || index >= after + missed) heard.push(...translator.translate(event, at));
    world.live(event, at);
  }
  return heard;
}

test.each(ariScenarios())('a connection lost anywhere in %s, with nothing missed, changes no call', async (scenario) => {
  const truth = truthOf(scenario);
  const events = recordedOf(scenario).length;
  const parts = events > 5_000 ? 2 : 24;
  for (let part = 1; part < parts; part += 1) {
    const after = Math.floor((events * part) / parts);
    const records = recordsOf(await heardWith(scenario, { after }));
    expect([after, differences(records, truth, 'ari')]).toEqual([after, []]);
  }
});

test.each(ariScenarios())(
  'whatever was missed in %s, every call of it is there once, and none goes on for ever',
  async (scenario) => {
    // Two calls may stay two when it was missed how they became one.
    const mostCalls = truthOf(scenario).calls.flatMap(({ linkedids }) => linkedids).length;
    const events = recordedOf(scenario).length;
    const parts = events > 5_000 ? 2 : 12;
    for (let part = 0; part < parts; part += 1) {
      const after = 1 + Math.floor((events * part * 0.85) / parts);
      const records = recordsOf(await heardWith(scenario, { after, missed: Math.floor(events / 8) }));
      const ids = records.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
      expect(records.length).toBeLessThanOrEqual(mostCalls);
      expect(records.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    }
  },
);

test.each([-300_000, 300_000])(
  'a PBX whose clock is wrong by %i ms does not lose the calls that began after its start',
  async (aheadMs) => {
    const [first] = recordedOf('01-queue-answered');
    const startedAt = (first?.at ?? 0) - 5_000;
    const records = recordsOf(await heardWith('01-queue-answered', { after: 200, aheadMs, startedAt }));
    expect(differences(records, truthOf('01-queue-answered'), 'ari')).toEqual([]);
  },
);

test('a PBX that was started meanwhile has no calls from before', async () => {
  const recorded = recordedOf('01-queue-answered');
  const startedAt = recorded[150]?.at;
  const [call] = recordsOf(await heardWith('01-queue-answered', { after: 100, ...(startedAt && { startedAt }) }));
  expect(call?.endedAt).not.toBeNull();
});

describe('the lists', () => {
  const list =
    (body: unknown, status = 200) =>
    async () => ({ status, body });

  test.each([
    ['no list at all', {}],
    ['text', 'x'],
    ['nothing', null],
    ['channels without a name', [{ id: '1' }]],
  ])('that are none (%s) cost the connection', async (_, body) => {
    await expect(readAriLists({ request: list(body) }, defaultNumbering)).rejects.toThrow(AriUnreachable);
  });

  test('of a PBX without calls are empty, and its clocks may be unknown', async () => {
    const lists = await readAriLists({ request: list([]) }, defaultNumbering);
    expect(lists).toEqual({ channels: [], bridges: [], startedAt: null, pbxNow: null, variables: new Map() });
    expect(createAriTranslator().startFrom(lists, 7)).toEqual([
      { type: 'snapshotTaken', at: 7, channels: [], bridges: [], parked: [] },
    ]);
  });

  const manyRinging = Array.from({ length: 500 }, (_, number) => ({
    id: `1795377385.${number}`,
    name: `PJSIP/1001-${number}`,
    state: 'Ringing',
  }));

  test('of very many channels lead to no more questions than a PBX bears', async () => {
    const asked: string[] = [];
    const lists = await readAriLists(
      {
        async request({ path: at }) {
          asked.push(at);
          if (at === '/channels') return { status: 200, body: manyRinging };
          return at.endsWith('/variable') ? { status: 200, body: { value: '1795377385.0' } } : { status: 200, body: [] };
        },
      },
      defaultNumbering,
    );
    expect(lists.channels).toHaveLength(500);
    expect(asked.filter((at) => at.endsWith('/variable'))).toHaveLength(200);
  });

  test('are taken as they are when single channels cannot be asked', async () => {
    let asked = 0;
    const lists = await readAriLists(
      {
        async request({ path: at }) {
          if (at === '/channels') return { status: 200, body: manyRinging };
          if (!at.endsWith('/variable')) return { status: 200, body: [] };
          asked += 1;
          throw new AriUnreachable('No answer.');
        },
      },
      defaultNumbering,
    );
    expect([lists.channels.length, lists.variables.size, asked]).toEqual([500, 0, 8]);
  });

  test('show who waits in which queue, who is parked, and since when', async () => {
    const caller = { id: '1.1', name: 'PJSIP/trunk-1', state: 'Up', creationtime: '2026-11-24T09:00:00.000+0900' };
    const waiting = { ...caller, dialplan: { exten: 's', app_name: 'Queue', app_data: 'sales,tT,,,300' } };
    const parked = { ...caller, id: '1.2', name: 'PJSIP/trunk-2' };
    const bodies: Record<string, unknown> = {
      '/channels': [waiting, parked],
      '/bridges': [{ id: 'p', technology: 'holding_bridge', bridge_class: 'parking', creator: 'Parking', channels: ['1.2'] }],
      '/asterisk/ping': { timestamp: '2026-11-24T09:01:00.000+0900' },
    };
    const lists = await readAriLists(
      { request: async ({ path: at }) => ({ status: 200, body: bodies[at] ?? { value: '0312345678' } }) },
      defaultNumbering,
    );
    const [snapshot, ...dids] = createAriTranslator().startFrom(lists, 1_000_000);
    expect(snapshot).toMatchObject({
      type: 'snapshotTaken',
      channels: [
        { channel: { id: '1.1', dialled: null }, queue: 'sales', bridgeId: null, ageMs: 60_000 },
        { channel: { id: '1.2' }, queue: null, bridgeId: 'p' },
      ],
      bridges: [{ bridgeId: 'p', kind: 'holding' }],
      parked: [{ channelId: '1.2' }],
    });
    expect(dids).toHaveLength(2);
  });
});

import path from 'node:path';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { CallRecord } from '../../../src/calls/call.ts';
import { createTracker, liveCalls, track } from '../../../src/calls/tracker.ts';
import { startTestPbx } from '../../support/ami-connection.ts';
import { prepareListener } from '../../support/ami-listening.ts';
import { trackerSettings } from '../../support/traces.ts';
import { until } from '../../support/until.ts';

const queueCalls = loadRecording(path.resolve('infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz'));
const firstCall = '1795377385.0';
const restarts = 10;

test('an Asterisk that is restarted ten times in a row costs each call its end, no call its log, and two lines of the log each time', async () => {
  let now = Date.parse('2026-11-25T01:00:00Z');
  const pbx = await startTestPbx({ now: () => now });
  const tracker = createTracker(trackerSettings);
  const ended: CallRecord[] = [];
  const { listener, clock, becomes, lines } = prepareListener(pbx, {
    now: () => now,
    onEvent(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') ended.push(told.call.record);
    },
  });
  try {
    let listening = becomes('listening');
    listener.start();
    await listening;
    for (let restart = 0; restart < restarts; restart += 1) {
      pbx.play(queueCalls, { pace: 'byHand', calls: [firstCall] }).advanceTo({ Event: 'AgentConnect' });
      await until('the call is heard', () => liveCalls(tracker).length === 1);
      const lost = becomes('unreachable');
      now += 2_000;
      pbx.faults.restart();
      await lost;
      listening = becomes('listening');
      now += 4_000;
      clock.advance(Math.min(...clock.waiting()));
      await listening;
      await until('the call is over', () => liveCalls(tracker).length === 0);
    }
    expect(new Set(ended.map(({ id }) => id)).size).toBe(restarts);
    expect(ended.every(({ result, hangupBy }) => result === 'failed' && hangupBy === 'pbx')).toBe(true);
    expect([tracker.channels.size, tracker.bridges.size, tracker.calls.size, tracker.lostAt.size]).toEqual([0, 0, 0, 0]);
    expect(lines.filter(({ level }) => level !== 'debug').length).toBeLessThanOrEqual(1 + 2 * restarts);
  } finally {
    const stopped = listener.stop();
    clock.advance(5_000);
    await stopped;
    await pbx.close();
  }
});

import path from 'node:path';
import { playInTurn } from '../../../infra/sandbox/asterisk/play-in-turn.ts';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { createHandClock } from '../../support/ami-clock.ts';
import { openAmiConnection, startTestPbx } from '../../support/ami-connection.ts';

const recordings = path.resolve(__dirname, '../../../infra/sandbox/asterisk/recordings');
const plays = ['04-ring-group', '08-outbound-answered'].map((name) => loadRecording(path.join(recordings, `${name}.ami.gz`)));

async function playFor(turns: number, loop: boolean): Promise<string[]> {
  const clock = createHandClock();
  const pbx = await startTestPbx({ now: clock.now, after: clock.after });
  const begun: string[] = [];
  const stop = playInTurn(pbx, plays, {
    ...{ pace: { speed: 1, maxGapMs: 1_000 }, pauseMs: 5_000, loop, after: clock.after },
    onStart: ({ name }) => void begun.push(name),
  });
  for (let turn = 0; turn < turns; turn += 1) {
    clock.advance(120_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop();
  const waiting = clock.waiting().length;
  await pbx.close();
  expect(waiting).toBe(0);
  return begun;
}

test('recordings are played one after the other, once', async () => {
  expect(await playFor(6, false)).toEqual(['04-ring-group', '08-outbound-answered']);
});

test('in a loop they begin again, and stop when told', async () => {
  const begun = await playFor(6, true);
  expect(begun.slice(0, 3)).toEqual(['04-ring-group', '08-outbound-answered', '04-ring-group']);
});

test('no recorded call rings a phone on which somebody is making a call; when they are done it rings again', async () => {
  const clock = createHandClock();
  const pbx = await startTestPbx({ now: clock.now, after: clock.after });
  const { client, messages, until } = openAmiConnection(createOwnAmiClient, { port: pbx.port });
  await client.connect();
  const outside = pbx.calls.fromPhone('1003', '09011110001');
  const heardNow = async (what: string) => {
    pbx.tell([
      ['Event', 'UserEvent'],
      ['UserEvent', what],
    ]);
    await until((message) => message.get('UserEvent') === what);
    const own = messages.filter((message) => message.event === 'Newchannel' && message.get('Uniqueid') !== outside);
    return new Set(own.map((message) => (message.get('Channel') ?? '').split('-')[0]).filter((name) => /\d$/.test(name ?? '')));
  };
  const ivr = loadRecording(path.join(recordings, '07-ivr-queue.ami.gz'));
  const stop = playInTurn(pbx, [ivr], {
    ...{ pace: { speed: 1, maxGapMs: 1_000 }, pauseMs: 5_000 },
    loop: true,
    after: clock.after,
  });
  clock.advance(25_000);
  expect(await heardNow('first round')).toEqual(new Set(['PJSIP/1007']));
  pbx.calls.hangUp(outside);
  clock.advance(40_000);
  expect(await heardNow('second round')).toEqual(
    new Set(['1007', '1001', '1002', '1003', '1004'].map((name) => `PJSIP/${name}`)),
  );
  stop();
  await client.close();
  await pbx.close();
});

import { createAsteriskManagerAmiClient } from '../../../src/telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { startTestPbx } from '../../support/ami-connection.ts';
import { prepareListener } from '../../support/ami-listening.ts';

/** Repeats itself from the same seed, so that what it finds can be found again. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  ...[
    'Event: ',
    'Response: ',
    'ActionID: ',
    'Channel: ',
    'Uniqueid: ',
    'Linkedid: ',
    'EventList: ',
    'Variable: ',
    'ChanVariable: ',
  ],
  ...[
    'Newchannel',
    'Hangup',
    'UserEvent',
    'CoreShowChannel',
    'CoreShowChannelsComplete',
    'BridgeEnter',
    'rawevent',
    'error',
    'close',
  ],
  ...[
    'Success',
    'Error',
    'Follows',
    'Complete',
    'start',
    '--END COMMAND--',
    'Asterisk Call Manager/1',
    '__proto__: ',
    'constructor: ',
  ],
  ...[
    '\r\n',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    '\0',
    ':',
    ': ',
    ' ',
    '\xff\xfe',
    '\xe3\x81',
    '=',
    '1795377385.0',
    'PJSIP/1001-00000001',
    ',',
  ],
];

test.each([
  ['our own client', createOwnAmiClient],
  ['asterisk-manager', createAsteriskManagerAmiClient],
])('whatever a peer sends, the hub with %s lives on and listens again', async (_, clientFactory) => {
  const pbx = await startTestPbx();
  const { listener, clock, becomes } = prepareListener(pbx, { clientFactory });
  const listening = becomes('listening');
  listener.start();
  await listening;
  const chance = createChance(20_261_123);
  for (let round = 0; round < 80; round += 1) {
    const text = Array.from({ length: 60 }, () => pieces[chance(pieces.length)]).join('');
    pbx.faults.garbage(`${text}\r\n\r\n`);
    await settled(listener.act({ name: 'Ping' }), () => clock.advance(25_000));
    while (listener.states[0]?.state !== 'listening') {
      clock.advance(1_000);
      await turns(20, () => listener.states[0]?.state === 'listening');
    }
  }
  expect((await listener.act({ name: 'Ping' })).ok).toBe(true);
  await listener.stop();
  await pbx.close();
});

/** Some garbage swallows all that follows; then the watchdog has to find out, so the clock is moved on. */
async function settled(answer: Promise<unknown>, moveOn: () => void): Promise<void> {
  let isSettled = false;
  const settling = answer
    .catch(() => undefined)
    .finally(() => {
      isSettled = true;
    });
  await turns(200, () => isSettled);
  if (!isSettled) moveOn();
  await settling;
}

/** Turns of the event loop, at most so many, until it is so. */
async function turns(most: number, isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < most && !isSo(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

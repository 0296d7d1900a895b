import type { Socket } from 'node:net';
import path from 'node:path';
import { loadRecording } from '../../infra/sandbox/asterisk/recording.ts';
import { AmiActionRefused } from '../../src/telephony/ami/ami-action.ts';
import { AmiRefused, AmiUnreachable } from '../../src/telephony/ami/ami-client.ts';
import type { AmiClientRig } from '../support/ami-client-rig.ts';
import { hubUser, named } from '../support/ami-connection.ts';
import { speakAmi } from '../support/ami-peer.ts';

const recordings = path.resolve(__dirname, '../../infra/sandbox/asterisk/recordings');
const ringGroup = loadRecording(path.join(recordings, '04-ring-group.ami.gz'));

/** Every action gets its own answer, and stays one action. */
export function describeAmiActions(rig: AmiClientRig): void {
  const { startPbx, startPeer, open, logIn, unlessExempt, exemptions } = rig;

  describe('actions', () => {
    test('a list is collected until it is complete, with the traffic in between told apart', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      const playback = pbx.play(ringGroup, { pace: 'byHand' });
      playback.advanceTo({ Event: 'BridgeEnter' });
      const channels = connection.client.act({ name: 'CoreShowChannels' });
      playback.advanceMs(500);
      const { ok, events } = await channels;
      expect(ok).toBe(true);
      expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['CoreShowChannel']));
      expect(events.map((event) => event.get('Channel'))).toContain('PJSIP/trunk-in-00000000');
    });

    test('an event of somebody else inside a list does not get into it', async () => {
      const peer = await startPeer(listInterruptedByOthers);
      const connection = open({ port: peer.port });
      await connection.client.connect();
      const { events } = await connection.client.act({ name: 'QueueStatus' });
      expect(events.map((event) => event.get('Queue'))).toEqual(['sales', 'support']);
      expect(connection.messages.filter(named('Newchannel'))).toHaveLength(1);
    });

    test('several at once each get their own answer', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      const answers = await Promise.all([
        client.act({ name: 'QueueStatus', headers: [['Queue', 'sales']] }),
        client.act({ name: 'Ping' }),
        client.act({ name: 'QueueStatus', headers: [['Queue', 'vip']] }),
      ]);
      expect(answers.map(({ events }) => events[0]?.get('Queue'))).toEqual(['sales', undefined, 'vip']);
    });

    test('the result of a call that somebody else placed is an event, and answers nobody', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      const ping = connection.client.act({ name: 'Ping' });
      pbx.tell([
        ['Event', 'OriginateResponse'],
        ['Privilege', 'call,all'],
        ['ActionID', 'of-somebody-else'],
        ['Response', 'Failure'],
      ]);
      expect((await ping).message.get('Ping')).toBe('Pong');
      const result = await connection.until(named('OriginateResponse'));
      expect([result.event, result.response]).toEqual(['OriginateResponse', null]);
    });

    test('an action that Asterisk does not know is answered, not thrown', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      const { ok, text } = await client.act({ name: 'NoSuchAction' });
      expect([ok, text]).toEqual([false, expect.stringContaining('Invalid/unknown command: NoSuchAction')]);
    });

    test('an action the user has no right to is refused with the remedy', async () => {
      const pbx = await startPbx({ users: [{ ...hubUser, write: ['call'] }] });
      const { client } = await logIn(pbx);
      const refused = client.act({ name: 'Command', headers: [['Command', 'core show uptime']] });
      await expect(refused).rejects.toThrow(AmiRefused);
      await expect(refused).rejects.toThrow(/Command.*manager\.conf/);
      expect((await client.act({ name: 'Ping' })).ok).toBe(true);
    });

    test.each([
      'a\r\n\r\nAction: Command\r\nCommand: core stop now',
      'a\nAction: Command',
      'a\rAction: Command',
      'a\0b',
      'aĊĊAction: Command',
    ])('a hostile value stays one value of one action: %j', async (value) => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      await client.act({ name: 'QueueStatus', headers: [['Queue', value]] });
      await client.act({ name: 'Ping' });
      expect(
        pbx
          .actions()
          .map((action) => action.name)
          .slice(-2),
      ).toEqual(['QueueStatus', 'Ping']);
      expect(
        pbx
          .actions()
          .at(-2)
          ?.headers.filter(([header]) => header === 'action'),
      ).toHaveLength(1);
    });

    test('a header longer than Asterisk reads is refused before anything is sent', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      const before = pbx.actions().length;
      await expect(client.act({ name: 'Originate', headers: [['CallerID', '長'.repeat(400)]] })).rejects.toThrow(
        AmiActionRefused,
      );
      await client.act({ name: 'Ping' });
      expect(
        pbx
          .actions()
          .slice(before)
          .map((action) => action.name),
      ).toEqual(['Ping']);
    });

    test('more headers than Asterisk takes are refused before anything is sent', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      const headers = Array.from({ length: 127 }, (_, index) => ['Variable', `V${index}=1`] as const);
      await expect(client.act({ name: 'Originate', headers })).rejects.toThrow(/128/);
      expect(pbx.actions().map((action) => action.name)).not.toContain('Originate');
    });

    test('variables go out one by one, and one that Asterisk would split is refused', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      await client.act({
        name: 'Originate',
        headers: [
          ['Variable', 'A=1'],
          ['Variable', 'B=x=y'],
        ],
      });
      expect(
        pbx
          .actions()
          .at(-1)
          ?.headers.filter(([header]) => header === 'variable')
          .map(([, value]) => value)
          .sort(),
      ).toEqual(['A=1', 'B=x=y']);
      await expect(client.act({ name: 'Originate', headers: [['Variable', 'A=1,B=2']] })).rejects.toThrow(AmiActionRefused);
    });

    unlessExempt(exemptions.repeatedHeaders, 'any header may be sent twice', async () => {
      const pbx = await startPbx();
      const { client } = await logIn(pbx);
      await client.act({
        name: 'UserEvent',
        headers: [
          ['Extra', 'a'],
          ['Extra', 'b'],
        ],
      });
      expect(
        pbx
          .actions()
          .at(-1)
          ?.headers.filter(([header]) => header === 'extra'),
      ).toHaveLength(2);
    });

    test('an action before the log-in is not sent', async () => {
      const pbx = await startPbx();
      await expect(open({ port: pbx.port }).client.act({ name: 'Ping' })).rejects.toThrow(AmiUnreachable);
    });
  });
}

function listInterruptedByOthers(socket: Socket): void {
  speakAmi(socket, (name, id) => {
    if (name !== 'QueueStatus') return false;
    socket.write(`Response: Success\r\nActionID: ${id}\r\nEventList: start\r\nMessage: Queue status will follow\r\n\r\n`);
    socket.write(`Event: QueueParams\r\nQueue: sales\r\nActionID: ${id}\r\n\r\n`);
    socket.write('Event: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/1001-00000001\r\n\r\n');
    socket.write('Event: QueueParams\r\nQueue: of another session\r\nActionID: other\r\n\r\n');
    socket.write(`Event: QueueParams\r\nQueue: support\r\nActionID: ${id}\r\n\r\n`);
    socket.write(`Event: QueueStatusComplete\r\nActionID: ${id}\r\nEventList: Complete\r\nListItems: 2\r\n\r\n`);
    return true;
  });
}

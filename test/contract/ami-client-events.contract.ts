import path from 'node:path';
import { loadRecording } from '../../infra/sandbox/asterisk/recording.ts';
import type { AmiClientRig } from '../support/ami-client-rig.ts';
import { named } from '../support/ami-connection.ts';

const recordings = path.resolve(__dirname, '../../infra/sandbox/asterisk/recordings');
const utf8Names = loadRecording(path.join(recordings, '26-utf8-names.ami.gz'));
const ringGroup = loadRecording(path.join(recordings, '04-ring-group.ami.gz'));

/** Hearing everything, in order, whatever the cuts. */
export function describeAmiEvents(rig: AmiClientRig): void {
  const { startPbx, logIn } = rig;

  describe('events', () => {
    test('come in the order of the stream, answers among them, with the time of arrival', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      connection.clock.advance(5_000);
      pbx.play(ringGroup, { pace: 'byHand' }).finish();
      await connection.client.act({ name: 'Ping' });
      const heard = connection.messages.flatMap(({ event }) => event ?? []).filter((event) => event !== 'FullyBooted');
      expect(heard).toEqual(ringGroup.packets.map(({ text }) => /^Event: (.*)\r/.exec(text)?.[1]));
      expect(connection.arrivals.at(-1)).toBe(connection.clock.now());
    });

    test('can be switched off and on again', async () => {
      const pbx = await startPbx();
      const { client, messages } = await logIn(pbx, { events: 'off' });
      const before = messages.length;
      pbx.tell([
        ['Event', 'Unheard'],
        ['Privilege', 'call,all'],
      ]);
      await client.act({ name: 'Ping' });
      expect(messages.slice(before).filter(named('Unheard'))).toEqual([]);
      await client.act({ name: 'Events', headers: [['EventMask', 'call']] });
      pbx.tell([
        ['Event', 'Heard'],
        ['Privilege', 'call,all'],
      ]);
      pbx.tell([
        ['Event', 'OtherClass'],
        ['Privilege', 'dialplan,all'],
      ]);
      await client.act({ name: 'Ping' });
      expect(messages.filter(({ event }) => event === 'Heard' || event === 'OtherClass')).toHaveLength(1);
    });

    test.each([1, 2, 3, 7, 1_000])(
      'survive a stream that is cut every %i bytes, also within a UTF-8 character or CR LF',
      async (bytes) => {
        const pbx = await startPbx();
        const connection = await logIn(pbx);
        pbx.faults.segment(bytes);
        const playback = pbx.play(utf8Names, { pace: 'byHand' });
        const isJapanese = (text: string) => /CallerIDName: .*[\x80-\xff]/.test(text) && text.startsWith('Event: Newchannel');
        const sent = playback.advanceTo(isJapanese);
        const uniqueid = /Uniqueid: (\S+)/.exec(sent)?.[1];
        const heard = await connection.until((message) => message.event === 'Newchannel' && message.get('Uniqueid') === uniqueid);
        const name = /CallerIDName: (.*)\r/.exec(Buffer.from(sent, 'latin1').toString('utf8'))?.[1];
        expect(heard.get('CallerIDName')).toBe(name);
        expect(name).toMatch(/[぀-鿿]/);
        expect(connection.messages.every(({ event, response }) => event !== null || response !== null)).toBe(true);
      },
    );

    test('keep every value of a repeated header, and are asked for without regard to case', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      pbx.tell([
        ['Event', 'UserEvent'],
        ['Privilege', 'user,all'],
        ['UserEvent', 'first'],
        ['UserEvent', 'second'],
        ['ChanVariable', 'DID=0312345678'],
      ]);
      const message = await connection.until(named('UserEvent'));
      expect(message.all('userevent')).toEqual(['first', 'second']);
      expect(message.get('CHANVARIABLE')).toBe('DID=0312345678');
      expect(message.get('Nothing')).toBeUndefined();
    });

    test('whose headers are named after what every object has do no harm', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      const hostile = ['constructor', 'toString', '__proto__', 'hasOwnProperty'] as const;
      pbx.tell([
        ['Event', 'Hostile'],
        ['Privilege', 'call,all'],
        ...hostile.map((header) => [header, 'x'] as const),
        ['Last', 'kept'],
      ]);
      const message = await connection.until(named('Hostile'));
      expect(message.get('Last')).toBe('kept');
      expect(message.all('constructor').every((value) => typeof value === 'string')).toBe(true);
    });

    test('and answers whose names mean something to the client itself do not upset it', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      for (const event of ['error', 'close', 'rawevent', 'connect', 'data', 'end']) {
        pbx.tell([
          ['Event', event],
          ['Privilege', 'call,all'],
        ]);
        pbx.faults.garbage(`Response: Success\r\nActionID: ${event}\r\n\r\n`);
      }
      expect((await connection.client.act({ name: 'Ping' })).ok).toBe(true);
      expect(connection.endings).toEqual([]);
    });
  });
}

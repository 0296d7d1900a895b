import { AriRefused, AriUnreachable } from '../../src/telephony/ari/ari-client.ts';
import type { AriClientRig } from '../support/ari-client-rig.ts';
import { typeOf } from '../support/ari-connection.ts';

const created = {
  type: 'ChannelCreated',
  channel: { id: '1795377385.0', name: 'PJSIP/1001-00000001', caller: { name: '東京商事' } },
};
const last = { type: 'Last' };

/** Hearing everything, in order, whatever comes and however it is cut. */
export function describeAriEvents(rig: AriClientRig): void {
  const { startPeer, connect } = rig;

  describe('events', () => {
    test('come in the order of the socket, whole, with the time of arrival', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      connection.clock.advance(5_000);
      const told = Array.from({ length: 500 }, (_, number) => ({ ...created, number }));
      for (const event of told) peer.tell(event);
      peer.tell(last);
      await connection.hears('Last');
      expect(connection.events).toEqual([...told, last]);
      expect(connection.arrivals.at(-1)).toBe(connection.clock.now());
    });

    test('of types that nobody has heard of are passed on like any other', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      const strange = [
        'ChannelTeleported',
        'error',
        'close',
        'message',
        'open',
        'WebSocketMaxRetries',
        '__proto__',
        'constructor',
      ];
      for (const type of strange) peer.tell({ type, application: 'toritsugi' });
      peer.tell(last);
      await connection.hears('Last');
      expect(connection.events.map(typeOf)).toEqual([...strange, 'Last']);
      expect(connection.endings).toEqual([]);
    });

    test.each(['{"type":"Chan', '', 'null{', '<html>', '\u0000', '{"type":}'])(
      'what is no JSON is passed over: %j',
      async (text) => {
        const peer = await startPeer();
        const connection = await connect(peer);
        peer.tellText(text);
        peer.tell(last);
        await connection.hears('Last');
        expect(connection.events).toEqual([last]);
      },
    );

    test('that are JSON and yet no events reach the translator, which counts them', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      for (const text of ['null', '7', '"text"', '[]', '{"type":7}']) peer.tellText(text);
      peer.tell(last);
      await connection.hears('Last');
      expect(connection.events).toEqual([null, 7, 'text', [], { type: 7 }, last]);
    });

    test.each([1, 2, 3, 7, 100])('survive a socket that is cut every %i bytes, also within a character', async (bytes) => {
      const peer = await startPeer();
      const connection = await connect(peer);
      await peer.tellInPieces(JSON.stringify(created), bytes);
      expect(await connection.hears('ChannelCreated')).toEqual(created);
    });

    test('survive being sent in many frames', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.tellInFrames(JSON.stringify(created), 5);
      peer.tell(last);
      await connection.hears('Last');
      expect(connection.events).toEqual([created, last]);
    });

    test('are text: what is not is passed over', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.tellBinary(Buffer.from(JSON.stringify(created)));
      peer.tell(last);
      await connection.hears('Last');
      expect(connection.events).toEqual([last]);
    });

    test('with keys that every object has do no harm', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.tellText('{"type":"Hostile","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
      await connection.hears('Hostile');
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    });

    test('one larger than anything Asterisk sends ends the connection', async () => {
      const peer = await startPeer();
      const connection = await connect(peer, { maxMessageBytes: 65_536 });
      peer.tell({ type: 'Huge', text: 'x'.repeat(70_000) });
      const reason = await connection.ended;
      expect(reason).toBeInstanceOf(AriUnreachable);
      expect(String(reason)).toMatch(/larger than 65536 bytes/);
      expect(connection.events).toEqual([]);
    });

    test('are over when another client takes the application, and it says so', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.tell({ type: 'ApplicationReplaced', application: 'of-somebody-else' });
      peer.tell(created);
      await connection.hears('ChannelCreated');
      expect(connection.endings).toEqual([]);
      peer.tell({ type: 'ApplicationReplaced', application: 'toritsugi' });
      const reason = await connection.ended;
      expect(reason).toBeInstanceOf(AriRefused);
      expect(String(reason)).toMatch(/taken over the ARI application "toritsugi"/);
      await peer.hasListeners(0);
      expect(connection.endings).toHaveLength(1);
    });

    test('garbage in the middle of a good connection crashes nothing', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.garbage('\x00\xff\xfe:::\r\nno frame at all\r\n\r\n');
      expect(await connection.ended).toBeInstanceOf(AriUnreachable);
      expect(connection.endings).toHaveLength(1);
    });
  });
}

import { AmiUnreachable } from '../../src/telephony/ami/ami-client.ts';
import { AmiProtocolError } from '../../src/telephony/ami/ami-parser.ts';
import type { AmiClientRig } from '../support/ami-client-rig.ts';
import { speakAmi } from '../support/ami-peer.ts';

/** Nothing waits for ever, and every end is told once. */
export function describeAmiFailures(rig: AmiClientRig): void {
  const { startPbx, startPeer, open, logIn } = rig;

  describe('when the PBX fails', () => {
    test('an action to a PBX that fell silent without hanging up ends after its time', async () => {
      const pbx = await startPbx();
      const { client, clock } = await logIn(pbx, { actionTimeoutMs: 10_000 });
      pbx.faults.stall(true);
      const ping = client.act({ name: 'Ping' });
      clock.advance(9_999);
      expect(await Promise.race([ping.catch(() => 'ended'), Promise.resolve('waiting')])).toBe('waiting');
      clock.advance(1);
      await expect(ping).rejects.toThrow(AmiUnreachable);
    });

    test('a late answer to a timed-out action harms nobody', async () => {
      const pbx = await startPbx();
      const { client, clock } = await logIn(pbx);
      const late = client.act({ name: 'Ping' });
      clock.advance(10_000);
      await expect(late).rejects.toThrow(AmiUnreachable);
      expect((await client.act({ name: 'Ping' })).ok).toBe(true);
    });

    test('a connection cut in the middle of an answer rejects what waits and tells it once', async () => {
      const peer = await startPeer((socket) =>
        speakAmi(socket, (name, id) => {
          if (name !== 'QueueStatus') return false;
          socket.write(
            `Response: Success\r\nActionID: ${id}\r\nEventList: start\r\n\r\nEvent: QueueParams\r\nActionID: ${id}\r\nQue`,
            () => socket.destroy(),
          );
          return true;
        }),
      );
      const connection = open({ port: peer.port });
      await connection.client.connect();
      await expect(connection.client.act({ name: 'QueueStatus' })).rejects.toThrow(AmiUnreachable);
      await expect(connection.ended).resolves.toBeInstanceOf(AmiUnreachable);
      expect(connection.endings).toHaveLength(1);
      await expect(connection.client.act({ name: 'Ping' })).rejects.toThrow(AmiUnreachable);
    });

    test('a list without end is given up at its limit', async () => {
      const peer = await startPeer((socket) =>
        speakAmi(socket, (name, id) => {
          if (name !== 'CoreShowChannels') return false;
          socket.write(`Response: Success\r\nActionID: ${id}\r\nEventList: start\r\n\r\n`);
          socket.write(`Event: CoreShowChannel\r\nActionID: ${id}\r\n\r\n`.repeat(100));
          return true;
        }),
      );
      const connection = open({ port: peer.port, maxListEvents: 50 });
      await connection.client.connect();
      await expect(connection.client.act({ name: 'CoreShowChannels' })).rejects.toThrow(AmiProtocolError);
    });

    test('closing is final, harmless when repeated, and rejects what waits', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      pbx.faults.stall(true);
      const ping = expect(connection.client.act({ name: 'Ping' })).rejects.toThrow(AmiUnreachable);
      const closed = connection.client.close();
      connection.clock.advance(5_000);
      await Promise.all([closed, connection.client.close(), ping]);
      await expect(connection.client.connect()).rejects.toThrow(AmiUnreachable);
      expect(connection.endings).toEqual([]);
    });
  });
}

import { AmiUnreachable } from '../../src/telephony/ami/ami-client.ts';
import { AmiProtocolError } from '../../src/telephony/ami/ami-parser.ts';
import type { AmiClientRig } from '../support/ami-client-rig.ts';

/** A peer that is no PBX costs a clear error, nothing else. */
export function describeAmiStrangers(rig: AmiClientRig): void {
  const { startPbx, startPeer, open, logIn, unlessExempt, exemptions } = rig;

  describe('when the peer is no PBX', () => {
    test('an HTTP server is told apart', async () => {
      const peer = await startPeer((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
        // A web server waits for its client, as our own client waits for the greeting.
        if (exemptions.boundsWhatItHolds === undefined) socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      });
      await expect(open({ port: peer.port }).client.connect()).rejects.toThrow(AmiProtocolError);
    });

    test('a peer that says nothing is given up after its time', async () => {
      const peer = await startPeer(() => undefined);
      const connection = open({ port: peer.port, loginTimeoutMs: 10_000 });
      const connecting = expect(connection.client.connect()).rejects.toThrow(AmiUnreachable);
      connection.clock.advance(10_000);
      await connecting;
    });

    test('a peer that hangs up at once is unreachable', async () => {
      const peer = await startPeer((socket) => socket.end());
      await expect(open({ port: peer.port }).client.connect()).rejects.toThrow(AmiUnreachable);
    });

    test('garbage in the middle of a good connection crashes nothing', async () => {
      const pbx = await startPbx();
      const connection = await logIn(pbx);
      pbx.faults.garbage('\x00\xff\xfe:::\r\nno colon at all\r\n\r\n\r\n\r\n');
      const outcome = await connection.client.act({ name: 'Ping' }).then(
        ({ ok }) => ok,
        (error: unknown) => error instanceof AmiUnreachable || error instanceof AmiProtocolError,
      );
      expect(outcome).toBe(true);
    });

    unlessExempt(exemptions.boundsWhatItHolds, 'a line without end is cut off long before it fills the memory', async () => {
      const peer = await startPeer((socket) => {
        const megabyte = Buffer.alloc(1_048_576, 'x');
        let left = 100;
        const more = () => {
          left -= 1;
          if (left > 0 && !socket.destroyed) socket.write(megabyte, more);
        };
        socket.write('Asterisk Call Manager/11.0.0\r\nEvent: ', more);
      });
      await expect(open({ port: peer.port }).client.connect()).rejects.toThrow(AmiProtocolError);
    });
  });
}

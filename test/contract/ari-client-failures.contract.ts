import { AriUnreachable } from '../../src/telephony/ari/ari-client.ts';
import type { AriClientRig } from '../support/ari-client-rig.ts';

const list = { method: 'GET', path: '/channels' } as const;

/** Nothing waits for ever, and every end is told once. */
export function describeAriFailures(rig: AriClientRig): void {
  const { startPeer, connect, unlessExempt, exemptions } = rig;

  describe('when the PBX fails', () => {
    test('a request that is not answered ends after its time', async () => {
      const peer = await startPeer({ answer: ({ path }) => (path === '/channels' ? 'silence' : null) });
      const { client, clock } = await connect(peer, { requestTimeoutMs: 10_000 });
      const waiting = client.request(list);
      clock.advance(9_999);
      expect(await Promise.race([waiting.catch(() => 'ended'), Promise.resolve('waiting')])).toBe('waiting');
      clock.advance(1);
      await expect(waiting).rejects.toThrow(/No answer of .* to GET \/channels in 10000 ms/);
    });

    test('a late answer to a timed-out request harms nobody', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.stall(true);
      const late = connection.client.request(list);
      connection.clock.advance(10_000);
      await expect(late).rejects.toThrow(AriUnreachable);
      peer.stall(false);
      expect((await connection.client.request(list)).status).toBe(200);
      expect(connection.endings).toEqual([]);
    });

    unlessExempt(
      exemptions.noticesCutRequests,
      'a request whose connection is cut is told so, and the events go on',
      async () => {
        const peer = await startPeer({ answer: ({ path }) => (path === '/bridges' ? 'cut' : null) });
        const connection = await connect(peer);
        await expect(connection.client.request({ method: 'GET', path: '/bridges' })).rejects.toThrow(AriUnreachable);
        peer.tell({ type: 'Last' });
        await connection.hears('Last');
        expect(connection.endings).toEqual([]);
      },
    );

    test('a living event socket answers a ping', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      await expect(Promise.all([client.ping(), client.ping()])).resolves.toHaveLength(2);
    });

    test('an event socket whose other end fell silent is found out by a ping', async () => {
      const peer = await startPeer();
      const { client, clock } = await connect(peer, { requestTimeoutMs: 10_000 });
      peer.stall(true);
      const ping = expect(client.ping()).rejects.toThrow(/No answer .* ping .* 10000 ms/);
      clock.advance(10_000);
      await ping;
    });

    test('a lost event socket rejects what waits and tells it once', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.stall(true);
      const waiting = [connection.client.request(list), connection.client.ping()];
      const rejected = Promise.all(waiting.map((one) => expect(one).rejects.toThrow(AriUnreachable)));
      peer.cut();
      await rejected;
      await expect(connection.ended).resolves.toBeInstanceOf(AriUnreachable);
      expect(connection.endings).toHaveLength(1);
      await expect(connection.client.ping()).rejects.toThrow(AriUnreachable);
    });

    test('a connection cut in the middle of an event tells nothing of it', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.garbage('\x81\x7e\x01\x00{"type":"Half');
      peer.cut();
      expect(await connection.ended).toBeInstanceOf(AriUnreachable);
      expect(connection.events).toEqual([]);
    });

    test('closing is final, harmless when repeated, and rejects what waits', async () => {
      const peer = await startPeer();
      const connection = await connect(peer);
      peer.stall(true);
      const waiting = expect(connection.client.request(list)).rejects.toThrow(AriUnreachable);
      const closed = connection.client.close();
      connection.clock.advance(5_000);
      await Promise.all([closed, connection.client.close(), waiting]);
      await expect(connection.client.connect()).rejects.toThrow(AriUnreachable);
      await expect(connection.client.request(list)).rejects.toThrow(AriUnreachable);
      expect(connection.endings).toEqual([]);
    });

    test('closing tells the PBX, so that the application is free again', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      await client.close();
      await peer.hasListeners(0);
      expect(peer.listeners()).toBe(0);
    });
  });
}

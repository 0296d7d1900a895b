import { AriRefused, AriUnreachable } from '../../src/telephony/ari/ari-client.ts';
import type { AriClientRig } from '../support/ari-client-rig.ts';
import { ariUser } from '../support/ari-peer.ts';

/** Being let in, or not. */
export function describeAriLogin(rig: AriClientRig): void {
  const { startPeer, open, connect, unlessExempt, exemptions } = rig;

  describe('connecting', () => {
    test('opens the events of its own application, and of everything else where it is told to', async () => {
      const peer = await startPeer();
      await connect(peer, { app: 'hub one&x=y' });
      await connect(peer, { app: 'narrow', subscribeAll: false });
      expect(peer.upgrades.map(({ path, query }) => [path, query.app, query.subscribeAll])).toEqual([
        ['/events', 'hub one&x=y', 'true'],
        ['/events', 'narrow', undefined],
      ]);
      expect(peer.listeners()).toBe(2);
    });

    unlessExempt(exemptions.passwordOutOfAddresses, 'never writes the password into an address', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      await client.request({ method: 'GET', path: '/asterisk/info', query: { only: 'status' } });
      const addresses = JSON.stringify([...peer.upgrades, ...peer.requests].map(({ path, query }) => [path, query]));
      expect(addresses).not.toMatch(/api_key|correct|rse/);
      expect(peer.upgrades).toHaveLength(1);
    });

    test('is refused with a wrong password, and says what to check without showing it', async () => {
      const peer = await startPeer();
      const refusal = await open({ url: peer.url, password: 'wrong guess' })
        .client.connect()
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(AriRefused);
      expect(String(refusal)).toMatch(/refused the log-in of "hub".*ari\.conf/);
      expect(String(refusal)).not.toContain('wrong guess');
    });

    test.each([
      ['is no address', 'nonsense'],
      ['speaks no HTTP', 'ftp://127.0.0.1'],
      ['carries a password', 'http://hub:secret@127.0.0.1:8088'],
      ['goes deeper', 'http://127.0.0.1:8088/asterisk/ari'],
    ])('says what an address must look like that %s', async (_, url) => {
      const refusal = await open({ url })
        .client.connect()
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(AriRefused);
      expect(String(refusal)).toContain('http://host:8088');
      expect(String(refusal)).not.toContain('secret');
    });

    test('says that nobody is there when the port is closed', async () => {
      const peer = await startPeer();
      await peer.accept(false);
      const failure = await open({ url: peer.url })
        .client.connect()
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AriUnreachable);
      expect(String(failure)).toMatch(/ECONNREFUSED.*http\.conf/);
      await peer.accept(true);
    });

    test('says that a host cannot be looked up', async () => {
      await expect(open({ url: 'http://nowhere.invalid:8088' }).client.connect()).rejects.toThrow(AriUnreachable);
    });

    test('says that a web server without ARI has none', async () => {
      const peer = await startPeer({
        answer: () => ({ status: 404, body: 'Not here' }),
        onUpgrade: (socket) => void socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
      });
      await expect(open({ url: peer.url }).client.connect()).rejects.toThrow(/answered 404.*ari\.conf/);
    });

    test('gives a server up that says nothing, after its time', async () => {
      const peer = await startPeer({ answer: () => 'silence', onUpgrade: () => undefined });
      const connection = open({ url: peer.url, connectTimeoutMs: 10_000 });
      const connecting = expect(connection.client.connect()).rejects.toThrow(/within 10000 ms/);
      connection.clock.advance(10_000);
      await connecting;
    });

    test('gives up a server that hangs up at once, or answers what is no HTTP', async () => {
      const rude = await startPeer({ answer: () => 'cut', onUpgrade: (socket) => void socket.destroy() });
      await expect(open({ url: rude.url }).client.connect()).rejects.toThrow(AriUnreachable);
      const strange = await startPeer({ onUpgrade: (socket) => void socket.end('Asterisk Call Manager/11.0.0\r\n') });
      await expect(open({ url: strange.url }).client.connect()).rejects.toThrow(AriUnreachable);
    });

    test('can be closed while it connects', async () => {
      const peer = await startPeer({ answer: () => 'silence', onUpgrade: () => undefined });
      const { client } = open({ url: peer.url });
      const connecting = expect(client.connect()).rejects.toThrow(AriUnreachable);
      await client.close();
      await connecting;
    });

    test('is done once', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      await expect(client.connect()).rejects.toThrow(AriUnreachable);
      expect((await client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
    });

    test('asks with the name and the password at every request', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      await client.request({ method: 'GET', path: '/bridges' });
      const [, given = ''] = peer.requests.at(-1)?.authorization?.split(' ') ?? [];
      expect(Buffer.from(given, 'base64').toString()).toBe(`hub:${ariUser.password}`);
    });

    unlessExempt(exemptions.anyPassword, 'takes a password of any characters', async () => {
      const password = 'pässwörd: 合言葉 & more?';
      const peer = await startPeer({ password });
      const { client } = await connect(peer, { password });
      expect((await client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
    });
  });
}

import { AriRefused, AriUnreachable } from '../../src/telephony/ari/ari-client.ts';
import { AriRequestRefused, ariPath } from '../../src/telephony/ari/ari-request.ts';
import type { AriClientRig } from '../support/ari-client-rig.ts';

const channel = (id: string) => ({ method: 'GET', path: ariPath('channels', id) }) as const;

/** Every request gets its own answer, and stays the request it was. */
export function describeAriRequests(rig: AriClientRig): void {
  const { startPeer, open, connect, unlessExempt, exemptions } = rig;

  describe('requests', () => {
    test('are answered with status and body', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      expect(await client.request({ method: 'GET', path: '/channels' })).toEqual({ status: 200, body: [] });
    });

    test.each([
      [200, { id: '7' }],
      [204, undefined],
      [400, { message: 'Invalid parameter' }],
      [404, { message: 'Channel not found' }],
      [409, { message: 'Channel not in Stasis application' }],
      [412, { message: 'Channel in invalid state' }],
      [422, { message: 'Unprocessable Entity' }],
    ])('a %i is an answer, not an error', async (status, body) => {
      const peer = await startPeer({ answer: ({ method }) => (method === 'DELETE' ? { status, body } : null) });
      const { client } = await connect(peer);
      const answer = await client.request({ method: 'DELETE', path: ariPath('channels', '1795377385.0') });
      expect(answer).toEqual({ status, body: body ?? null });
    });

    test('of a user who may only read are refused when they would change something', async () => {
      const peer = await startPeer({ readOnly: true });
      const connection = await connect(peer);
      const refused = connection.client.request({ method: 'DELETE', path: '/channels/7', query: { reason_code: '17' } });
      await expect(refused).rejects.toThrow(AriRefused);
      await expect(refused).rejects.toThrow(/DELETE \/channels\/7: Write access denied.*read_only/);
      expect((await connection.client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
      expect(connection.endings).toEqual([]);
    });

    test('are refused when the password has been changed meanwhile', async () => {
      let isChanged = false;
      const peer = await startPeer({
        answer: () => (isChanged ? { status: 401, body: { message: 'Authentication required' } } : null),
      });
      const { client } = await connect(peer);
      isChanged = true;
      await expect(client.request({ method: 'GET', path: '/channels' })).rejects.toThrow(/refused the log-in of "hub"/);
    });

    test('that Asterisk fails at are told so', async () => {
      const peer = await startPeer({
        answer: ({ path }) => (path === '/channels/7' ? { status: 500, body: { message: 'no' } } : null),
      });
      const { client } = await connect(peer);
      await expect(client.request(channel('7'))).rejects.toThrow(/answered GET \/channels\/7 with 500/);
    });

    test('several at once each get their own answer', async () => {
      const peer = await startPeer({
        answer: ({ path }) => (path.startsWith('/channels/') ? { status: 200, body: { id: path.slice(10) } } : null),
      });
      const { client } = await connect(peer);
      const ids = Array.from({ length: 30 }, (_, number) => `1795377385.${number}`);
      const answers = await Promise.all(ids.map((id) => client.request(channel(id))));
      expect(answers.map(({ body }) => body)).toEqual(ids.map((id) => ({ id })));
    });

    test('carry a body as JSON', async () => {
      const peer = await startPeer({ answer: ({ method }) => (method === 'POST' ? { status: 200, body: {} } : null) });
      const { client } = await connect(peer);
      const variables = { CALLERNAME: '山田 "太郎"\r\nX-Evil: 1', COMMA: 'a,b&c=d' };
      await client.request({ method: 'POST', path: '/channels', query: { endpoint: 'PJSIP/1001' }, body: { variables } });
      const sent = peer.requests.at(-1);
      expect(JSON.parse(sent?.body ?? '')).toEqual({ variables });
      expect(sent?.query).toEqual({ endpoint: 'PJSIP/1001' });
    });

    test.each(['a/../../b', 'a?x=1', 'a#b', 'a%2Fb', 'a b', 'ä日本', "a';drop", '$&$1', 'a\r\nHost: evil', '{channelId}'])(
      'a hostile id stays one part of the path: %j',
      async (id) => {
        const peer = await startPeer();
        const { client } = await connect(peer);
        expect(await client.request(channel(id))).toMatchObject({ status: 404 });
        const { path = '', query } = peer.requests.at(-1) ?? {};
        expect(path.split('/').slice(1).map(decodeURIComponent)).toEqual(['channels', id]);
        expect(query).toEqual({});
      },
    );

    test.each(['a&app=b', 'x=y', '日本 語', 'a#b', 'a\r\nHost: evil', '100%', '+81312345678'])(
      'a hostile value stays one value: %j',
      async (value) => {
        const peer = await startPeer();
        const { client } = await connect(peer);
        await client.request({ method: 'GET', path: '/channels/7/variable', query: { variable: value } });
        expect(peer.requests.at(-1)).toMatchObject({ path: '/channels/7/variable', query: { variable: value } });
      },
    );

    test.each([
      'channels',
      '/channels/../asterisk/info',
      '/channels/.',
      '//evil.example/',
      '/channels?x=1',
      '/channels/7 8',
      '/channels/%00',
      '/channels/日本',
      '/channels\r\n',
    ])('a path that is none is refused before anything is sent: %j', async (path) => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      const before = peer.requests.length;
      await expect(client.request({ method: 'GET', path })).rejects.toThrow(AriRequestRefused);
      expect((await client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
      expect(peer.requests).toHaveLength(before + 1);
    });

    test('longer than Asterisk reads are refused before anything is sent', async () => {
      const peer = await startPeer();
      const { client } = await connect(peer);
      const before = peer.requests.length;
      const long = { method: 'GET', path: '/channels/7/variable', query: { variable: '長'.repeat(500) } } as const;
      await expect(client.request(long)).rejects.toThrow(AriRequestRefused);
      const large = { method: 'POST', path: '/channels', body: { variables: { A: 'x'.repeat(50_000) } } } as const;
      await expect(client.request(large)).rejects.toThrow(AriRequestRefused);
      expect(peer.requests).toHaveLength(before);
    });

    unlessExempt(exemptions.freePaths, 'reach whatever ARI has, also what is newer than we are', async () => {
      const peer = await startPeer({
        answer: ({ path }) => (path === '/teleports/7' ? { status: 200, body: { ok: true } } : null),
      });
      const { client } = await connect(peer);
      expect(await client.request({ method: 'PUT', path: '/teleports/7' })).toEqual({ status: 200, body: { ok: true } });
    });

    test('before the connection and after it are not sent', async () => {
      const peer = await startPeer();
      const connection = open({ url: peer.url });
      await expect(connection.client.request(channel('7'))).rejects.toThrow(AriUnreachable);
      await connection.client.connect();
      peer.cut();
      await connection.ended;
      await expect(connection.client.request(channel('7'))).rejects.toThrow(AriUnreachable);
    });
  });

  describe('answers', () => {
    test.each(['{"id":', '<html>', 'x'])('that are no JSON have no body: %j', async (body) => {
      const peer = await startPeer({ answer: ({ path }) => (path === '/channels/7' ? { status: 404, body } : null) });
      const { client } = await connect(peer);
      const outcome = await client.request(channel('7')).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AriUnreachable);
      else expect(outcome).toEqual({ status: 404, body: null });
    });

    unlessExempt(exemptions.boundsAnswers, 'larger than the limit are cut off', async () => {
      const body = JSON.stringify('x'.repeat(200_000));
      const peer = await startPeer({ answer: ({ path }) => (path === '/channels/7' ? { status: 200, body } : null) });
      const { client } = await connect(peer, { maxMessageBytes: 65_536 });
      await expect(client.request(channel('7'))).rejects.toThrow(/larger than 65536 bytes/);
      expect((await client.request({ method: 'GET', path: '/channels' })).status).toBe(200);
    });
  });
}

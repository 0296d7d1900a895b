import { AmiRefused, AmiUnreachable } from '../../src/telephony/ami/ami-client.ts';
import type { AmiClientRig } from '../support/ami-client-rig.ts';
import { hubUser, named } from '../support/ami-connection.ts';

/** Being let in, or not. */
export function describeAmiLogin(rig: AmiClientRig): void {
  const { startPbx, startPeer, open, logIn, unlessExempt, exemptions } = rig;

  describe('logging in', () => {
    test('is let in with the right secret and hears that the PBX is up', async () => {
      const pbx = await startPbx();
      const { client, until } = await logIn(pbx);
      expect((await until(named('FullyBooted'))).get('status')).toBe('Fully Booted');
      expect((await client.act({ name: 'Ping' })).message.get('Ping')).toBe('Pong');
    });

    unlessExempt(exemptions.md5, 'never sends the secret itself where the PBX offers a challenge', async () => {
      const pbx = await startPbx();
      await logIn(pbx);
      expect(JSON.stringify(pbx.actions())).not.toContain(hubUser.secret);
      expect(pbx.actions().map((action) => action.name)).toEqual(['Challenge', 'Login']);
    });

    unlessExempt(exemptions.md5, 'does not hand the secret to a distant PBX that refuses the challenge without TLS', async () => {
      const peer = await startPeer((socket) => {
        socket.write('Asterisk Call Manager/11.0.0\r\n');
        socket.on('data', (data) => {
          const id = /ActionID: (\S+)/.exec(data.toString())?.[1] ?? '';
          socket.write(`Response: Error\r\nActionID: ${id}\r\nMessage: Must specify AuthType\r\n\r\n`);
        });
      });
      // A name that resolves to this machine, but is not known to.
      const { client } = open({ port: peer.port, host: '0.0.0.0' });
      await expect(client.connect()).rejects.toThrow(AmiRefused);
      expect(await peer.heard('Challenge')).not.toContain(hubUser.secret);
    });

    test('is refused with a wrong secret, and says what to check without showing the secret', async () => {
      const pbx = await startPbx();
      const { client } = open({ port: pbx.port, secret: 'wrong guess' });
      const refusal = await client.connect().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(AmiRefused);
      expect(String(refusal)).toMatch(/refused the log-in of "hub": Authentication failed.*manager\.conf/);
      expect(String(refusal)).not.toContain('wrong guess');
    });

    test('is refused when the user is unknown', async () => {
      const pbx = await startPbx();
      await expect(open({ port: pbx.port, username: 'nobody' }).client.connect()).rejects.toThrow(AmiRefused);
    });

    test('cannot smuggle a second action in by the name of the user', async () => {
      const pbx = await startPbx();
      const { client } = open({ port: pbx.port, username: 'hub\r\n\r\nAction: Logoff' });
      await expect(client.connect()).rejects.toThrow(AmiRefused);
      expect(pbx.actions().map((action) => action.name)).not.toContain('Logoff');
    });

    test('says that nobody is there when the port is closed', async () => {
      const pbx = await startPbx();
      await pbx.faults.accept(false);
      await expect(open({ port: pbx.port }).client.connect()).rejects.toThrow(AmiUnreachable);
    });

    test.each([
      ['a port that does not exist', { port: 70_000 }],
      ['a user name longer than Asterisk reads', { username: 'x'.repeat(2_000) }],
      ['a host that nobody can look up', { host: 'nowhere.invalid' }],
    ])('says what is wrong with %s instead of throwing something strange', async (_, wrong) => {
      const pbx = await startPbx();
      const failure = await open({ port: pbx.port, ...wrong })
        .client.connect()
        .catch((error: unknown) => error);
      expect([AmiRefused, AmiUnreachable].some((kind) => failure instanceof kind)).toBe(true);
    });

    test('can be closed while it connects', async () => {
      const peer = await startPeer(() => undefined);
      const { client } = open({ port: peer.port });
      const connecting = expect(client.connect()).rejects.toThrow(AmiUnreachable);
      await client.close();
      await connecting;
    });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { named, openAmiConnection } from '../../support/ami-connection.ts';

const command = pathToFileURL(path.resolve(__dirname, '../../../src/cli/sandbox-asterisk.ts')).href;

function run(words: readonly string[]): ChildProcess {
  const program = `const { sandboxAsteriskCommand } = await import(${JSON.stringify(command)});
    await sandboxAsteriskCommand().parseAsync(${JSON.stringify(words)}, { from: 'user' });`;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(words: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const child = run(words);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, errors };
}

test('the sandbox alone says where it is, lets its user in, plays its recordings, and ends on a signal', async () => {
  const child = run(['--port', '0', '--ari-port', '0', '--json', '--speed', '1000']);
  if (child.stdout === null) throw new Error('the command has no output');
  const [first] = await once(createInterface(child.stdout), 'line');
  const access = JSON.parse(first) as Readonly<Record<'url' | 'amiUser' | 'amiSecret' | 'ariUrl', string>>;
  expect(access).toEqual({
    url: expect.stringMatching(/^ami:\/\/127\.0\.0\.1:\d+$/),
    amiUser: 'toritsugi',
    amiSecret: expect.any(String),
    ariUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ariUser: 'toritsugi',
    ariPassword: expect.any(String),
  });
  const connection = openAmiConnection(createOwnAmiClient, {
    port: Number(new URL(access.url).port),
    username: access.amiUser,
    secret: access.amiSecret,
  });
  await connection.client.connect();
  await connection.until(named('Newchannel'));
  await connection.client.close();
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});

test.each<[string, string[], RegExp]>([
  ['an unknown fault', ['--faults', 'earthquake'], /there is no fault "earthquake"; there are: refuseLogins/],
  ['a fault without its number', ['--faults', 'cutEvery=soon'], /--faults cutEvery is a number/],
  ['an impossible port', ['--port', '99999'], /--port is a number from 0 to 65535/],
  ['a directory that is not there', ['--seed', path.join(__dirname, 'nowhere')], /--seed: there is no directory/],
  ['a directory without recordings', ['--seed', __dirname], /--seed: no \*\.ami/],
])('%s is refused with what is wrong about it', async (_, words, problem) => {
  const { code, errors } = await outcome(words);
  expect(code).not.toBe(0);
  expect(errors).toMatch(problem);
});

/** The shell script that every command begins with, on machines that lack something. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-launcher-'));
  for (const file of ['toritsugi', 'package-lock.json']) copyFileSync(file, path.join(folder, file));
  mkdirSync(path.join(folder, 'machine'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As if the machine had this program. */
function program(name: string, script: string): void {
  writeFileSync(path.join(folder, 'machine', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function start() {
  const env = { PATH: `${path.join(folder, 'machine')}:/usr/bin:/bin` };
  const { status, stderr } = spawnSync('/bin/sh', [path.join(folder, 'toritsugi'), 'help'], { env, encoding: 'utf8' });
  return { status, said: stderr.trim().split('\n') };
}

test('a machine with an old Node, for which none can be brought, is told so once and fetches nothing', () => {
  program('node', 'echo "18.19.0 108"');
  program('uname', 'echo Plan9');
  program('npm', 'echo "npm was called" >&2; exit 3');
  const { status, said } = start();
  expect(status).toBe(1);
  expect(said).toEqual([expect.stringContaining('no ready-made Node for Plan9 Plan9: install Node 22.18 or newer')]);
});

test('an old Node is told, and the words of an npm that fails are passed on', () => {
  program('node', 'echo "22.17.9 127"');
  program('npm', 'echo "no network here"; exit 3');
  const { status, said } = start();
  expect(status).toBe(1);
  expect(said).toEqual([
    expect.stringContaining('older than 22.18'),
    'no network here',
    expect.stringContaining('npm install failed'),
  ]);
});

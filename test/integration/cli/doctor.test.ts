import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { lookAtFile, lookAtFolder } from '../../../src/cli/doctor-files.ts';
import type { AmiPeer } from '../../support/ami-peer.ts';
import { startExaminedPbx } from '../../support/examined-pbx.ts';

let folder: string;
let pbx: AmiPeer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'doctor-'));
  pbx = await startExaminedPbx({});
});
afterAll(async () => {
  await pbx.close();
  rmSync(folder, { recursive: true });
});

async function run(env: Readonly<Record<string, string>>, words: readonly string[] = []) {
  const file = path.join(folder, 'env');
  writeFileSync(
    file,
    Object.entries({ TORITSUGI_DATA_DIR: path.join(folder, 'data'), ...env })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const output: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
  const before = process.exitCode;
  try {
    await doctorCommand().parseAsync(['--env', file, ...words], { from: 'user' });
    return { text: output.join(''), exitCode: process.exitCode };
  } finally {
    write.mockRestore();
    process.exitCode = before;
  }
}

const access = () => ({ AMI_PORT: String(pbx.port), AMI_USER: 'toritsugi', AMI_SECRET: 'secret', AGENTS: '1001=佐藤,1002=鈴木' });

test('every line has a mark, and a hub without a CRM is told what it can do', async () => {
  const { text, exitCode } = await run(access(), ['--language', 'en']);
  expect(exitCode).toBe(0);
  expect(text).toMatch(/^ok {4}PBX main: AMI log-in: as "toritsugi"/m);
  expect(text).toMatch(/^\? {5}PBX main: events arriving/m);
  expect(text).toMatch(/^WARN {2}PBX main: contexts of the hub: not in the dialplan/m);
  expect(text).toMatch(/^WARN {2}connectors: none is set up.*\n {8}→ .*directory import/m);
  expect(text).not.toMatch(/^FAIL/m);
});

test('the language is that of the settings unless another is asked for', async () => {
  expect((await run(access())).text).toContain('AMI ログイン');
  expect((await run({ ...access(), LANGUAGE: 'en' })).text).toContain('AMI log-in');
  expect((await run({ ...access(), LANGUAGE: 'en' }, ['--language', 'ja'])).text).toContain('AMI ログイン');
});

test('as JSON every finding is one object a line, in both languages', async () => {
  const { text } = await run(access(), ['--json']);
  const findings = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(findings).toContainEqual({
    name: { en: 'PBX main: queues', ja: 'PBX main: キュー' },
    verdict: 'fine',
    detail: { en: expect.stringContaining('sales (2)'), ja: expect.stringContaining('sales (2)') },
    remedy: null,
  });
});

test('wrong settings are told one by one, and nothing is asked with them', async () => {
  const { text, exitCode } = await run({ AMI_PORT: 'five' }, ['--language', 'en']);
  expect(exitCode).toBe(1);
  expect(text).toMatch(/FAIL {2}setting AMI_PORT: .*\n.*\nFAIL {2}setting AMI_USER: is missing/);
});

test('what only shows when the PBX is opened is told like every other setting, and the rest is examined', async () => {
  const { text } = await run({ ...access(), PBX_TIME_ZONE: 'Mars/Olympus' }, ['--language', 'en']);
  expect(text).toMatch(/^FAIL {2}PBX main: setting PBX_TIME_ZONE: there is no time zone "Mars\/Olympus"/m);
  expect(text).toMatch(/^WARN {2}connectors: none is set up/m);
});

test('tables of call records that cannot be read are told of, without the password', async () => {
  const CDR_DATABASE_URL = 'mysql://hub:do-not-tell@127.0.0.1:9/asteriskcdrdb';
  const { text } = await run({ ...access(), CDR_DATABASE_URL }, ['--language', 'en']);
  expect(text).toMatch(/^FAIL {2}PBX main: tables of call records: MySQL at 127.0.0.1:9 cannot be read \(ECONNREFUSED\)/m);
  expect(text).not.toContain('do-not-tell');
});

test('the newest recording is found below folders of years, months and days', () => {
  const day = path.join(folder, 'monitor/2026/11/25');
  mkdirSync(day, { recursive: true });
  mkdirSync(path.join(folder, 'monitor/2026/12/01'), { recursive: true });
  for (const [index, name] of ['a.wav', 'b.wav'].entries()) {
    writeFileSync(path.join(day, name), '');
    utimesSync(path.join(day, name), 1_795_641_459 + index, 1_795_641_459 + index);
  }
  expect(lookAtFolder(path.join(folder, 'monitor'))).toEqual({
    seen: { newest: ['b.wav', 'a.wav'], newestAt: 1_795_641_460_000 },
    refused: null,
  });
  expect(lookAtFolder(path.join(folder, 'nowhere'))).toEqual({ seen: null, refused: 'missing' });
});

test('of a long file the last whole lines are looked at', () => {
  const file = path.join(folder, 'queue_log');
  writeFileSync(file, Array.from({ length: 5_000 }, (_, n) => `line ${n}\n`).join(''));
  const { seen } = lookAtFile(file);
  expect(seen?.lastLines).toHaveLength(20);
  expect(seen?.lastLines.at(-1)).toBe('line 4999');
  expect(lookAtFile(path.join(folder, 'nothing'))).toEqual({ seen: null, refused: 'missing' });
});

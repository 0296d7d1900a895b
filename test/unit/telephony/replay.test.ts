import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { replayCalls, replayCommand } from '../../../src/cli/replay.ts';
import { readRecording } from '../../../src/telephony/replay/recording.ts';
import { traceFolder } from '../../support/judge-calls.ts';

const trace = (name: string) => path.join(traceFolder, name);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-replay-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

function written(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function run(...words: string[]): Promise<{ out: string; err: string; code: typeof process.exitCode }> {
  const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await replayCommand().parseAsync(words, { from: 'user' });
    const textOf = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join('');
    return { out: textOf(out), err: textOf(err), code: process.exitCode };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test('prints one call record a line, in order of their start, internal calls included', async () => {
  const { out, code } = await run('--json', '--pbx', 'tokyo', trace('13-attended-transfer.ami.gz'));
  const records = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; direction: string; startedAt: string });
  expect(records.map(({ direction }) => direction)).toEqual(['inbound', 'inbound', 'inbound', 'internal']);
  expect(records.every(({ id }) => id.startsWith('tokyo-'))).toBe(true);
  expect(records.map(({ startedAt }) => startedAt)).toEqual(records.map(({ startedAt }) => startedAt).sort());
  expect(code).toBeUndefined();
});

test('prints a table for people', async () => {
  const { out } = await run(trace('12-blind-transfer.ami.gz'));
  expect(out.split('\n')[0]).toMatch(/^started( \(UTC\))? +direction +customer/);
  expect(out).toContain('blind 1006→1007');
});

test('is told which endpoints are phones', () => {
  const [call] = replayCalls([trace('08-outbound-answered.ami.gz')], { pbx: 'main', phones: '^PJSIP/(trunk-out)$' });
  expect(call).toMatchObject({ direction: 'inbound', answeredBy: 'trunk-out' });
  expect(() => replayCalls([], { pbx: 'main', phones: '(' })).toThrow(/not a regular expression/);
});

test('takes several files for successive connections of one PBX', () => {
  const files = ['24-ami-reconnect.ami.gz', '24-ami-reconnect.2.ami.gz'].map(trace);
  expect(replayCalls(files, { pbx: 'main' })).toHaveLength(4);
});

test('reads ARI recordings, alone or as the second ear beside AMI', () => {
  const [ami, ari] = ['12-blind-transfer.ami.gz', '12-blind-transfer.ari.ndjson.gz'].map(trace);
  const told = [[ari ?? ''], [ami ?? '', ari ?? '']].map((files) =>
    replayCalls(files, { pbx: 'main' }).map(({ id, transfers }) => [id, transfers.length]),
  );
  expect(told[0]).toHaveLength(3);
  expect(told[1]).toEqual(told[0]);
});

test('passes over lines that cannot be read, and says how many', async () => {
  const created = { type: 'ChannelCreated', channel: { id: '1795377385.0', name: 'PJSIP/trunk-in-00000000', state: 'Ring' } };
  const lines = [JSON.stringify({ t: 5_000, event: created }), 'broken', JSON.stringify({ t: 6_000, event: 7 })];
  const { out, err, code } = await run('--json', written('x.ari.ndjson', lines.join('\n')));
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toMatch(/2 lines .* could not be read/);
  expect(code).toBeUndefined();
});

test('a call that still goes on at the end of the recording has no end', () => {
  expect(replayCalls([trace('24-ami-reconnect.ami.gz')], { pbx: 'main' }).filter(({ endedAt }) => endedAt === null)).toHaveLength(
    3,
  );
});

test.each([
  ['a file that is not there', () => path.join(folder, 'none.ami'), /there is no such file/],
  ['a folder', () => folder, /Expected a file that ends in \.ami, \.ami\.gz, \.ari\.ndjson/],
  ['an ARI recording that is none', () => written('x.ari.ndjson', '{}'), /line 1: expected \{"t": unix ms, "event"/],
  ['a gzip file that is none', () => written('x.ami.gz', 'no gzip'), /damaged or no gzip file/],
  ['something that is no AMI', () => written('x.ami', 'GET / HTTP/1.1\r\n'), /does not speak AMI/],
])('%s gets a clear error and exit code 1', async (_, file, message) => {
  const { out, err, code } = await run('--json', file());
  expect([out, code]).toEqual(['', 1]);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at /);
});

test('arrival times that do not belong to the recording are refused', () => {
  const file = written('x.ami', 'Event: A\r\n\r\n');
  written('x.ami.idx.ndjson', '{"t":1,"o":0,"n":99}\n');
  expect(() => readRecording(file)).toThrow(/do not belong together/);
  written('x.ami.idx.ndjson', 'nonsense\n');
  expect(() => readRecording(file)).toThrow(/line 1: expected/);
});

test('a recording is read whether it is compressed or not', () => {
  const content = 'Event: A\r\n\r\n';
  written('a.ami.idx.ndjson.gz', gzipSync('{"t":5,"o":0,"n":12}\n'));
  const chunks = [written('a.ami', content), written('a.ami.gz', gzipSync(content))].map((file) => readRecording(file).chunks);
  expect(chunks.map(([chunk]) => [chunk?.at, Buffer.from(chunk?.bytes ?? []).toString()])).toEqual([
    [5, content],
    [5, content],
  ]);
});

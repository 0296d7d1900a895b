/** Asterisk's files as they are on disk: growing, rotated, packed, huge, missing. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createFileSource } from '../../../src/telephony/records/file-source.ts';
import type { RecordsRead } from '../../../src/telephony/records/record-source.ts';
import { tokyo } from '../../support/written-records.ts';

const signal = new AbortController().signal;
const start = Date.parse('2026-11-23T00:00:00Z');
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-records-'));
  file = path.join(folder, 'Master.csv');
});

afterEach(() => rmSync(folder, { recursive: true }));

function line(second: number): string {
  const at = `${start / 1000 + second}.000000`;
  return `"CHAN_START","${at}","0901","","0312345679","from-trunk","PJSIP/trunk-in-00000000","","${start / 1000 + second}.${second}","${start / 1000 + second}.${second}",""\n`;
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => line(from + index)).join('');
}

function seconds({ rows }: RecordsRead): number[] {
  return rows.cel.map(({ at }) => (at - start) / 1000);
}

const source = (mostRows = 1_000_000) => createFileSource({ kind: 'cel', file, times: tokyo, mostRows });
const since = (second: number) => start + second * 1000;

test('begins at a moment, wherever in a large file that is, without reading what is before', async () => {
  writeFileSync(file, lines(0, 300_000));
  const startedAt = performance.now();
  const read = await source().read(since(299_000), signal);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(seconds(read).at(-1)).toBe(299_999);
  // A minute earlier than asked, in case of disorder.
  expect(seconds(read)[0]).toBe(298_940);
  expect(read.rows.cel).toHaveLength(1_060);
  expect([read.skipped, read.readUpTo]).toEqual([0, null]);
});

test('reads what was added since, and a line that is being written when it is complete', async () => {
  writeFileSync(file, lines(0, 10) + line(10).slice(0, 30));
  expect(seconds(await source().read(since(0), signal))).toHaveLength(10);
  appendFileSync(file, line(10).slice(30) + line(11));
  expect(seconds(await source().read(since(0), signal)).slice(-2)).toEqual([10, 11]);
});

test('follows log rotation, packed or not, and leaves old forerunners alone', async () => {
  const rotated = (name: string, content: Uint8Array | string, second: number) => {
    writeFileSync(path.join(folder, name), content);
    utimesSync(path.join(folder, name), new Date(since(second)), new Date(since(second)));
  };
  rotated('Master.csv.3.gz', 'not even gzip', 10);
  rotated('Master.csv.2.gz', gzipSync(lines(1_000, 1_010)), 1_010);
  rotated('Master.csv.1', lines(1_010, 1_020), 1_020);
  writeFileSync(path.join(folder, 'Master.csv.backup'), lines(0, 5));
  writeFileSync(file, lines(1_020, 1_025));
  const read = await source().read(since(1_000), signal);
  expect(seconds(read)).toEqual(Array.from({ length: 25 }, (_, index) => 1_000 + index));
});

test('is not confused by being rotated while it is read again and again', async () => {
  writeFileSync(file, lines(0, 5));
  utimesSync(file, new Date(since(5)), new Date(since(5)));
  renameSync(file, `${file}.1`);
  writeFileSync(file, lines(5, 7));
  expect(seconds(await source().read(since(0), signal))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('takes so many rows at once, and says how far it got', async () => {
  writeFileSync(file, lines(0, 100));
  const first = await source(40).read(since(0), signal);
  expect([first.rows.cel.length, first.readUpTo]).toEqual([40, since(39)]);
});

test('an empty file tells nothing, a missing one and one of another kind are told of', async () => {
  writeFileSync(file, '');
  expect(seconds(await source().read(0, signal))).toEqual([]);
  writeFileSync(file, 'name,phone\nTaro,0901\n');
  await expect(source().read(0, signal)).rejects.toThrow(/holds no record of this kind/);
  rmSync(file);
  await expect(source().read(0, signal)).rejects.toThrow(/Master\.csv is not there.*Asterisk writes it/);
});

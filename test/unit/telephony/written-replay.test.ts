import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { replayCalls } from '../../../src/cli/replay.ts';
import { differences, truthOf } from '../../support/judge-calls.ts';
import { recordingFilesOf } from '../../support/traces.ts';
import { writtenFilesOf } from '../../support/written-records.ts';

const options = { pbx: 'main' };

function differencesOf(scenario: string, files: readonly string[]): string[] {
  const found = differences(replayCalls(files, options), truthOf(scenario), 'both');
  // The name of a recording stands in none of these files.
  return found.filter((difference) => !/^c[45]\.recordings/.test(difference));
}

test('recordings with a gap and the files beside them tell everything, the call nobody heard too', () => {
  const files = [...recordingFilesOf('24-ami-reconnect'), ...writtenFilesOf('24-ami-reconnect')];
  expect(differencesOf('24-ami-reconnect', files)).toEqual([]);
  const marks = replayCalls(files, options).map(({ filledIn }) => filledIn);
  // Of the first two nothing was missed but moments.
  expect(marks).toEqual([false, false, true, true, true]);
});

test('so do recordings and CDR with the queue log, without CEL', () => {
  const files = [...recordingFilesOf('24-ami-reconnect'), ...writtenFilesOf('24-ami-reconnect', ['cdr.csv', 'queue_log'])];
  expect(differencesOf('24-ami-reconnect', files)).toEqual([]);
});

test('what was cut off with the PBX stays as it was heard', () => {
  const files = [...recordingFilesOf('34-crash'), ...writtenFilesOf('34-crash')];
  expect(differencesOf('34-crash', files)).toEqual([]);
});

test('recordings without a gap are told as without the files', () => {
  const recorded = recordingFilesOf('12-blind-transfer');
  expect(replayCalls([...recorded, ...writtenFilesOf('12-blind-transfer')], options)).toEqual(replayCalls(recorded, options));
});

test('the files alone tell of the calls that are over', () => {
  const calls = replayCalls(writtenFilesOf('12-blind-transfer'), options);
  expect(calls.map(({ result, filledIn }) => [result, filledIn])).toEqual([
    ['answered', true],
    ['answered', true],
    ['answered', true],
  ]);
});

describe('what is no record', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-written-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function written(name: string, content: string | Uint8Array): string {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  }

  test.each([
    ['a list of customers', 'customers.csv', '氏名,電話\n山田,0901\n', /customers\.csv: no record of Asterisk's/],
    ['rubbish', 'x.cel.csv', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256)), /no record/],
    ['a damaged archive', 'x.cdr.csv.gz', 'not packed at all', /damaged or no gzip file/],
  ])('%s gets a clear error', (_, name, content, message) => {
    expect(() => replayCalls([written(name, content)], options)).toThrow(message);
  });

  test('a missing file does too, and a zone there is none of', () => {
    expect(() => replayCalls([path.join(folder, 'no.cdr.csv')], options)).toThrow(/there is no such file/);
    expect(() => replayCalls([written('x.cdr.csv', '')], { ...options, pbxTimeZone: 'Asia/Edo' })).toThrow(
      /no time zone Asia\/Edo/,
    );
  });

  test('lines in between are passed over and told of, an empty file is no calls', () => {
    const [cel] = writtenFilesOf('01-queue-answered', ['cel.csv']);
    const content = gunzipSync(readFileSync(cel ?? ''))
      .toString('utf8')
      .split('\n');
    const file = written('x.cel.csv', [...content.slice(0, 20), '"oops', 'DROP TABLE calls;', ...content.slice(20)].join('\n'));
    const skipped: unknown[] = [];
    const calls = replayCalls([file], options, { onSkipped: (name, lines) => skipped.push([path.basename(name), lines]) });
    expect(calls).toHaveLength(2);
    expect(skipped).toEqual([['x.cel.csv', 2]]);
    expect(replayCalls([written('empty.cdr.csv', '')], options)).toEqual([]);
  });
});

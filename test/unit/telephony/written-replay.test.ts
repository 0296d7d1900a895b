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

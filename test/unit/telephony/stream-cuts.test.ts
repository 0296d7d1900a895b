import type { Recording } from '../../../src/telephony/replay/recording.ts';
import { replayRecordings } from '../../../src/telephony/replay/replay-recordings.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { recordingsOf, recordsOf, scenarios } from '../../support/traces.ts';

/** The same bytes at the same times in other pieces, from one byte to some hundreds. */
function cutAnew(recording: Recording, random: () => number): Recording {
  const chunks = recording.chunks.flatMap(({ at, bytes }) => {
    const pieces = [];
    for (let from = 0; from < bytes.length; ) {
      const length = random() < 0.3 ? 1 : 1 + Math.floor(random() * 700);
      pieces.push({ at, bytes: bytes.subarray(from, from + length) });
      from += length;
    }
    return pieces;
  });
  return { ...recording, chunks };
}

describe('the same bytes in any pieces are the same calls', () => {
  test.each(scenarios().filter((scenario) => scenario !== '27-load'))('%s', (scenario) => {
    const recordings = recordingsOf(scenario);
    const whole = recordsOf([...replayRecordings(recordings)]);
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(seed);
      const pieces = recordings.map((recording) => cutAnew(recording, random));
      expect(recordsOf([...replayRecordings(pieces)])).toEqual(whole);
    }
  });
});

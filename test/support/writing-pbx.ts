/** What Asterisk would write into its CEL and queue-log files for a played call: the recorded lines under the ids of this copy. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Playback } from '../../infra/sandbox/asterisk/player.ts';
import { truthOf } from './judge-calls.ts';
import { writtenFile } from './written-records.ts';

export interface WritingPbx {
  readonly celFile: string;
  readonly queueLogFile: string;
  /** A call whose last packet was played: `startedAt` is when it began; a minute of it takes a second. */
  writeDown(call: WrittenCall): void;
}

interface WrittenCall {
  readonly playback: Playback;
  readonly scenario: string;
  /** Which one of the scenario. */
  readonly call?: number;
  readonly from: string;
  readonly startedAt: number;
}

const quicker = 60;

export function createWritingPbx(folder: string): WritingPbx {
  const celFile = path.join(folder, 'cel.csv');
  const queueLogFile = path.join(folder, 'queue_log');
  writeFileSync(celFile, '');
  writeFileSync(queueLogFile, '');
  return {
    celFile,
    queueLogFile,
    writeDown({ playback, scenario, call = 0, from, startedAt }) {
      const truth = truthOf(scenario).calls[call];
      if (truth === undefined) throw new Error(`${scenario} has no call ${call}.`);
      const bornAt = Number(truth.first_uniqueid.split('.')[0]) * 1000;
      const fresh = (id: string) => playback.freshOf(id) ?? id;
      const moved = (seconds: string) => (startedAt + Math.max(0, Number(seconds) * 1000 - bornAt) / quicker) / 1000;
      const own = (line: string) => truth.linkedids.some((id) => line.includes(`"${id}"`) || line.includes(`|${id}|`));
      const renamed = (line: string) =>
        line
          .replaceAll(truth.caller_number ?? '', from)
          .replace(/(?<=")\d{9,}\.\d{1,5}(?=")|(?<=\|)\d{9,}\.\d{1,5}(?=\|)|(?:PJSIP|Local)\/[^",|]+-[0-9a-f]{8}/g, fresh);
      const append = (file: string, ending: 'cel.csv' | 'queue_log', time: RegExp, digits: number) => {
        const lines = gunzipSync(readFileSync(writtenFile(scenario, ending)))
          .toString('utf8')
          .split('\n')
          .filter(own);
        const text = lines.map((line) => renamed(line).replace(time, (seconds) => moved(seconds).toFixed(digits)));
        appendFileSync(file, text.map((line) => `${line}\n`).join(''));
      };
      append(celFile, 'cel.csv', /(?<=^"[A-Z_]+",")[\d.]+/, 6);
      append(queueLogFile, 'queue_log', /^\d+/, 0);
    },
  };
}

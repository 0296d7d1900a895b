import path from 'node:path';
import { createFreshIds, createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { callsOf, selectCalls } from '../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording } from '../infra/sandbox/asterisk/recording.ts';
import type { CallRecord } from '../src/calls/call.ts';
import { createTracker, liveCalls, track } from '../src/calls/tracker.ts';
import { trackerSettings } from '../src/hub/tracker-settings.ts';
import { createAmiParser } from '../src/telephony/ami/ami-parser.ts';
import { createAmiTranslator } from '../src/telephony/ami/ami-translator.ts';
import { defaultNumbering } from '../src/telephony/numbering.ts';
import type { LiveCallsRun } from './live-calls.ts';

/** In a process of its own, with `--expose-gc`: what so many calls in conversation weigh in the listening part of the hub. */
const count = Number(process.argv[2]);
const collectGarbage = globalThis.gc;
if (collectGarbage === undefined) throw new Error('run with --expose-gc');

const file = path.join(import.meta.dirname, '../infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz');
const packets = packetsUntilTheyTalk(file);
const parser = createAmiParser();
const translator = createAmiTranslator();
const tracker = createTracker(trackerSettings([{ name: 'main', numbering: defaultNumbering }], 'JP'));
let at = packets[0]?.at ?? 0;
let ids = 0;
const counters = createPbxCounters(
  () => at,
  () => {
    ids += 1;
    return `5c0f1d7e-93aa-4b52-8a37-${String(ids).padStart(12, '0')}`;
  },
);

begin(100);
const before = heapUsed();
begin(count);
const oursBytes = heapUsed() - before;
const live = liveCalls(tracker);
if (live.length !== count + 100 || live.some(({ phase }) => phase !== 'talking')) throw new Error('not every call is talking');

const texts = live.slice(0, count).map(({ record }) => JSON.stringify(record));
const beforeRecords = heapUsed();
const records = texts.map((text) => JSON.parse(text) as CallRecord);
const recordBytes = heapUsed() - beforeRecords;

const run: LiveCallsRun = { calls: count, bytesPerCall: oursBytes / count, bytesPerRecord: recordBytes / records.length };
process.send?.(run);

function begin(calls: number): void {
  for (let call = 0; call < calls; call += 1) {
    at += 50;
    const caller = `090${String(10_000_000 + ids).slice(0, 8)}`;
    const fresh = createFreshIds(counters, { '09012345678': caller });
    for (const packet of packets) {
      for (const message of parser.push(Buffer.from(fresh.rewrite(packet.text, 0), 'latin1'))) {
        for (const event of translator.translate(message, at)) track(tracker, event);
      }
    }
  }
}

/** The first call of the recording, until the customer wants to hang up. */
function packetsUntilTheyTalk(recordingFile: string) {
  const recording = loadRecording(recordingFile);
  const [first] = callsOf(recording);
  if (first === undefined) throw new Error('the recording has no call');
  const { packets: all } = selectCalls(recording, [first.id]);
  return all.slice(
    0,
    all.findIndex(({ text }) => text.includes('Event: HangupRequest')),
  );
}

function heapUsed(): number {
  collectGarbage?.();
  collectGarbage?.();
  return process.memoryUsage().heapUsed;
}

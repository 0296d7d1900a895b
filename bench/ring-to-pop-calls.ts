import path from 'node:path';
import { headerOf } from '../infra/sandbox/asterisk/ami-packet-text.ts';
import { eventMask, mayHear } from '../infra/sandbox/asterisk/ami-user.ts';
import { createFreshIds, type PbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { callsOf, selectCalls } from '../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording } from '../infra/sandbox/asterisk/recording.ts';
import { amiDefaults } from '../src/telephony/ami/ami-client.ts';

/** One copy of the recorded call, as bytes (latin1) that only have to be written. */
export interface BenchCall {
  /** Asterisk's Uniqueid of its first channel. */
  readonly id: string;
  readonly extensions: readonly string[];
  /** From the first channel to four ringing phones, then a marker for the echo. */
  readonly ring: string;
  /** The answer, the conversation, the hang-up. */
  readonly rest: string;
}

const recording = path.join(import.meta.dirname, '../infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz');
const phones = 4;

/** The marker's name and headers; the hub takes no notice of it. */
export const marker = 'BenchRing';

/** Makes copies of a real call to a queue that rings four phones: fresh ids, another caller, other phones. */
export function createBenchCalls(counters: PbxCounters, agents: readonly string[]) {
  const whole = loadRecording(recording);
  const [recorded] = callsOf(whole);
  if (recorded === undefined) throw new Error('the recording holds no call');
  const user = { name: 'bench', secret: '', read: ['all'], write: [] };
  const mask = eventMask(amiDefaults.events);
  const packets = selectCalls(whole, [recorded.id]).packets.filter(({ text }) => mayHear(user, mask, text));
  const ringing = packets.flatMap(({ text }, index) => (headerOf(text, 'DialStatus') === 'RINGING' ? [index] : []));
  const endOfRing = (ringing[phones - 1] ?? -1) + 1;
  if (endOfRing === 0) throw new Error(`the recorded call does not ring ${phones} phones`);
  let made = 0;

  return (callerNumber: string): BenchCall => {
    const extensions = Array.from({ length: phones }, (_, index) => agents[(made * phones + index) % agents.length] ?? '');
    made += 1;
    const ids = createFreshIds(counters, { [recorded.callerNumber]: callerNumber });
    const render = (text: string) =>
      ids.rewrite(
        text.replaceAll(/\b100([1-4])\b/g, (_, digit: string) => extensions[Number(digit) - 1] ?? ''),
        0,
      );
    const ring = packets
      .slice(0, endOfRing)
      .map(({ text }) => render(text))
      .join('');
    const rest = packets
      .slice(endOfRing)
      .map(({ text }) => render(text))
      .join('');
    const id = ids.freshOf(recorded.id) ?? '';
    const mark = `Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: ${marker}\r\nCallId: ${id}\r\nExtensions: ${extensions.join(',')}\r\n\r\n`;
    return { id, extensions, ring: ring + mark, rest };
  };
}

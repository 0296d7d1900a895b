import type { PacketText } from './ami-packet-text.ts';
import { ariTime } from './ari-text.ts';

/** What a PBX counts since it was started; a restart begins again at 0. */
export interface PbxCounters {
  nextUniqueid(): string;
  /** Counts per channel technology, as Asterisk does: `PJSIP/1001-0000002a`. */
  nextChannelSuffix(technology: string): string;
  nextBridgeId(): string;
}

export function createPbxCounters(now: () => number, newId: () => string): PbxCounters {
  let uniqueids = 0;
  const channels = new Map<string, number>();
  return {
    nextUniqueid: () => `${Math.floor(now() / 1_000)}.${uniqueids++}`,
    nextChannelSuffix(technology) {
      const count = channels.get(technology) ?? 0;
      channels.set(technology, count + 1);
      return count.toString(16).padStart(8, '0');
    },
    nextBridgeId: newId,
  };
}

/** One played copy of a recording: the same recorded id always becomes the same fresh one, wherever it stands. */
export interface FreshIds {
  /** An AMI packet, or an ARI event as JSON. `shiftMs`: how much later than recorded it is sent; its dates move along. */
  rewrite(sent: PacketText | string, shiftMs: number): string;
  /** The fresh id of a recorded Uniqueid, Linkedid, bridge id or channel name; null before it was played. */
  freshOf(recordedId: string): string | null;
  /** The other way round. */
  recordedOf(freshId: string): string | null;
}

const bridgeId = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const channelName = '[A-Za-z0-9]+\\/[^\\s,;|"<>()=:]+-[0-9a-f]{8}(?![0-9a-f-])';
const recordingStamp = '-\\d{8}-\\d{6}-(?=\\d{9,}\\.\\d)';
const uniqueid = '(?<![\\d.])\\d{9,}\\.\\d+(?![\\d])';
const dateTime = '(?<=(?:EventTime|StartTime|AnswerTime|EndTime): )\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';
const isoTime = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{4}';
const telephone = '(?<!\\d)\\d{3,15}(?!\\d)';

/**
 * @param numbers Telephone numbers to be replaced wherever they stand, for example the caller's.
 */
export function createFreshIds(counters: PbxCounters, numbers: Readonly<Record<string, string>>): FreshIds {
  const fresh = new Map<string, string>();
  const replaced = new Map(Object.entries(numbers));
  const anything = new RegExp([bridgeId, channelName, recordingStamp, uniqueid, isoTime, dateTime, telephone].join('|'), 'g');

  function freshFor(recorded: string, make: () => string): string {
    const known = fresh.get(recorded) ?? make();
    fresh.set(recorded, known);
    return known;
  }

  function freshToken(token: string, shiftMs: number): string {
    const technology = token.includes('/') ? token.slice(0, token.indexOf('/')) : null;
    if (technology !== null) return freshFor(token, () => token.slice(0, -8) + counters.nextChannelSuffix(technology));
    if (/^\d+\.\d+$/.test(token)) return freshFor(token, () => counters.nextUniqueid());
    if (/^\d{4}-\d\d-\d\d /.test(token)) return shifted(token, shiftMs);
    if (/^\d{4}-\d\d-\d\dT/.test(token)) return ariTime(Date.parse(token) + shiftMs);
    if (token.startsWith('-')) return shiftedStamp(token, shiftMs);
    if (/^\d+$/.test(token)) return replaced.get(token) ?? token;
    return freshFor(token, () => counters.nextBridgeId());
  }

  return {
    rewrite(sent, shiftMs) {
      // RTCP reports carry times that look like Uniqueids.
      return sent.replace(anything, (token, offset: number) =>
        sent.startsWith('NTP: ', offset - 5) ? token : freshToken(token, shiftMs),
      );
    },
    freshOf: (recordedId) => fresh.get(recordedId) ?? null,
    recordedOf(freshId) {
      for (const [recorded, id] of fresh) if (id === freshId) return recorded;
      return null;
    },
  };
}

/** The clock of the recorded PBX is read as if it were UTC: only the difference matters. */
function shifted(dateTimeText: string, shiftMs: number): string {
  const moved = new Date(Date.parse(`${dateTimeText.replace(' ', 'T')}Z`) + shiftMs);
  return moved.toISOString().slice(0, 19).replace('T', ' ');
}

function shiftedStamp(stamp: string, shiftMs: number): string {
  const [, date = '', time = ''] = stamp.split('-');
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)} ${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
  return `-${shifted(iso, shiftMs).replaceAll('-', '').replace(' ', '-').replaceAll(':', '')}-`;
}

/**
 * Asterisk writes times in the local time of its machine, or in UTC (`usegmtime`), mostly without saying which. A channel's Uniqueid
 * holds the second of its birth, so that the right reading shows: the one that is not before, and nearest to, that second.
 */
export interface PbxTimes {
  /** Milliseconds since 1970; null when the text is no time. `channelId` is the Uniqueid in the same row, if there is one. */
  read(text: string, channelId: string | null): number | null;
}

/** A clock may be set back a little between the birth of a channel and its first record. */
const clockSlackMs = 2_000;
const longestCallMs = 3 * 24 * 3_600_000;

/** @throws RangeError when there is no such time zone */
export function createPbxTimes(timeZone: string): PbxTimes {
  const localParts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });

  /** Clocks are changed on a quarter of an hour. */
  const offsets = new Map<number, number>();

  function offsetAt(at: number): number {
    const quarter = Math.floor(at / 900_000);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= 1_000) offsets.clear();
    const offset = formattedOffsetAt(at);
    offsets.set(quarter, offset);
    return offset;
  }

  function formattedOffsetAt(at: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of localParts.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  }

  /** The moments at which clocks there show this; two in the hour that comes twice, the one after the gap in the hour that is left out. */
  function momentsOf(local: number): readonly number[] {
    const around = [offsetAt(local - 86_400_000), offsetAt(local + 86_400_000)];
    const moments = [...new Set(around.map((offset) => local - offset))];
    const shown = moments.filter((at) => offsetAt(at) === local - at);
    return shown.length > 0 ? shown.sort((a, b) => a - b) : moments.slice(0, 1);
  }

  return {
    read(text, channelId) {
      const epoch = /^\s*(\d{9,11})(?:\.(\d{1,9}))?\s*$/.exec(text);
      if (epoch !== null) return Number(epoch[1]) * 1000 + millisecondsOf(epoch[2]);
      const parts = localTime.exec(text);
      if (parts === null) return null;
      const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
      const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) + millisecondsOf(parts[7]);
      if (!Number.isFinite(wall)) return null;
      if (parts[8] !== undefined) return wall - zoneMs(parts[8]);
      const moments = momentsOf(wall);
      const bornAt = birthOf(channelId);
      if (bornAt === null) return moments[0] ?? wall;
      const likely = [...moments, wall].filter((at) => at >= bornAt - clockSlackMs && at - bornAt < longestCallMs);
      return likely.length > 0 ? Math.min(...likely) : (moments[0] ?? wall);
    },
  };
}

/** `2026-11-23 04:56:25`, `2026-11-23T04:56:25.123456+0900` */
const localTime = /^\s*(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?\s*$/;

function millisecondsOf(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(`${fraction}00`.slice(0, 3));
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function birthOf(channelId: string | null): number | null {
  const epoch = channelId === null ? null : /(\d{9,11})\.\d+$/.exec(channelId);
  return epoch === null ? null : Number(epoch[1]) * 1000;
}

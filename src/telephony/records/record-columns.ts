import type { PbxTimes } from './pbx-time.ts';
import type { CdrRow, CelRow, QueueLogRow } from './record-rows.ts';

/** One record by the names of its columns (`columnName`), as files and tables alike give them. */
export type Columns = ReadonlyMap<string, string>;

/** What Asterisk's modules call one and the same column, in one spelling. */
export function columnName(given: string): string {
  const name = given
    .toLowerCase()
    .replace(/\(.*\)$/, '')
    .replace(/[^a-z0-9]/g, '');
  return synonyms[name] ?? name;
}

const synonyms: Readonly<Record<string, string>> = {
  name: 'cidname',
  num: 'cidnum',
  calleridname: 'cidname',
  calleridnum: 'cidnum',
  channelname: 'channame',
  bridgepeer: 'peer',
  eventextra: 'extra',
};

const longestText = 1_024;

/** Null when it is no CEL record. */
export function celRow(columns: Columns, times: PbxTimes): CelRow | null {
  const text = textsOf(columns);
  const event = celEvent(text('eventtype'));
  const channelId = text('uniqueid');
  const at = times.read(text('eventtime'), channelId);
  if (event === null || at === null || channelId === '') return null;
  return {
    event,
    at,
    callerNumber: known(text('cidnum')),
    callerName: known(text('cidname')),
    exten: text('exten'),
    channel: text('channame'),
    app: text('appname'),
    appData: columns.has('appdata') ? text('appdata') : null,
    channelId,
    linkedId: text('linkedid'),
    peers: text('peer') === '' ? [] : text('peer').split(','),
    extra: jsonObject(columns.get('extra') ?? ''),
  };
}

/** Null when it is no CDR record. */
export function cdrRow(columns: Columns, times: PbxTimes): CdrRow | null {
  const text = textsOf(columns);
  const channelId = text('uniqueid');
  const startAt = times.read(text('start') || text('calldate'), channelId || null);
  const channel = text('channel');
  const disposition = text('disposition');
  if (startAt === null || channel === '' || !dispositions.has(disposition)) return null;
  const seconds = (name: string) => Number(text(name)) || 0;
  const endAt = times.read(text('end'), channelId || null) ?? startAt + seconds('duration') * 1000;
  const answerAt = times.read(text('answer'), channelId || null);
  const billed = seconds('billsec');
  const userfield = text('userfield');
  return {
    src: text('src'),
    dst: text('dst'),
    clid: text('clid'),
    channel,
    dstChannel: text('dstchannel'),
    lastApp: text('lastapp'),
    lastData: text('lastdata'),
    startAt,
    // FreePBX's table has no such column; what was billed began with it.
    answerAt: columns.has('answer') ? answerAt : billed > 0 ? endAt - billed * 1000 : null,
    endAt,
    disposition,
    channelId,
    linkedId: text('linkedid') || null,
    did: known(text('did')) ?? valueIn(userfield, /^did$/i),
    recording: baseName(text('recordingfile')) ?? baseName(valueIn(userfield, /^(rec|recording|recordingfile)$/i) ?? ''),
  };
}

/** Null when it is no record of the queue log. */
export function queueLogRow(columns: Columns, times: PbxTimes): QueueLogRow | null {
  const text = textsOf(columns);
  const at = times.read(text('time'), text('callid'));
  const event = text('event');
  if (at === null || !/^[A-Z_]{3,40}$/.test(event)) return null;
  const data = columns.has('data') ? text('data').split('|') : [1, 2, 3, 4, 5].map((n) => text(`data${n}`));
  return { at, event, callId: text('callid'), queue: text('queuename'), agent: text('agent'), data };
}

const dispositions = new Set(['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION']);

/** Tables may keep Asterisk's numbers: the position in this list, from 1 on. */
const celEvents = (
  'CHAN_START CHAN_END HANGUP ANSWER APP_START APP_END BRIDGE_ENTER BRIDGE_EXIT PARK_START PARK_END BLINDTRANSFER ATTENDEDTRANSFER ' +
  'USER_DEFINED LINKEDID_END PICKUP FORWARD LOCAL_OPTIMIZE LOCAL_OPTIMIZE_BEGIN STREAM_BEGIN STREAM_END DTMF'
).split(' ');

export const celEventNames: ReadonlySet<string> = new Set(celEvents);

function celEvent(text: string): string | null {
  const name = /^\d{1,2}$/.test(text) ? (celEvents[Number(text) - 1] ?? '') : text;
  return /^[A-Z][A-Z_]{2,40}$/.test(name) ? name : null;
}

function textsOf(columns: Columns): (name: string) => string {
  return (name) => {
    const value = columns.get(name) ?? '';
    return value.length > longestText ? value.slice(0, longestText) : value;
  };
}

function known(text: string): string | null {
  return text === '' || text === '<unknown>' ? null : text;
}

/** `did=0312345678&rec=in-….wav`: what a dialplan may keep in CDR(userfield). */
function valueIn(userfield: string, name: RegExp): string | null {
  for (const part of userfield.split(/[&;]/)) {
    const equals = part.indexOf('=');
    if (equals > 0 && name.test(part.slice(0, equals).trim())) return known(part.slice(equals + 1).trim());
  }
  return null;
}

function baseName(path: string): string | null {
  return known(path.slice(path.lastIndexOf('/') + 1).slice(0, 255));
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

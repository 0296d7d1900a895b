import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createPbxTimes } from '../../../src/telephony/records/pbx-time.ts';
import { layoutOfNames, type RecordKind } from '../../../src/telephony/records/record-layout.ts';
import { createRecordStream, recordKindOf } from '../../../src/telephony/records/record-stream.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { writtenFile } from '../../support/written-records.ts';

const times = createPbxTimes('Asia/Tokyo');

function read(kind: RecordKind, text: string | Uint8Array, columns: string | null = null) {
  const stream = createRecordStream({ kind, times, columns: columns === null ? null : layoutOfNames(columns) });
  const rows = [...stream.push(Buffer.from(text as string)), ...stream.end()].map(({ row }) => row);
  return { rows, skipped: stream.skipped };
}

const celLine = (name: string) =>
  `"CHAN_START","1795377385.495324","09012345678",${name},"0312345679","from-trunk","PJSIP/trunk-in-00000000","","1795377385.0","1795377385.0",""\n`;
const cdrStart =
  '"","09012345678","s","did","""山田"" <09012345678>","PJSIP/trunk-in-00000000","PJSIP/1003-00000001","Queue","sales,tT,,,60","2026-11-23 04:56:25","2026-11-23 04:56:25","2026-11-23 04:56:28",3,3,"NO ANSWER","DOCUMENTATION"';

test.each(['cel.csv', 'cdr.csv', 'queue_log'] as const)('the pieces in which %s arrives do not matter', (ending) => {
  const content = gunzipSync(readFileSync(writtenFile('26-utf8-names', ending)));
  const kind = recordKindOf(content, times) ?? 'cel';
  const stream = createRecordStream({ kind, times });
  const random = seededRandom(7);
  const rows: unknown[] = [];
  for (let at = 0; at < content.length; ) {
    const length = 1 + Math.floor(random() * 40);
    rows.push(...stream.push(content.subarray(at, at + length)).map(({ row }) => row));
    at += length;
  }
  const whole = read(kind, content);
  expect(rows).toEqual(whole.rows);
  expect(whole.skipped + stream.skipped).toBe(0);
});

test.each([
  ['a formula', '"=HYPERLINK(""http://evil"",""x"")"', '=HYPERLINK("http://evil","x")'],
  ['SQL', `"Robert'); DROP TABLE calls;--"`, `Robert'); DROP TABLE calls;--`],
  ['commas and quotation marks', '"Yamada, ""Taro"""', 'Yamada, "Taro"'],
  ['line breaks', '"Yamada\nTaro\r\nHanako"', 'Yamada\nTaro\nHanako'],
  ['Japanese', '"山田　太郎"', '山田　太郎'],
])('a caller named by %s is read as named', (_, written, name) => {
  const { rows, skipped } = read('cel', celLine('""') + celLine(written) + celLine('""'));
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({ callerName: name, channelId: '1795377385.0' });
  expect(skipped).toBe(0);
});

test('a stray quotation mark spoils its own line and no other', () => {
  const { rows, skipped } = read('cel', `${celLine('""')}"HANGUP","broken\n${celLine('""').repeat(3)}`);
  expect(rows).toHaveLength(4);
  expect(skipped).toBe(1);
});

test('rubbish is passed over and counted', () => {
  const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7919) % 256));
  const { rows, skipped } = read(
    'cel',
    Buffer.concat([Buffer.from(celLine('""')), bytes, Buffer.from(`\n${'"'}\n${celLine('""')}`)]),
  );
  expect(rows.length).toBeGreaterThanOrEqual(1);
  expect(skipped).toBeGreaterThan(0);
  expect(recordKindOf(bytes, times)).toBeNull();
});

test('a line of a hundred megabytes is passed over without being held', () => {
  const stream = createRecordStream({ kind: 'cdr', times });
  const megabyte = Buffer.alloc(1_048_576, 'x');
  const before = process.memoryUsage();
  for (let sent = 0; sent < 100; sent += 1) expect(stream.push(megabyte)).toEqual([]);
  const after = process.memoryUsage();
  expect(after.external + after.heapUsed - before.external - before.heapUsed).toBeLessThan(20_000_000);
  expect(stream.push(Buffer.from(`\n${cdrStart},"1795377385.0",""\n`))).toHaveLength(1);
  expect(stream.skipped).toBe(1);
});

test('a record that is still being written is for the next time', () => {
  const { rows, skipped } = read('cel', celLine('""') + celLine('"Yamada"').slice(0, 40));
  expect([rows.length, skipped]).toEqual([1, 0]);
});

test.each([
  ['neither', '', { channelId: '', did: null, linkedId: null }],
  ['loguniqueid', ',"1795377385.0"', { channelId: '1795377385.0', did: null }],
  ['loguserfield', ',"did=0312345679"', { channelId: '', did: '0312345679' }],
  [
    'both',
    ',"1795377385.0","did=0312345679&rec=/var/spool/a.wav"',
    { channelId: '1795377385.0', did: '0312345679', recording: 'a.wav' },
  ],
  ['newcdrcolumns too', ',"1795377385.0","","","1795377384.9",17', { channelId: '1795377385.0', linkedId: '1795377384.9' }],
])('cdr_csv with %s', (_, ending, wanted) => {
  expect(read('cdr', `${cdrStart}${ending}\n`).rows).toMatchObject([{ src: '09012345678', disposition: 'NO ANSWER', ...wanted }]);
});

test('the sample of cdr_custom, and JSON', () => {
  const fields = cdrStart.split(',');
  const custom = `${fields[4]},${fields.slice(1, 4).join()},${fields.slice(5).join()},"","1795377385.0","",17\n`;
  expect(read('cdr', custom).rows).toMatchObject([{ src: '09012345678', channelId: '1795377385.0', disposition: 'NO ANSWER' }]);
  const json = {
    eventtype: 'ANSWER',
    eventtime: 1795377385.495,
    num: '1003',
    channame: 'PJSIP/1003-1',
    uniqueid: '1795377385.1',
  };
  expect(read('cel', `${JSON.stringify({ ...json, eventextra: '{"a":1}' })}\n`).rows).toMatchObject([
    { event: 'ANSWER', at: 1795377385495, callerNumber: '1003', extra: { a: 1 } },
  ]);
});

test('both samples of cel_custom, and any other order that is named', () => {
  const extra = '"{""hangupcause"":16,""hangupsource"":""PJSIP/1003-00000001"",""dialstatus"":""""}"';
  const functions = `"HANGUP","1795377385.495324","Taro","1003","","","","s","from-internal","PJSIP/1003-00000001","AppQueue","(Outgoing Line)","3","","1795377385.1","1795377385.0","","","",${extra}\n`;
  const fields = `"HANGUP","HANGUP","","x","1795377385.495324","Taro","1003","","","","s","from-internal","PJSIP/1003-00000001","AppQueue","(Outgoing Line)","3","","1795377385.1","1795377385.0","","","",${extra},""\n`;
  const wanted = {
    event: 'HANGUP',
    callerNumber: '1003',
    app: 'AppQueue',
    channelId: '1795377385.1',
    extra: { hangupcause: 16 },
  };
  expect(read('cel', functions + fields).rows).toMatchObject([wanted, wanted]);
  const own = '1795377385.1,HANGUP,2026-11-23 04:56:25,1795377385.0\n';
  expect(read('cel', own).rows).toEqual([]);
  expect(read('cel', own, 'UniqueID(noquote),EventType,EventTime,LinkedID').rows).toMatchObject([
    { event: 'HANGUP', channelId: '1795377385.1', linkedId: '1795377385.0' },
  ]);
});

test('a file is known by what stands in it', () => {
  expect(recordKindOf(Buffer.from(celLine('""')), times)).toBe('cel');
  expect(recordKindOf(Buffer.from(`${cdrStart}\n`), times)).toBe('cdr');
  expect(recordKindOf(Buffer.from('1795377385|1795377385.0|sales|NONE|ENTERQUEUE||0901|1\n'), times)).toBe('queueLog');
  expect(recordKindOf(Buffer.from('name,phone\nTaro,0901\n'), times)).toBeNull();
});

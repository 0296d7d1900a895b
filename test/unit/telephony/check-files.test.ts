import { checkCdrFile, checkCelFile, checkQueueLog, checkRecordings, type Looked } from '../../../src/telephony/check-files.ts';
import type { Finding } from '../../../src/telephony/check-finding.ts';
import { createPbxTimes } from '../../../src/telephony/records/pbx-time.ts';
import { layoutOfNames } from '../../../src/telephony/records/record-layout.ts';

const now = Date.UTC(2026, 10, 25, 3, 0, 0);
const reading = { now, times: createPbxTimes('Asia/Tokyo') };
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const seen = <Value>(value: Value): Looked<Value> => ({ seen: value, refused: null });
const lines = (...lastLines: string[]) => seen({ lastLines, changedAt: minutesAgo(5) });
const told = (findings: readonly Finding[]) => findings.map(({ verdict, detail }) => [verdict, detail.en]);

const cdr =
  '"","09012345678","sales","to-queue","""山田, 花子"" <09012345678>","PJSIP/trunk-00000002","PJSIP/1001-3","Queue","sales,tk,,,300",' +
  '"2026-11-25 11:00:00","2026-11-25 11:00:00","2026-11-25 11:01:00",60,60,"ANSWERED","DOCUMENTATION","main-1795641459.2","did=0312345601","","main-1795641459.2",7';
const cel = (extra: string) =>
  `"HANGUP","1795641534.320110","","1002","","","09011110001","09011110001","to-line","PJSIP/1002-1d","","","3","","main-1795641529.29","main-1795641529.29","","","","${extra}"`;

test('recordings that are named by their call and written today are well', () => {
  const folder = { newest: ['in-0312345601-09012345678-20261125-114500-main-1795401300.12.wav'], newestAt: minutesAgo(15) };
  expect(told(checkRecordings('/rec', seen(folder), now))).toEqual([['fine', '/rec, newest 15 min old']]);
});

test('the names FreePBX gives are well, and one by the hub’s own key among them changes nothing', () => {
  const newest = ['out-0901-1004-20261125-063525-toritsugi-abc.wav', 'q-600-0312345678-20261125-101500-1795401300.12.wav'];
  expect(told(checkRecordings('/rec', seen({ newest, newestAt: minutesAgo(15) }), now))).toEqual([['fine', expect.any(String)]]);
});

test('recordings without an id in their names are told with an example', () => {
  const folder = { newest: ['昨日の電話.wav', '2.wav'], newestAt: minutesAgo(15) };
  expect(told(checkRecordings('/rec', seen(folder), now))[1]).toEqual(['warning', expect.stringContaining('昨日の電話.wav')]);
});

test('a folder that is missing, may not be read, is empty or forgotten is told apart', () => {
  const refused = (why: 'missing' | 'unreadable') => told(checkRecordings('/rec', { seen: null, refused: why }, now));
  expect(refused('missing')).toEqual([['failure', '/rec does not exist']]);
  expect(refused('unreadable')).toEqual([['failure', '/rec may not be read']]);
  expect(told(checkRecordings('/rec', seen({ newest: [], newestAt: null }), now))).toEqual([['warning', '/rec is empty']]);
  const old = { newest: ['in-1-1795401300.12.wav'], newestAt: minutesAgo(9 * 24 * 60) };
  expect(told(checkRecordings('/rec', seen(old), now))).toEqual([['warning', '/rec, newest 9 d old']]);
});

test('CDR lines with quotes and commas in the caller’s name are read; without the channel’s id they are of no use', () => {
  expect(told(checkCdrFile('/cdr', lines(cdr, cdr), reading))).toEqual([['fine', '/cdr, newest 5 min old']]);
  const sixteen = cdr.split(',"main-')[0] ?? '';
  const [finding] = checkCdrFile('/cdr', lines(cdr, sixteen), reading);
  expect(finding).toMatchObject({ verdict: 'failure', detail: { en: '1 of the last 2 lines of /cdr are not as expected' } });
  expect(finding?.remedy?.en).toContain('loguniqueid');
});

test('CEL lines are judged as they are filled in from, and the column is wanted that says who hung up', () => {
  expect(told(checkCelFile('/cel', lines(cel('{""hangupcause"":16}')), reading))).toEqual([['fine', expect.any(String)]]);
  expect(told(checkCelFile('/cel', lines(cel('')), reading))).toEqual([
    ['fine', expect.any(String)],
    ['warning', expect.stringContaining('"extra" is missing')],
  ]);
  const dated = cel('{}').replace('1795641534.320110', '2026-11-25 12:00:00');
  expect(told(checkCelFile('/cel', lines(dated), reading))[0]).toEqual(['fine', expect.any(String)]);
  const own = '"sales","HANGUP","1795641534.3","main-1795641459.2","main-1795641459.2","PJSIP/1002-1d","{""hangupcause"":16}"';
  expect(told(checkCelFile('/cel', lines(own), reading))).toEqual([['failure', expect.stringContaining('not as expected')]]);
  const columns = layoutOfNames('Context,EventType,EventTime,UniqueID,LinkedID,ChanName,EventExtra');
  expect(told(checkCelFile('/cel', lines(own), { ...reading, columns }))).toEqual([['fine', expect.any(String)]]);
});

test('a queue log is known by its bars, and an empty file is no fault', () => {
  const log = lines(
    '1795641447|NONE|NONE|NONE|QUEUESTART|',
    '1795641461|main-1795641459.2|sales|PJSIP/1003|CONNECT|1|main-1.3|1',
  );
  expect(told(checkQueueLog('/queue_log', log, reading))).toEqual([['fine', '/queue_log, newest 5 min old']]);
  expect(told(checkQueueLog('/queue_log', lines(cdr), reading))).toEqual([['failure', expect.any(String)]]);
  expect(told(checkQueueLog('/queue_log', lines(), reading))).toEqual([['unchecked', '/queue_log is empty']]);
});

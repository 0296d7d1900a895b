/** Asterisk's tables as its own modules write them, on real servers: PostgreSQL by cdr_pgsql, cel_pgsql and realtime, MariaDB as FreePBX has it. */
import mysql from 'mysql2/promise';
import pg from 'pg';
import { openMysqlRecords } from '../../../src/telephony/records/mysql-records.ts';
import { openPostgresRecords } from '../../../src/telephony/records/postgres-records.ts';
import type { RecordDatabase } from '../../../src/telephony/records/record-database.ts';
import type { RecordRows } from '../../../src/telephony/records/record-rows.ts';
import { RecordsUnavailable } from '../../../src/telephony/records/record-source.ts';
import { createTableSource } from '../../../src/telephony/records/table-source.ts';
import { differences, truthOf } from '../../support/judge-calls.ts';
import { startMariadb } from '../../support/mariadb.ts';
import { startPostgres } from '../../support/postgres.ts';
import { celTableOf, filedRecordsOf, tokyo, writtenRowsOf } from '../../support/written-records.ts';

const signal = new AbortController().signal;

type Value = string | number | null;

interface Server {
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

interface Kind {
  readonly kind: string;
  readonly start: () => Promise<Server>;
  readonly open: (url: string) => RecordDatabase;
  /** Runs one statement with values. */
  readonly run: (url: string, statements: readonly (readonly [sql: string, values: readonly Value[]])[]) => Promise<void>;
  readonly mark: (position: number) => string;
  readonly tables: readonly string[];
  readonly cdrTimes: readonly string[];
  /** What its time columns keep. */
  readonly digits: number;
  readonly quote: (name: string) => string;
}

const celColumns =
  'eventtype varchar(30), eventtime TIME, userdeftype varchar(255), cid_name varchar(80), cid_num varchar(80), cid_ani varchar(80), cid_rdnis varchar(80), cid_dnid varchar(80), exten varchar(80), context varchar(80), channame varchar(80), appname varchar(80), appdata varchar(80), amaflags int, accountcode varchar(20), uniqueid varchar(32), linkedid varchar(32), peer varchar(80), extra varchar(512)';
const common =
  'clid varchar(80), src varchar(80), dst varchar(80), dcontext varchar(80), channel varchar(80), dstchannel varchar(80), lastapp varchar(80), lastdata varchar(80), duration int, billsec int, disposition varchar(45), amaflags varchar(45), accountcode varchar(80), uniqueid varchar(150), userfield varchar(256), linkedid varchar(150), peeraccount varchar(80), sequence int';

const kinds: readonly Kind[] = [
  {
    kind: 'PostgreSQL',
    start: startPostgres,
    open: openPostgresRecords,
    async run(url, statements) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const [sql, values] of statements) await client.query(sql, [...values]);
      await client.end();
    },
    mark: (position) => `$${position}`,
    tables: [
      `CREATE TABLE cdr (start timestamp, answer timestamp, "end" timestamp, ${common})`,
      `CREATE TABLE cel (id bigserial primary key, ${celColumns.replace('TIME', 'timestamp')})`,
      'CREATE TABLE queue_log (id bigserial primary key, time timestamp, callid varchar(80), queuename varchar(256), agent varchar(80), event varchar(32), data1 varchar(100), data2 varchar(100), data3 varchar(100), data4 varchar(100), data5 varchar(100))',
    ],
    cdrTimes: ['start', 'answer', 'end'],
    digits: 6,
    quote: (name) => `"${name}"`,
  },
  {
    kind: 'MariaDB, as FreePBX has it',
    start: startMariadb,
    open: openMysqlRecords,
    async run(url, statements) {
      const connection = await mysql.createConnection(url);
      for (const [sql, values] of statements) await connection.query(sql, [...values]);
      await connection.end();
    },
    mark: () => '?',
    tables: [
      `CREATE TABLE cdr (calldate datetime not null, did varchar(50) not null default '', recordingfile varchar(255) not null default '', cnum varchar(80) not null default '', ${common}, KEY calldate (calldate))`,
      `CREATE TABLE cel (id int not null auto_increment primary key, ${celColumns.replace('TIME', 'datetime')})`,
      'CREATE TABLE queuelog (id int not null auto_increment primary key, time char(26), callid char(50), queuename char(50), agent char(50), event char(20), data1 char(50), data2 char(50), data3 char(50), data4 char(50), data5 char(50))',
    ],
    cdrTimes: ['calldate'],
    digits: 0,
    quote: (name) => `\`${name}\``,
  },
];

/** The clock of the PBX shows Japan's time. */
function clock(at: number, digits: number, hours = 9): string {
  const text = new Date(at + hours * 3_600_000).toISOString().replace('T', ' ').slice(0, -1);
  return digits === 0 ? text.slice(0, 19) : `${text}000`;
}

describe.each(kinds)('$kind', ({ start, open, run, mark, tables, cdrTimes, digits, quote }) => {
  let server: Server;
  let url: string;
  let database: RecordDatabase;

  beforeAll(async () => {
    server = await start();
  }, 120_000);

  afterAll(() => server?.stop());

  beforeEach(async () => {
    url = await server.createDatabase();
    database = open(url);
  });

  afterEach(() => database.close());

  function insert(table: string, row: Readonly<Record<string, Value>>): readonly [string, readonly Value[]] {
    const names = Object.keys(row);
    const marks = names.map((_, index) => mark(index + 1)).join(', ');
    return [`INSERT INTO ${table} (${names.map(quote).join(', ')}) VALUES (${marks})`, Object.values(row)];
  }

  async function keep(rows: RecordRows, hours = 9): Promise<void> {
    const queueTable = tables[2]?.includes('queuelog') ? 'queuelog' : 'queue_log';
    const at = (time: number | null) => (time === null ? null : clock(time, digits, hours));
    await run(url, [
      ...tables.map((table) => [table, []] as const),
      ...rows.cel.map((row) =>
        insert('cel', {
          ...{ eventtype: row.event, eventtime: at(row.at), cid_name: row.callerName ?? '', cid_num: row.callerNumber ?? '' },
          ...{ exten: row.exten, channame: row.channel, appname: row.app, appdata: row.appData ?? '' },
          ...{
            uniqueid: row.channelId,
            linkedid: row.linkedId,
            peer: row.peers.join(','),
            extra: JSON.stringify(row.extra) ?? '',
          },
        }),
      ),
      ...rows.cdr.map((row) => {
        const times = { start: at(row.startAt), calldate: at(row.startAt), answer: at(row.answerAt), end: at(row.endAt) };
        const duration = Math.round((row.endAt - row.startAt) / 1000);
        const billsec = row.answerAt === null ? 0 : Math.round((row.endAt - row.answerAt) / 1000);
        return insert('cdr', {
          ...Object.fromEntries(cdrTimes.map((name) => [name, times[name as keyof typeof times]])),
          ...{ clid: row.clid, src: row.src, dst: row.dst, channel: row.channel, dstchannel: row.dstChannel },
          ...{ lastapp: row.lastApp, lastdata: row.lastData, duration, billsec, disposition: row.disposition },
          ...{ uniqueid: row.channelId, userfield: row.did === null ? '' : `did=${row.did}` },
        });
      }),
      ...rows.queueLog.map((row) => {
        const data = Object.fromEntries(row.data.slice(0, 5).map((value, index) => [`data${index + 1}`, value]));
        const time = clock(row.at, 6, hours);
        return insert(queueTable, {
          time,
          callid: row.callId,
          queuename: row.queue,
          agent: row.agent,
          event: row.event,
          ...data,
        });
      }),
    ]);
  }

  const scenarios = ['01-queue-answered', '07-ivr-queue', '12-blind-transfer', '13-attended-transfer', '26-utf8-names'];

  test.each(scenarios)('%s: the tables tell what happened', async (scenario) => {
    await keep({ ...writtenRowsOf(scenario, ['cdr.csv', 'queue_log']), cel: celTableOf(scenario) });
    const { rows, skipped, readUpTo } = await createTableSource(database, tokyo).read(0, signal);
    expect([skipped, readUpTo]).toEqual([0, null]);
    expect(differences(filedRecordsOf(scenario, rows), truthOf(scenario), 'files')).toEqual([]);
  });

  test.each([
    ['local time', 9],
    ['UTC (usegmtime)', 0],
  ])('reads from a moment on, whether the tables hold %s', async (_, hours) => {
    const scenario = '12-blind-transfer';
    const all = writtenRowsOf(scenario);
    const last = truthOf(scenario).calls.at(-1);
    const since = Number(last?.first_uniqueid.split('.')[0]) * 1000;
    // A day before, there was as much.
    const dayBefore = all.cel.map((row) => ({ ...row, at: row.at - 86_400_000, channelId: `9${row.channelId.slice(1)}` }));
    await keep({ ...all, cel: [...dayBefore, ...all.cel] }, hours);
    const { rows } = await createTableSource(database, tokyo).read(since, signal);
    expect(rows.cel.map(({ channelId }) => channelId)).toContain(last?.first_uniqueid);
    expect(Math.min(...rows.cel.map(({ at }) => at))).toBeGreaterThan(since - 5_000_000);
    const filed = filedRecordsOf(scenario, rows).filter(({ id }) => id.endsWith(last?.first_uniqueid ?? '-'));
    expect(filed).toMatchObject([{ spokeWith: last?.agents_talked, answered: true }]);
  });

  test('finds a long call by its end, and leaves what ended before', async () => {
    const [row] = writtenRowsOf('01-queue-answered').cdr;
    if (row === undefined) throw new Error('there is no row');
    const since = row.startAt + 3 * 3_600_000;
    const lasting = (channelId: string, minutes: number) => ({ ...row, channelId, endAt: row.startAt + minutes * 60_000 });
    const bornAt = row.startAt / 1000;
    await keep({ cel: [], queueLog: [], cdr: [lasting(`${bornAt}.1`, 185), lasting(`${bornAt}.2`, 60)] });
    const { rows } = await createTableSource(database, tokyo).read(since, signal);
    expect(rows.cdr.map(({ channelId }) => channelId)).toEqual([`${bornAt}.1`]);
  });

  test('tells how far it got when there is too much for once', async () => {
    await keep(writtenRowsOf('19-rush'));
    const { rows, readUpTo } = await createTableSource(database, tokyo, 100).read(0, signal);
    expect(rows.cel).toHaveLength(100);
    expect(readUpTo).toBe(rows.cel.at(-1)?.at);
  });

  test('a caller whose name is SQL, a formula or a line break is a caller', async () => {
    const name = `=1+1'; DROP TABLE cdr; --"\n<b>`;
    const all = writtenRowsOf('01-queue-answered');
    await keep({ ...all, cel: all.cel.map((row) => (row.event === 'CHAN_START' ? { ...row, callerName: name } : row)) });
    const { rows } = await createTableSource(database, tokyo).read(0, signal);
    expect(filedRecordsOf('01-queue-answered', rows)[0]?.customer?.name).toBe(name);
    expect(rows.cdr.length).toBeGreaterThan(0);
  });

  test('a database without these tables, and one that is not there, are told of', async () => {
    await expect(createTableSource(database, tokyo).read(0, signal)).rejects.toThrow(/neither a table cdr nor a table cel/);
    const away = open(
      url
        .replace(/:\d+\//, ':1/')
        .replace('://', '://someone:s3cret@')
        .replace('someone:s3cret@root@', 'someone:s3cret@')
        .replace('someone:s3cret@toritsugi@', 'someone:s3cret@'),
    );
    const failure = await createTableSource(away, tokyo)
      .read(0, signal)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RecordsUnavailable);
    expect(String(failure)).toMatch(/cannot be read \(ECONNREFUSED\).*CDR_DATABASE_URL/);
    expect(String(failure)).not.toContain('s3cret');
    await away.close();
  });
});

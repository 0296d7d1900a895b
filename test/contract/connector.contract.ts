/**
 * The one suite that decides whether a connector works. Every connector runs it against its sandbox:
 * `connectorContract('salesforce', harness)`. The harness starts a fresh sandbox for every test and says how to play the
 * customers, the colleagues in the CRM and the accidents. A case may be left out only with a written reason.
 */
import type {
  CallerRecord,
  CallerSource,
  ChangePage,
  Connector,
  FieldValue,
  PhoneQuery,
  RecordWrite,
  WriteResult,
} from '../../connectors/connector.ts';
import { ConnectorError, Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../../connectors/connector.ts';

/** Accidents on the CRM's side. They strike the CRM's data calls, not its sign-in. */
export type Accident =
  /** 500 with the vendor's own error body. */
  | 'serverError'
  /** 503 with an HTML page. */
  | 'htmlUnavailable'
  /** 200 with a body that is no JSON. */
  | 'notJson'
  /** The vendor's own "you may not" for the whole request (403). */
  | 'forbidden'
  /** The vendor's own answer when a limit is reached. */
  | 'limitReached'
  /** 401: the session or token is refused. */
  | 'unauthorized'
  /** The request is taken and never answered. */
  | 'stall'
  /** The work is done, then the connection is cut before the answer. */
  | 'commitThenCut';

export interface Customer {
  readonly name: string;
  readonly phone: string;
}

/** One running sandbox with a connector open on it. */
export interface ConnectorSandbox {
  readonly connector: Connector;
  /** Where customers are found. `phones[0]` is the field that `addCustomers` fills. */
  readonly source: CallerSource;
  /** A field of `source.object` that a create must bring along. */
  readonly requiredField: string;
  /** An object for call logs with the fields the suite writes. */
  readonly callLog: {
    readonly object: string;
    /** Unique, text. */
    readonly key: string;
    /** One line of text with a limit of `titleLength` characters. */
    readonly title: string;
    readonly titleLength: number;
    /** Long text. */
    readonly notes: string;
    /** Whole number. */
    readonly seconds: string;
    /** A choice; a value outside `choices` is refused. */
    readonly choice: string;
    readonly choices: readonly string[];
    /** What every create needs besides, for example a status. */
    readonly always: Readonly<Record<string, FieldValue>>;
  };
  /** Customers enough for at least three pages of a first load. */
  readonly customersForThreePages: number;
  /** Requests that writing 250 fresh records may cost at most, sign-in included. */
  readonly requestsFor250Writes: number;
  /** What must never stand in an error: tokens, secrets, passwords. */
  readonly secrets: readonly string[];
  /** Puts customers into the CRM as a colleague would; answers with their ids in order. */
  addCustomers(customers: readonly Customer[]): Promise<readonly string[]>;
  editCustomer(id: string, customer: Customer): Promise<void>;
  deleteCustomer(id: string): Promise<void>;
  /** The call logs with this key as they stand in the CRM: the `callLog` fields by name. */
  callLogs(key: string): Promise<readonly Readonly<Record<string, FieldValue>>[]>;
  /** All call logs in the CRM. */
  countCallLogs(): Promise<number>;
  /** A colleague types something into the call log. */
  editCallLog(key: string, fields: Readonly<Record<string, FieldValue>>): Promise<void>;
  /** The next `times` data calls meet this accident. */
  strike(accident: Accident, times: number): Promise<void>;
  /** Requests received since the start, of whatever kind. */
  requestCount(): number;
  /** Moves the CRM's clock. */
  passTime(ms: number): void;
  /** From now on nobody listens on the CRM's address. */
  vanish(): Promise<void>;
  /** Closes connector and sandbox; called after every test, also after `vanish`. */
  close(): Promise<void>;
}

export interface ConnectorHarness {
  start(): Promise<ConnectorSandbox>;
  /** Cases that make no sense for this vendor, each with its reason. */
  readonly leftOut?: {
    /** The vendor's credentials cannot be renewed. */
    readonly tokenRefresh?: string;
    /** The vendor does not tell deletions. */
    readonly deletions?: string;
  };
}

const NUMBER = '+81312345678';
const SPELLINGS = [
  '0312345678',
  '03-1234-5678',
  '(03) 1234-5678',
  '03(1234)5678',
  '03 1234 5678',
  '+81312345678',
  '+81 3-1234-5678',
  '+81 3 1234 5678',
  '（03）1234-5678',
  '０３－１２３４－５６７８',
];
const HOSTILE = [
  "'",
  "' OR Name != '",
  "\\' OR Name != '",
  '"',
  '" or 1 = 1 or "',
  '\\',
  '\\"',
  '03\n12345678',
  '03\r\n\t12345678',
  '%',
  '_',
  '{}',
  'FIND {03*}',
  '0312345678} RETURNING User',
  '") order by $id asc limit 1 ("',
  '*?&|!()[]^~:+-',
  '',
  ' ',
  '\u0000',
  '😀',
  '1'.repeat(200),
];

const never = new AbortController().signal;

export function connectorContract(name: string, harness: ConnectorHarness): void {
  describe(`the connector contract: ${name}`, () => {
    let sandbox: ConnectorSandbox;
    let connector: Connector;

    beforeEach(async () => {
      sandbox = await harness.start();
      connector = sandbox.connector;
    });
    afterEach(async () => {
      await sandbox.close();
    });

    const query = (over: Partial<PhoneQuery> = {}): PhoneQuery => ({
      number: NUMBER,
      spellings: SPELLINGS,
      sources: [sandbox.source],
      limit: 20,
      ...over,
    });
    const find = (over: Partial<PhoneQuery> = {}) => connector.findByPhone(query(over), never);
    const logOf = (key: string, over: Partial<RecordWrite> = {}): RecordWrite => ({
      object: sandbox.callLog.object,
      key: { field: sandbox.callLog.key, value: key },
      fields: { ...sandbox.callLog.always, [sandbox.callLog.title]: `Call ${key}`, [sandbox.callLog.seconds]: 12 },
      owners: {},
      ...over,
    });
    /** One record written alone; a failure of the whole batch counts as the record's. */
    const writeOne = async (write: RecordWrite): Promise<WriteResult> => {
      const results = await connector.write([write], never).catch((error: unknown): readonly WriteResult[] => {
        if (error instanceof ConnectorError) return [{ ok: false, error }];
        throw error;
      });
      expect(results).toHaveLength(1);
      const [result] = results;
      if (result === undefined) throw new Error('no result');
      if (!result.ok) expectDecent(result.error);
      return result;
    };
    const errorOf = (result: WriteResult): ConnectorError => {
      if (result.ok) throw new Error('expected a refusal, but the record was written');
      return result.error;
    };
    const onlyLog = async (key: string): Promise<Readonly<Record<string, FieldValue>>> => {
      const logs = await sandbox.callLogs(key);
      expect(logs).toHaveLength(1);
      return logs[0] ?? {};
    };
    const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
      const error = await work.then(
        () => new Error('expected a failure, but it went well'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ConnectorError)) throw error;
      expectDecent(error);
      return error;
    };
    /** Says something, and nothing it must not say. */
    const expectDecent = (error: ConnectorError): void => {
      expect(error.message.length).toBeGreaterThan(10);
      for (const secret of sandbox.secrets) expect(error.message).not.toContain(secret);
      expect(error.message.replace(/[^0-9]/g, '')).not.toContain('312345678');
    };
    const pages = async (since: string | null): Promise<readonly ChangePage[]> => {
      const all: ChangePage[] = [];
      for await (const page of connector.readChanges(sandbox.source, since, never)) all.push(page);
      return all;
    };
    const lastCursor = (all: readonly ChangePage[]): string => {
      const last = all.at(-1);
      if (last === undefined) throw new Error('there must be at least one page, to carry the cursor');
      return last.cursor;
    };

    describe('finding a customer', () => {
      test.each(SPELLINGS)('finds the customer whose number is stored as %s', async (phone) => {
        const [id] = await sandbox.addCustomers([{ name: '試験 花子', phone }]);
        const found = await find();
        expect(found.map((record) => record.id)).toEqual([id]);
        expect(found[0]).toMatchObject({ object: sandbox.source.object, name: '試験 花子' });
        expect(found[0]?.phones).toContainEqual({ field: sandbox.source.phones[0], value: phone });
      });

      test('finds nobody for a number that nobody has', async () => {
        expect(await find({ number: '+81399990000', spellings: ['0399990000', '03-9999-0000'] })).toEqual([]);
      });

      test('finds everybody who shares a number, and no more than were asked for', async () => {
        const customers = ['一', '二', '三'].map((given) => ({ name: `試験 ${given}`, phone: '03-1234-5678' }));
        const ids = await sandbox.addCustomers(customers);
        expect((await find()).map((record) => record.id).toSorted()).toEqual([...ids].toSorted());
        expect(await find({ limit: 2 })).toHaveLength(2);
      });

      test('does not offer a customer whose number only ends alike', async () => {
        await sandbox.addCustomers([{ name: '別人', phone: '06-1234-5678' }]);
        expect(await find()).toEqual([]);
      });

      test('brings along the fields asked for and when the record was changed', async () => {
        await sandbox.addCustomers([{ name: '試験 花子', phone: '03-1234-5678' }]);
        const [found] = await find();
        for (const field of sandbox.source.fields) expect(found?.values).toHaveProperty([field]);
        expect(new Date(found?.modifiedAt ?? '').getTime()).toBeGreaterThan(0);
      });

      test.each(HOSTILE.map((text) => [JSON.stringify(text), text]))(
        'looks up the hostile text %s safely',
        async (_shown, text) => {
          await sandbox.addCustomers([{ name: '試験 花子', phone: '06-9876-5432' }]);
          expect(await connector.findByPhone(query({ number: text, spellings: [text] }), never)).toEqual([]);
        },
      );

      test('looks up a customer whose name is full of quotes', async () => {
        const name = `O'Brien "Pat" \\ <b>`;
        await sandbox.addCustomers([{ name, phone: '03-1234-5678' }]);
        expect((await find())[0]?.name).toBe(name);
      });

      test('asks nobody when there is nothing to ask', async () => {
        expect(await find({ spellings: [] })).toEqual([]);
        expect(await find({ sources: [] })).toEqual([]);
        expect(await find({ limit: 0 })).toEqual([]);
      });
    });

    describe('describing', () => {
      test('tells types, lengths, choices and the key of the call log', async () => {
        const { callLog } = sandbox;
        const described = await connector.describe(callLog.object, never);
        const field = (wanted: string) => described.fields.find((each) => each.name === wanted);
        expect(described.object).toBe(callLog.object);
        expect(field(callLog.key)).toMatchObject({ usableAsKey: true, createable: true, required: false });
        expect(field(callLog.title)).toMatchObject({ type: 'string', length: callLog.titleLength, usableAsKey: false });
        expect(field(callLog.notes)).toMatchObject({ type: 'text' });
        expect(['integer', 'number']).toContain(field(callLog.seconds)?.type);
        expect(field(callLog.choice)).toMatchObject({ type: 'picklist' });
        expect(field(callLog.choice)?.picklist).toEqual(expect.arrayContaining([...callLog.choices]));
      });

      test('tells which field a create must bring along', async () => {
        const described = await connector.describe(sandbox.source.object, never);
        expect(described.fields.find((each) => each.name === sandbox.requiredField)).toMatchObject({ required: true });
      });

      test('says Missing for an object that does not exist', async () => {
        expect(await failureOf(connector.describe('99999999', never))).toBeInstanceOf(Missing);
        expect(await failureOf(connector.describe("NoSuchThing'/../x?y", never))).toBeInstanceOf(Missing);
      });
    });

    describe('reading changes', () => {
      const many = (count: number): readonly Customer[] =>
        Array.from({ length: count }, (_, index) => ({ name: `客 ${index}`, phone: `03-5${String(index).padStart(7, '0')}` }));
      const idsOf = (all: readonly ChangePage[]): Set<string> =>
        new Set(all.flatMap((page) => page.records.map((record) => record.id)));

      test('reads everybody, page by page, on the first load', async () => {
        const ids = await sandbox.addCustomers(many(sandbox.customersForThreePages));
        const all = await pages(null);
        expect(all.length).toBeGreaterThanOrEqual(3);
        const seen = idsOf(all);
        expect(ids.filter((id) => !seen.has(id))).toEqual([]);
        const one: CallerRecord | undefined = all.flatMap((page) => page.records).find((record) => record.id === ids[0]);
        expect(one).toMatchObject({ object: sandbox.source.object, name: '客 0' });
        expect(one?.phones[0]?.value).toBe('03-50000000');
      });

      test('goes on where it stopped when the first load is interrupted, also by another process', async () => {
        const ids = await sandbox.addCustomers(many(sandbox.customersForThreePages));
        const first: ChangePage[] = [];
        for await (const page of connector.readChanges(sandbox.source, null, never)) {
          first.push(page);
          break;
        }
        const rest = await pages(JSON.parse(JSON.stringify(lastCursor(first))) as string);
        const seen = idsOf([...first, ...rest]);
        expect(ids.filter((id) => !seen.has(id))).toEqual([]);
        const repeated = rest.flatMap((page) => page.records).filter((record) => idsOf(first).has(record.id));
        expect(repeated.length).toBeLessThan(sandbox.customersForThreePages / 3);
      });

      test('reads who was added and who was changed afterwards', async () => {
        const [old = ''] = await sandbox.addCustomers([{ name: '旧 太郎', phone: '03-1111-2222' }]);
        const cursor = lastCursor(await pages(null));
        sandbox.passTime(60_000);
        await sandbox.editCustomer(old, { name: '新 太郎', phone: '03-3333-4444' });
        const [fresh] = await sandbox.addCustomers([{ name: '追加 花子', phone: '03-5555-6666' }]);
        const records = (await pages(cursor)).flatMap((page) => page.records);
        expect(records.find((record) => record.id === old)).toMatchObject({ name: '新 太郎' });
        expect(records.find((record) => record.id === fresh)).toMatchObject({ name: '追加 花子' });
      });

      test('reads hours later only what changed, not everybody again', async () => {
        const ids = await sandbox.addCustomers(many(20));
        let cursor = lastCursor(await pages(null));
        sandbox.passTime(3_600_000);
        cursor = lastCursor(await pages(cursor));
        sandbox.passTime(3_600_000);
        await sandbox.editCustomer(ids[3] ?? '', { name: '変更', phone: '03-1111-2222' });
        const records = (await pages(cursor)).flatMap((page) => page.records);
        expect(records.map((record) => record.id)).toEqual([ids[3]]);
      });

      if (harness.leftOut?.deletions === undefined) {
        test('tells who was deleted', async () => {
          const [gone = '', kept] = await sandbox.addCustomers(many(2));
          const cursor = lastCursor(await pages(null));
          sandbox.passTime(60_000);
          await sandbox.deleteCustomer(gone);
          const later = await pages(cursor);
          const deleted = later.flatMap((page) => page.deleted);
          expect(deleted).toContainEqual({ object: sandbox.source.object, id: gone });
          expect(deleted.map((ref) => ref.id)).not.toContain(kept);
          expect(idsOf(later).has(gone)).toBe(false);
        });
      }

      test('starts anew with a clear error for a cursor that is not its own', async () => {
        expect(await failureOf(pages('no cursor of ours'))).toBeInstanceOf(Rejected);
      });
    });

    describe('writing', () => {
      test('writes a record with its fields', async () => {
        const { callLog } = sandbox;
        const result = await writeOne(
          logOf('k-1', {
            fields: {
              ...callLog.always,
              [callLog.title]: '着信 山田様 "引用" \\ \' 😀',
              [callLog.notes]: '一行目\n二行目',
              [callLog.seconds]: 33,
              [callLog.choice]: callLog.choices[0] ?? '',
            },
          }),
        );
        expect(result).toMatchObject({ ok: true, created: true });
        expect(await onlyLog('k-1')).toMatchObject({
          [callLog.title]: '着信 山田様 "引用" \\ \' 😀',
          [callLog.notes]: '一行目\n二行目',
          [callLog.seconds]: 33,
          [callLog.choice]: callLog.choices[0],
        });
      });

      test('leaves one record when the same key is written twice', async () => {
        const first = await writeOne(logOf('k-1'));
        const again = await writeOne(logOf('k-1', { fields: { ...sandbox.callLog.always, [sandbox.callLog.title]: 'changed' } }));
        expect(again).toEqual({ ok: true, id: first.ok ? first.id : '', created: false });
        expect(await onlyLog('k-1')).toMatchObject({ [sandbox.callLog.title]: 'changed' });
      });

      test('leaves one record when the same key stands twice in a batch, and the later one counts', async () => {
        const results = await connector.write(
          [logOf('k-1'), logOf('k-2'), logOf('k-1', { fields: { ...sandbox.callLog.always, [sandbox.callLog.title]: 'later' } })],
          never,
        );
        expect(results.map((result) => result.ok)).toEqual([true, true, true]);
        expect(await onlyLog('k-1')).toMatchObject({ [sandbox.callLog.title]: 'later' });
      });

      test('clears a field with null', async () => {
        await writeOne(logOf('k-1', { fields: { ...sandbox.callLog.always, [sandbox.callLog.notes]: 'old' } }));
        await writeOne(logOf('k-1', { fields: { [sandbox.callLog.notes]: null } }));
        const log = await onlyLog('k-1');
        expect(log[sandbox.callLog.notes] ?? '').toBe('');
      });

      test('writes 250 records in few requests, with one result each in order', async () => {
        const before = sandbox.requestCount();
        const results = await connector.write(
          Array.from({ length: 250 }, (_, index) => logOf(`k-${index}`)),
          never,
        );
        expect(sandbox.requestCount() - before).toBeLessThanOrEqual(sandbox.requestsFor250Writes);
        expect(results).toHaveLength(250);
        expect(results.every((result) => result.ok && result.created)).toBe(true);
        expect(await onlyLog('k-0')).toMatchObject({ [sandbox.callLog.title]: 'Call k-0' });
        expect(await onlyLog('k-249')).toMatchObject({ [sandbox.callLog.title]: 'Call k-249' });
        expect(await sandbox.countCallLogs()).toBe(250);
      });

      test('lets one bad record cost only itself, and names its field', async () => {
        const { callLog } = sandbox;
        const batch = Array.from({ length: 250 }, (_, index) =>
          index === 120
            ? logOf('bad', { fields: { ...callLog.always, [callLog.title]: 'x'.repeat(callLog.titleLength + 1) } })
            : logOf(`k-${index}`),
        );
        const results = await connector.write(batch, never);
        expect(results.filter((result) => result.ok)).toHaveLength(249);
        const refused = results[120];
        if (refused === undefined) throw new Error('no result');
        const error = errorOf(refused);
        expectDecent(error);
        expect(error).toBeInstanceOf(Rejected);
        expect(error instanceof Rejected ? error.fields.map((each) => each.field) : []).toContain(callLog.title);
        expect(await sandbox.callLogs('bad')).toEqual([]);
        expect(await sandbox.countCallLogs()).toBe(249);
      });

      test('says in the CRM’s own words which choice is not allowed', async () => {
        const { callLog } = sandbox;
        const error = errorOf(
          await writeOne(logOf('k-1', { fields: { ...callLog.always, [callLog.choice]: 'そんな選択肢は無い' } })),
        );
        expect(error).toBeInstanceOf(Rejected);
        expect(error instanceof Rejected ? error.fields.map((each) => each.field) : []).toContain(callLog.choice);
      });

      test('says Missing for an object that does not exist, and writes the others', async () => {
        const results = await connector.write([logOf('k-1'), logOf('k-2', { object: '99999999' }), logOf('k-3')], never);
        expect(results.map((result) => result.ok)).toEqual([true, false, true]);
        const [, missing] = results;
        if (missing === undefined) throw new Error('no result');
        expect(errorOf(missing)).toBeInstanceOf(Missing);
      });

      test('writes a record without a key anew each time', async () => {
        expect(await writeOne(logOf('', { key: null }))).toMatchObject({ ok: true, created: true });
        expect(await writeOne(logOf('', { key: null }))).toMatchObject({ ok: true, created: true });
        expect(await sandbox.countCallLogs()).toBe(2);
      });

      test('writes nothing and asks nobody for an empty batch', async () => {
        const before = sandbox.requestCount();
        expect(await connector.write([], never)).toEqual([]);
        expect(sandbox.requestCount()).toBe(before);
      });

      test('keeps awkward keys apart', async () => {
        const keys = [
          "pbx-1763838000.12's",
          'a/b#c?d%2F',
          'a"b\\c',
          '内線-1',
          'K-1',
          'main-1763838000.120',
          'main-1763838000.12',
        ];
        for (const key of keys) expect(await writeOne(logOf(key))).toMatchObject({ ok: true, created: true });
        for (const key of keys) expect(await onlyLog(key)).toMatchObject({ [sandbox.callLog.title]: `Call ${key}` });
      });
    });

    describe('whose word counts in a field', () => {
      const write = (fields: Record<string, FieldValue>, owners: RecordWrite['owners'], key = 'k-1') =>
        writeOne(logOf(key, { fields: { ...sandbox.callLog.always, ...fields }, owners }));

      test('fills every field when the record is new, whoever owns it', async () => {
        const { title, notes, seconds } = sandbox.callLog;
        await write(
          { [title]: 'a', [notes]: 'b', [seconds]: 3 },
          { [title]: 'fillEmpty', [notes]: 'append', [seconds]: 'theirs' },
        );
        expect(await onlyLog('k-1')).toMatchObject({ [title]: 'a', [notes]: 'b', [seconds]: 3 });
      });

      test('overwrites what is ours', async () => {
        const { title } = sandbox.callLog;
        await write({ [title]: 'a' }, {});
        await sandbox.editCallLog('k-1', { [title]: 'typed by a person' });
        await write({ [title]: 'b' }, { [title]: 'ours' });
        expect(await onlyLog('k-1')).toMatchObject({ [title]: 'b' });
      });

      test('fills what is empty, and leaves what a person typed', async () => {
        const { title, notes } = sandbox.callLog;
        await write({ [title]: 'a' }, {});
        await sandbox.editCallLog('k-1', { [title]: 'typed by a person' });
        await write({ [title]: 'b', [notes]: 'c' }, { [title]: 'fillEmpty', [notes]: 'fillEmpty' });
        expect(await onlyLog('k-1')).toMatchObject({ [title]: 'typed by a person', [notes]: 'c' });
      });

      test('appends below what a person typed, once, however often it is repeated', async () => {
        const { notes } = sandbox.callLog;
        await write({ [notes]: 'ours' }, { [notes]: 'append' });
        await sandbox.editCallLog('k-1', { [notes]: 'typed by a person' });
        await write({ [notes]: 'ours' }, { [notes]: 'append' });
        await write({ [notes]: 'ours' }, { [notes]: 'append' });
        expect(await onlyLog('k-1')).toMatchObject({ [notes]: 'typed by a person\nours' });
      });

      test('never touches what is theirs once the record exists, not even when it is empty', async () => {
        const { title, notes } = sandbox.callLog;
        await write({ [title]: 'a' }, {});
        await write({ [title]: 'b', [notes]: 'c' }, { [title]: 'theirs', [notes]: 'theirs' });
        const log = await onlyLog('k-1');
        expect(log[title]).toBe('a');
        expect(log[notes] ?? '').toBe('');
      });
    });

    describe('when things go wrong', () => {
      test('leaves one record when the answer to a write was lost and the write is repeated', async () => {
        await sandbox.strike('commitThenCut', 1);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
        expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
        expect(await sandbox.callLogs('k-1')).toHaveLength(1);
      });

      if (harness.leftOut?.tokenRefresh === undefined) {
        test('signs in again silently when the token is refused once', async () => {
          await writeOne(logOf('k-0'));
          await sandbox.strike('unauthorized', 1);
          expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
          await sandbox.strike('unauthorized', 1);
          expect(await find()).toEqual([]);
        });
      }

      test('says Unauthorized when the token is refused for ever, after few requests', async () => {
        await sandbox.strike('unauthorized', Number.POSITIVE_INFINITY);
        const before = sandbox.requestCount();
        expect(await failureOf(find())).toBeInstanceOf(Unauthorized);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unauthorized);
        expect(sandbox.requestCount() - before).toBeLessThanOrEqual(12);
      });

      test('says Unauthorized when our user may not', async () => {
        await sandbox.strike('forbidden', Number.POSITIVE_INFINITY);
        expect(await failureOf(find())).toBeInstanceOf(Unauthorized);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unauthorized);
      });

      test('says RateLimited and how long to wait when a limit is reached', async () => {
        await sandbox.strike('limitReached', Number.POSITIVE_INFINITY);
        for (const error of [await failureOf(find()), errorOf(await writeOne(logOf('k-1')))]) {
          expect(error).toBeInstanceOf(RateLimited);
          expect(error instanceof RateLimited ? error.retryAfterMs : 0).toBeGreaterThan(0);
        }
      });

      test.each(['serverError', 'htmlUnavailable', 'notJson'] as const)('says Unreachable for %s', async (accident) => {
        await sandbox.strike(accident, Number.POSITIVE_INFINITY);
        expect(await failureOf(find())).toBeInstanceOf(Unreachable);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
        expect(await failureOf(pages(null))).toBeInstanceOf(Unreachable);
      });

      test('says Unreachable when nobody listens', async () => {
        await sandbox.vanish();
        expect(await failureOf(find())).toBeInstanceOf(Unreachable);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
      });

      test('gives up at once when the caller gives up on a CRM that does not answer', async () => {
        await writeOne(logOf('k-0'));
        await find();
        await sandbox.strike('stall', Number.POSITIVE_INFINITY);
        const works = [
          (signal: AbortSignal) => connector.findByPhone(query(), signal),
          (signal: AbortSignal) => connector.write([logOf('k-1')], signal),
          (signal: AbortSignal) => connector.describe(sandbox.callLog.object, signal),
        ];
        for (const work of works) {
          const caller = new AbortController();
          const before = sandbox.requestCount();
          const failure = failureOf(work(caller.signal));
          while (sandbox.requestCount() === before) await new Promise((resolve) => setImmediate(resolve));
          caller.abort();
          expect(await failure).toBeInstanceOf(Unreachable);
        }
      });

      test('does not even ask for a caller who has given up already', async () => {
        await find();
        const before = sandbox.requestCount();
        expect(await failureOf(connector.findByPhone(query(), AbortSignal.abort()))).toBeInstanceOf(Unreachable);
        expect(sandbox.requestCount()).toBe(before);
      });

      test('works again after the accident', async () => {
        await sandbox.strike('serverError', 1);
        expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
        expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
      });
    });

    describe('checking', () => {
      test('reports that all is well, line by line', async () => {
        const report = await connector.check(never);
        expect(report.checks.filter((check) => !check.ok)).toEqual([]);
        expect(report.ok).toBe(true);
        expect(report.checks.length).toBeGreaterThan(0);
      });

      test.each(['unauthorized', 'forbidden', 'serverError', 'limitReached', 'notJson'] as const)(
        'reports %s with a remedy and does not throw',
        async (accident) => {
          await sandbox.strike(accident, Number.POSITIVE_INFINITY);
          const report = await connector.check(never);
          expect(report.ok).toBe(false);
          const failed = report.checks.filter((check) => !check.ok);
          expect(failed.length).toBeGreaterThan(0);
          for (const check of failed) expect((check.remedy ?? '').length).toBeGreaterThan(5);
          for (const secret of sandbox.secrets) expect(JSON.stringify(report)).not.toContain(secret);
        },
      );

      test('reports a CRM that is not there', async () => {
        await sandbox.vanish();
        expect(await connector.check(never)).toMatchObject({ ok: false });
      });
    });

    test('gives the address of a record that holds its id', async () => {
      const [id = ''] = await sandbox.addCustomers([{ name: '試験 花子', phone: '03-1234-5678' }]);
      const url = new URL(connector.recordUrl({ object: sandbox.source.object, id }));
      expect(url.href).toContain(id);
    });

    test('may be closed twice, and refuses to work afterwards', async () => {
      await connector.close();
      await connector.close();
      expect(await failureOf(find())).toBeInstanceOf(Unreachable);
    });
  });
}

import type { FieldValue, RecordWrite } from '../../connectors/connector.ts';
import { Missing, Rejected } from '../../connectors/connector.ts';
import { type ConnectorBench, expectDecent, never } from './connector-bench.ts';

/** Writing by key, in batches, and whose word counts. */
export function writingCases(bench: ConnectorBench): void {
  const { logOf, writeOne, errorOf, onlyLog } = bench;

  describe('writing', () => {
    test('writes a record with its fields', async () => {
      const { callLog } = bench.sandbox;
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
      const again = await writeOne(
        logOf('k-1', { fields: { ...bench.sandbox.callLog.always, [bench.sandbox.callLog.title]: 'changed' } }),
      );
      expect(again).toEqual({ ok: true, id: first.ok ? first.id : '', created: false });
      expect(await onlyLog('k-1')).toMatchObject({ [bench.sandbox.callLog.title]: 'changed' });
    });

    test('leaves one record when the same key stands twice in a batch, and the later one counts', async () => {
      const results = await bench.connector.write(
        [
          logOf('k-1'),
          logOf('k-2'),
          logOf('k-1', { fields: { ...bench.sandbox.callLog.always, [bench.sandbox.callLog.title]: 'later' } }),
        ],
        never,
      );
      expect(results.map((result) => result.ok)).toEqual([true, true, true]);
      expect(await onlyLog('k-1')).toMatchObject({ [bench.sandbox.callLog.title]: 'later' });
    });

    test('clears a field with null', async () => {
      await writeOne(logOf('k-1', { fields: { ...bench.sandbox.callLog.always, [bench.sandbox.callLog.notes]: 'old' } }));
      await writeOne(logOf('k-1', { fields: { [bench.sandbox.callLog.notes]: null } }));
      const log = await onlyLog('k-1');
      expect(log[bench.sandbox.callLog.notes] ?? '').toBe('');
    });

    test('writes 250 records in few requests, with one result each in order', async () => {
      const before = bench.sandbox.requestCount();
      const results = await bench.connector.write(
        Array.from({ length: 250 }, (_, index) => logOf(`k-${index}`)),
        never,
      );
      expect(bench.sandbox.requestCount() - before).toBeLessThanOrEqual(bench.sandbox.requestsFor250Writes);
      expect(results).toHaveLength(250);
      expect(results.every((result) => result.ok && result.created)).toBe(true);
      expect(await onlyLog('k-0')).toMatchObject({ [bench.sandbox.callLog.title]: 'Call k-0' });
      expect(await onlyLog('k-249')).toMatchObject({ [bench.sandbox.callLog.title]: 'Call k-249' });
      expect(await bench.sandbox.countCallLogs()).toBe(250);
    });

    test('lets one bad record cost only itself, and names its field', async () => {
      const { callLog } = bench.sandbox;
      const batch = Array.from({ length: 250 }, (_, index) =>
        index === 120
          ? logOf('bad', { fields: { ...callLog.always, [callLog.title]: 'x'.repeat(callLog.titleLength + 1) } })
          : logOf(`k-${index}`),
      );
      const results = await bench.connector.write(batch, never);
      expect(results.filter((result) => result.ok)).toHaveLength(249);
      const refused = results[120];
      if (refused === undefined) throw new Error('no result');
      const error = errorOf(refused);
      expectDecent(error, bench.sandbox);
      expect(error).toBeInstanceOf(Rejected);
      expect(error instanceof Rejected ? error.fields.map((each) => each.field) : []).toContain(callLog.title);
      expect(await bench.sandbox.callLogs('bad')).toEqual([]);
      expect(await bench.sandbox.countCallLogs()).toBe(249);
    });

    test('says in the CRM’s own words which choice is not allowed', async () => {
      const { callLog } = bench.sandbox;
      const error = errorOf(
        await writeOne(logOf('k-1', { fields: { ...callLog.always, [callLog.choice]: 'そんな選択肢は無い' } })),
      );
      expect(error).toBeInstanceOf(Rejected);
      expect(error instanceof Rejected ? error.fields.map((each) => each.field) : []).toContain(callLog.choice);
    });

    test('says Missing for an object that does not exist, and writes the others', async () => {
      const results = await bench.connector.write([logOf('k-1'), logOf('k-2', { object: '99999999' }), logOf('k-3')], never);
      expect(results.map((result) => result.ok)).toEqual([true, false, true]);
      const [, missing] = results;
      if (missing === undefined) throw new Error('no result');
      expect(errorOf(missing)).toBeInstanceOf(Missing);
    });

    test('writes a record without a key anew each time', async () => {
      expect(await writeOne(logOf('', { key: null }))).toMatchObject({ ok: true, created: true });
      expect(await writeOne(logOf('', { key: null }))).toMatchObject({ ok: true, created: true });
      expect(await bench.sandbox.countCallLogs()).toBe(2);
    });

    test('writes nothing and asks nobody for an empty batch', async () => {
      const before = bench.sandbox.requestCount();
      expect(await bench.connector.write([], never)).toEqual([]);
      expect(bench.sandbox.requestCount()).toBe(before);
    });

    test('keeps awkward keys apart', async () => {
      const keys = ["pbx-1763838000.12's", 'a/b#c?d%2F', 'a"b\\c', '内線-1', 'K-1', 'main-1763838000.120', 'main-1763838000.12'];
      for (const key of keys) expect(await writeOne(logOf(key))).toMatchObject({ ok: true, created: true });
      for (const key of keys) expect(await onlyLog(key)).toMatchObject({ [bench.sandbox.callLog.title]: `Call ${key}` });
    });
  });

  describe('whose word counts in a field', () => {
    const write = (fields: Record<string, FieldValue>, owners: RecordWrite['owners'], key = 'k-1') =>
      writeOne(logOf(key, { fields: { ...bench.sandbox.callLog.always, ...fields }, owners }));

    test('fills every field when the record is new, whoever owns it', async () => {
      const { title, notes, seconds } = bench.sandbox.callLog;
      await write({ [title]: 'a', [notes]: 'b', [seconds]: 3 }, { [title]: 'fillEmpty', [notes]: 'append', [seconds]: 'theirs' });
      expect(await onlyLog('k-1')).toMatchObject({ [title]: 'a', [notes]: 'b', [seconds]: 3 });
    });

    test('overwrites what is ours', async () => {
      const { title } = bench.sandbox.callLog;
      await write({ [title]: 'a' }, {});
      await bench.sandbox.editCallLog('k-1', { [title]: 'typed by a person' });
      await write({ [title]: 'b' }, { [title]: 'ours' });
      expect(await onlyLog('k-1')).toMatchObject({ [title]: 'b' });
    });

    test('fills what is empty, and leaves what a person typed', async () => {
      const { title, notes } = bench.sandbox.callLog;
      await write({ [title]: 'a' }, {});
      await bench.sandbox.editCallLog('k-1', { [title]: 'typed by a person' });
      await write({ [title]: 'b', [notes]: 'c' }, { [title]: 'fillEmpty', [notes]: 'fillEmpty' });
      expect(await onlyLog('k-1')).toMatchObject({ [title]: 'typed by a person', [notes]: 'c' });
    });

    test('appends below what a person typed, once, however often it is repeated', async () => {
      const { notes } = bench.sandbox.callLog;
      await write({ [notes]: 'ours' }, { [notes]: 'append' });
      await bench.sandbox.editCallLog('k-1', { [notes]: 'typed by a person' });
      await write({ [notes]: 'ours' }, { [notes]: 'append' });
      await write({ [notes]: 'ours' }, { [notes]: 'append' });
      expect(await onlyLog('k-1')).toMatchObject({ [notes]: 'typed by a person\nours' });
    });

    test('never touches what is theirs once the record exists, not even when it is empty', async () => {
      const { title, notes } = bench.sandbox.callLog;
      await write({ [title]: 'a' }, {});
      await write({ [title]: 'b', [notes]: 'c' }, { [title]: 'theirs', [notes]: 'theirs' });
      const log = await onlyLog('k-1');
      expect(log[title]).toBe('a');
      expect(log[notes] ?? '').toBe('');
    });
  });
}

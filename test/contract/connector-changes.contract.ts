import type { CallerRecord, ChangePage } from '../../connectors/connector.ts';
import { Missing, Rejected } from '../../connectors/connector.ts';
import { type ConnectorBench, never } from './connector-bench.ts';
import type { Customer } from './connector-harness.ts';

/** Descriptions, the first load, and what changed afterwards. */
export function changesCases(bench: ConnectorBench): void {
  const { failureOf, pages, lastCursor } = bench;

  describe('describing', () => {
    test('tells types, lengths, choices and the key of the call log', async () => {
      const { callLog } = bench.sandbox;
      const described = await bench.connector.describe(callLog.object, never);
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
      const described = await bench.connector.describe(bench.sandbox.source.object, never);
      expect(described.fields.find((each) => each.name === bench.sandbox.requiredField)).toMatchObject({ required: true });
    });

    test('says Missing for an object that does not exist', async () => {
      expect(await failureOf(bench.connector.describe('99999999', never))).toBeInstanceOf(Missing);
      expect(await failureOf(bench.connector.describe("NoSuchThing'/../x?y", never))).toBeInstanceOf(Missing);
    });
  });

  describe('reading changes', () => {
    const many = (count: number): readonly Customer[] =>
      Array.from({ length: count }, (_, index) => ({ name: `客 ${index}`, phone: `03-5${String(index).padStart(7, '0')}` }));
    const idsOf = (all: readonly ChangePage[]): Set<string> =>
      new Set(all.flatMap((page) => page.records.map((record) => record.id)));

    test('reads everybody, page by page, on the first load', async () => {
      const ids = await bench.sandbox.addCustomers(many(bench.sandbox.customersForThreePages));
      const all = await pages(null);
      expect(all.length).toBeGreaterThanOrEqual(3);
      const seen = idsOf(all);
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
      const one: CallerRecord | undefined = all.flatMap((page) => page.records).find((record) => record.id === ids[0]);
      expect(one).toMatchObject({ object: bench.sandbox.source.object, name: '客 0' });
      expect(one?.phones[0]?.value).toBe('03-50000000');
    });

    test('goes on where it stopped when the first load is interrupted, also by another process', async () => {
      const ids = await bench.sandbox.addCustomers(many(bench.sandbox.customersForThreePages));
      const first: ChangePage[] = [];
      for await (const page of bench.connector.readChanges(bench.sandbox.source, null, never)) {
        first.push(page);
        break;
      }
      const rest = await pages(JSON.parse(JSON.stringify(lastCursor(first))) as string);
      const seen = idsOf([...first, ...rest]);
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
      const repeated = rest.flatMap((page) => page.records).filter((record) => idsOf(first).has(record.id));
      expect(repeated.length).toBeLessThan(bench.sandbox.customersForThreePages / 3);
    });

    test('reads who was added and who was changed afterwards', async () => {
      const [old = ''] = await bench.sandbox.addCustomers([{ name: '旧 太郎', phone: '03-1111-2222' }]);
      const cursor = lastCursor(await pages(null));
      bench.sandbox.passTime(60_000);
      await bench.sandbox.editCustomer(old, { name: '新 太郎', phone: '03-3333-4444' });
      const [fresh] = await bench.sandbox.addCustomers([{ name: '追加 花子', phone: '03-5555-6666' }]);
      const records = (await pages(cursor)).flatMap((page) => page.records);
      expect(records.find((record) => record.id === old)).toMatchObject({ name: '新 太郎' });
      expect(records.find((record) => record.id === fresh)).toMatchObject({ name: '追加 花子' });
    });

    test('reads hours later only what changed, not everybody again', async () => {
      const ids = await bench.sandbox.addCustomers(many(20));
      let cursor = lastCursor(await pages(null));
      bench.sandbox.passTime(3_600_000);
      cursor = lastCursor(await pages(cursor));
      bench.sandbox.passTime(3_600_000);
      await bench.sandbox.editCustomer(ids[3] ?? '', { name: '変更', phone: '03-1111-2222' });
      const records = (await pages(cursor)).flatMap((page) => page.records);
      expect(records.map((record) => record.id)).toEqual([ids[3]]);
    });

    if (bench.leftOut?.deletions === undefined) {
      test('tells who was deleted', async () => {
        const [gone = '', kept] = await bench.sandbox.addCustomers(many(2));
        const cursor = lastCursor(await pages(null));
        bench.sandbox.passTime(60_000);
        await bench.sandbox.deleteCustomer(gone);
        const later = await pages(cursor);
        const deleted = later.flatMap((page) => page.deleted);
        expect(deleted).toContainEqual({ object: bench.sandbox.source.object, id: gone });
        expect(deleted.map((ref) => ref.id)).not.toContain(kept);
        expect(idsOf(later).has(gone)).toBe(false);
      });
    }

    test('starts anew with a clear error for a cursor that is not its own', async () => {
      expect(await failureOf(pages('no cursor of ours'))).toBeInstanceOf(Rejected);
    });
  });
}

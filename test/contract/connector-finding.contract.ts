import { type ConnectorBench, never, SPELLINGS } from './connector-bench.ts';

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

/** The live look-up by telephone number. */
export function findingCases(bench: ConnectorBench): void {
  const { query, find } = bench;

  describe('finding a customer', () => {
    test.each(SPELLINGS)('finds the customer whose number is stored as %s', async (phone) => {
      const [id] = await bench.sandbox.addCustomers([{ name: '試験 花子', phone }]);
      const found = await find();
      expect(found.map((record) => record.id)).toEqual([id]);
      expect(found[0]).toMatchObject({ object: bench.sandbox.source.object, name: '試験 花子' });
      expect(found[0]?.phones).toContainEqual({ field: bench.sandbox.source.phones[0], value: phone });
    });

    test('finds nobody for a number that nobody has', async () => {
      expect(await find({ number: '+81399990000', spellings: ['0399990000', '03-9999-0000'] })).toEqual([]);
    });

    test('finds everybody who shares a number, and no more than were asked for', async () => {
      const customers = ['一', '二', '三'].map((given) => ({ name: `試験 ${given}`, phone: '03-1234-5678' }));
      const ids = await bench.sandbox.addCustomers(customers);
      expect((await find()).map((record) => record.id).toSorted()).toEqual([...ids].toSorted());
      expect(await find({ limit: 2 })).toHaveLength(2);
    });

    test('does not offer a customer whose number only ends alike', async () => {
      await bench.sandbox.addCustomers([{ name: '別人', phone: '06-1234-5678' }]);
      expect(await find()).toEqual([]);
    });

    test('brings along the fields asked for and when the record was changed', async () => {
      await bench.sandbox.addCustomers([{ name: '試験 花子', phone: '03-1234-5678' }]);
      const [found] = await find();
      for (const field of bench.sandbox.source.fields) expect(found?.values).toHaveProperty([field]);
      expect(new Date(found?.modifiedAt ?? '').getTime()).toBeGreaterThan(0);
    });

    test.each(HOSTILE.map((text) => [JSON.stringify(text), text]))(
      'looks up the hostile text %s safely',
      async (_shown, text) => {
        await bench.sandbox.addCustomers([{ name: '試験 花子', phone: '06-9876-5432' }]);
        expect(await bench.connector.findByPhone(query({ number: text, spellings: [text] }), never)).toEqual([]);
      },
    );

    test('looks up a customer whose name is full of quotes', async () => {
      const name = `O'Brien "Pat" \\ <b>`;
      await bench.sandbox.addCustomers([{ name, phone: '03-1234-5678' }]);
      expect((await find())[0]?.name).toBe(name);
    });

    test('asks nobody when there is nothing to ask', async () => {
      expect(await find({ spellings: [] })).toEqual([]);
      expect(await find({ sources: [] })).toEqual([]);
      expect(await find({ limit: 0 })).toEqual([]);
    });
  });
}

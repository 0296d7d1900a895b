import { type ConnectorBench, never } from './connector-bench.ts';

/** Every request is told of, or nobody could say when the vendor's day is used up. */
export function countingCases(bench: ConnectorBench): void {
  const { find, logOf, writeOne, failureOf, onlyLog } = bench;

  /** Requests that the CRM received, and those the connector told of, while `work` ran; signing in is over by then. */
  async function counted(work: () => Promise<unknown>): Promise<readonly [number, number]> {
    await writeOne(logOf('k-0'));
    await find();
    const { notices } = bench.sandbox;
    const before = [bench.sandbox.requestCount(), notices.length] as const;
    await work();
    return [bench.sandbox.requestCount() - before[0], notices.length - before[1]];
  }

  describe('counting', () => {
    test('tells of every request it sends, and what the answer said of the limits', async () => {
      const [received, told] = await counted(async () => {
        await find();
        await bench.connector.write(
          Array.from({ length: 250 }, (_, index) => logOf(`k-${index}`)),
          never,
        );
        await bench.pages(null);
        await bench.connector.describe(bench.sandbox.callLog.object, never);
      });
      expect(told).toBe(received);
      expect(told).toBeGreaterThanOrEqual(5);
      for (const { day, atOnce } of bench.sandbox.notices) {
        const limits = [day, atOnce].flatMap((each) => each?.limit ?? []);
        expect(limits.length).toBeGreaterThan(0);
        for (const limit of limits) expect(limit).toBeGreaterThan(0);
      }
    });

    test('tells of requests that failed as well', async () => {
      const [received, told] = await counted(async () => {
        await bench.sandbox.strike('limitReached', 1);
        await failureOf(find());
        await bench.sandbox.strike('commitThenCut', 1);
        await writeOne(logOf('k-1'));
      });
      expect(told).toBe(received);
    });

    if (bench.leftOut?.firstWrite === undefined) {
      test('asks nothing of a record that was never sent, whoever owns its fields', async () => {
        const { title, notes } = bench.sandbox.callLog;
        const owners = { [title]: 'theirs', [notes]: 'append' } as const;
        const fields = { ...bench.sandbox.callLog.always, [title]: 'a', [notes]: 'b' };
        const [received] = await counted(() => writeOne(logOf('k-1', { fields, owners, isFirst: true })));
        expect(received).toBe(1);
        expect(await onlyLog('k-1')).toMatchObject({ [title]: 'a', [notes]: 'b' });
      });
    }

    test('leaves one record when the hub was wrong and it had been sent', async () => {
      const first = await writeOne(logOf('k-1'));
      const again = await writeOne(logOf('k-1', { isFirst: true }));
      expect(again).toEqual({ ok: true, id: first.ok ? first.id : '', created: false });
      expect(await bench.sandbox.callLogs('k-1')).toHaveLength(1);
    });
  });
}

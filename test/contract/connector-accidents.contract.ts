import { RateLimited, Unauthorized, Unreachable } from '../../connectors/connector.ts';
import { type ConnectorBench, never } from './connector-bench.ts';

/** What a connector says when things go wrong, and when it is asked how things are. */
export function accidentCases(bench: ConnectorBench): void {
  const { query, find, logOf, writeOne, errorOf, failureOf, pages } = bench;

  describe('when things go wrong', () => {
    test('leaves one record when the answer to a write was lost and the write is repeated', async () => {
      await bench.sandbox.strike('commitThenCut', 1);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
      expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
      expect(await bench.sandbox.callLogs('k-1')).toHaveLength(1);
    });

    if (bench.leftOut?.tokenRefresh === undefined) {
      test('signs in again silently when the token is refused once', async () => {
        await writeOne(logOf('k-0'));
        await bench.sandbox.strike('unauthorized', 1);
        expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
        await bench.sandbox.strike('unauthorized', 1);
        expect(await find()).toEqual([]);
      });
    }

    test('says Unauthorized when the token is refused for ever, after few requests', async () => {
      await bench.sandbox.strike('unauthorized', Number.POSITIVE_INFINITY);
      const before = bench.sandbox.requestCount();
      expect(await failureOf(find())).toBeInstanceOf(Unauthorized);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unauthorized);
      expect(bench.sandbox.requestCount() - before).toBeLessThanOrEqual(12);
    });

    test('says Unauthorized when our user may not', async () => {
      await bench.sandbox.strike('forbidden', Number.POSITIVE_INFINITY);
      expect(await failureOf(find())).toBeInstanceOf(Unauthorized);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unauthorized);
    });

    test('says RateLimited and how long to wait when a limit is reached', async () => {
      await bench.sandbox.strike('limitReached', Number.POSITIVE_INFINITY);
      for (const error of [await failureOf(find()), errorOf(await writeOne(logOf('k-1')))]) {
        expect(error).toBeInstanceOf(RateLimited);
        expect(error instanceof RateLimited ? error.retryAfterMs : 0).toBeGreaterThan(0);
      }
    });

    test.each(['serverError', 'htmlUnavailable', 'notJson'] as const)('says Unreachable for %s', async (accident) => {
      await bench.sandbox.strike(accident, Number.POSITIVE_INFINITY);
      expect(await failureOf(find())).toBeInstanceOf(Unreachable);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
      expect(await failureOf(pages(null))).toBeInstanceOf(Unreachable);
    });

    test('says Unreachable when nobody listens', async () => {
      await bench.sandbox.vanish();
      expect(await failureOf(find())).toBeInstanceOf(Unreachable);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
    });

    test('gives up at once when the caller gives up on a CRM that does not answer', async () => {
      await writeOne(logOf('k-0'));
      await find();
      await bench.sandbox.strike('stall', Number.POSITIVE_INFINITY);
      const works = [
        (signal: AbortSignal) => bench.connector.findByPhone(query(), signal),
        (signal: AbortSignal) => bench.connector.write([logOf('k-1')], signal),
        (signal: AbortSignal) => bench.connector.describe(bench.sandbox.callLog.object, signal),
      ];
      for (const work of works) {
        const caller = new AbortController();
        const before = bench.sandbox.requestCount();
        const failure = failureOf(work(caller.signal));
        while (bench.sandbox.requestCount() === before) await new Promise((resolve) => setImmediate(resolve));
        caller.abort();
        expect(await failure).toBeInstanceOf(Unreachable);
      }
    });

    test('does not even ask for a caller who has given up already', async () => {
      await find();
      const before = bench.sandbox.requestCount();
      expect(await failureOf(bench.connector.findByPhone(query(), AbortSignal.abort()))).toBeInstanceOf(Unreachable);
      expect(bench.sandbox.requestCount()).toBe(before);
    });

    test('works again after the accident', async () => {
      await bench.sandbox.strike('serverError', 1);
      expect(errorOf(await writeOne(logOf('k-1')))).toBeInstanceOf(Unreachable);
      expect(await writeOne(logOf('k-1'))).toMatchObject({ ok: true });
    });
  });

  describe('checking', () => {
    test('reports that all is well, line by line', async () => {
      const report = await bench.connector.check(never);
      expect(report.checks.filter((check) => !check.ok)).toEqual([]);
      expect(report.ok).toBe(true);
      expect(report.checks.length).toBeGreaterThan(0);
    });

    test.each(['unauthorized', 'forbidden', 'serverError', 'limitReached', 'notJson'] as const)(
      'reports %s with a remedy and does not throw',
      async (accident) => {
        await bench.sandbox.strike(accident, Number.POSITIVE_INFINITY);
        const report = await bench.connector.check(never);
        expect(report.ok).toBe(false);
        const failed = report.checks.filter((check) => !check.ok);
        expect(failed.length).toBeGreaterThan(0);
        for (const { remedy } of failed) {
          const texts = typeof remedy === 'object' && remedy !== null ? Object.values(remedy) : [remedy ?? ''];
          for (const text of texts) expect(text.length).toBeGreaterThan(5);
        }
        for (const secret of bench.sandbox.secrets) expect(JSON.stringify(report)).not.toContain(secret);
      },
    );

    test('reports a CRM that is not there', async () => {
      await bench.sandbox.vanish();
      expect(await bench.connector.check(never)).toMatchObject({ ok: false });
    });
  });

  test('gives the address of a record that holds its id', async () => {
    const [id = ''] = await bench.sandbox.addCustomers([{ name: '試験 花子', phone: '03-1234-5678' }]);
    const url = new URL(bench.connector.recordUrl({ object: bench.sandbox.source.object, id }));
    expect(url.href).toContain(id);
  });

  test('may be closed twice, and refuses to work afterwards', async () => {
    await bench.connector.close();
    await bench.connector.close();
    expect(await failureOf(find())).toBeInstanceOf(Unreachable);
  });
}

import { backOffMs } from '../../../src/write-back/back-off.ts';
import type { ConnectorHold } from '../../../src/write-back/owed-record.ts';
import { planDrain } from '../../../src/write-back/plan-drain.ts';

const hold = (kind: ConnectorHold['kind']): ConnectorHold => ({
  connector: 'kintone',
  kind,
  reason: 'x',
  since: 0,
  until: 1_000,
  failures: 1,
});

test('a CRM that works is sent full batches', () => {
  expect(planDrain(null, 0, 100)).toEqual({ do: 'write', limit: 100 });
});

test.each(['unreachable', 'rateLimited', 'unauthorized'] as const)('a CRM held as %s is left alone until its time', (kind) => {
  expect(planDrain(hold(kind), 999, 100)).toEqual({ do: 'wait', until: 1_000 });
});

test('after its time one record shows whether it works', () => {
  expect(planDrain(hold('unreachable'), 1_000, 100)).toEqual({ do: 'probe' });
  expect(planDrain(hold('unauthorized'), 1_000, 100)).toEqual({ do: 'probe' });
  expect(planDrain(hold('rateLimited'), 1_000, 100)).toEqual({ do: 'probe' });
});

test('what we held back ourselves goes on in full batches: the CRM works', () => {
  expect(planDrain(hold('heldBack'), 999, 100)).toEqual({ do: 'wait', until: 1_000 });
  expect(planDrain(hold('heldBack'), 1_000, 100)).toEqual({ do: 'write', limit: 100 });
});

test('waits double from one second to five minutes, and are never all the same', () => {
  expect([1, 2, 3, 9, 10, 1_000].map((failures) => backOffMs(failures, () => 1))).toEqual([
    1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
  ]);
  expect(backOffMs(3, () => 0)).toBe(2_000);
});

import { Missing, RateLimited, Rejected, Unauthorized, Unreachable, type WriteResult } from '../../../connectors/connector.ts';
import type { CallId } from '../../../src/calls/call.ts';
import { type JudgedBatch, judge } from '../../../src/write-back/judge.ts';
import type { ConnectorHold, OwedId, OwedRecord } from '../../../src/write-back/owed-record.ts';

const now = 1_000_000;

function record(given: Partial<OwedRecord> = {}): OwedRecord {
  return {
    id: 'o1' as OwedId,
    connector: 'salesforce',
    purpose: 'callLog',
    callId: 'main-1.1' as CallId,
    version: 1,
    status: 'writing',
    writtenVersion: null,
    remoteId: null,
    key: null,
    attempts: 1,
    nextAttemptAt: 0,
    problem: null,
    createdAt: 0,
    changedAt: 0,
    ...given,
  };
}

function judged(given: Partial<JudgedBatch>) {
  return judge({
    connector: 'salesforce',
    batch: [record()],
    answer: { results: [] },
    hold: null,
    now,
    random: () => 0,
    ...given,
  });
}

const held: ConnectorHold = { connector: 'salesforce', kind: 'unreachable', reason: 'x', since: 500, until: 900, failures: 4 };
const ok: WriteResult = { ok: true, id: 'r1', created: true };
const no = (error: Extract<WriteResult, { ok: false }>['error']): WriteResult => ({ ok: false, error });

test('what the CRM has is written, and a hold is lifted', () => {
  expect(judged({ answer: { results: [ok] }, hold: held })).toEqual({
    verdicts: [{ do: 'written', remoteId: 'r1' }],
    hold: null,
  });
});

test('a refusal shows that the CRM works again', () => {
  const { verdicts, hold } = judged({ answer: { results: [no(new Rejected('no', []))] }, hold: held });
  expect([verdicts[0]?.do, hold]).toEqual(['refuse', null]);
});

test('each further failure makes the hold longer, up to five minutes', () => {
  const { hold } = judged({ answer: { thrown: new Unreachable('down') }, hold: held });
  expect(hold).toEqual({ ...held, reason: 'down', until: now + 8_000, failures: 5 });
  const late = judged({ answer: { thrown: new Unreachable('down') }, hold: { ...held, failures: 400 }, random: () => 1 });
  expect(late.hold?.until).toBe(now + 300_000);
});

test('when no record of a batch could be reached, the whole CRM is held; when some could, only those wait', () => {
  const batch = [record(), record({ attempts: 2 })];
  const away = no(new Unreachable('502'));
  expect(judged({ batch, answer: { results: [away, away] } }).hold?.kind).toBe('unreachable');
  const mixed = judged({ batch, answer: { results: [ok, away] } });
  expect([mixed.hold, mixed.verdicts[1]]).toMatchObject([null, { do: 'retry', at: now + 1_000, attempts: 2 }]);
});

test('a limit or a lost permission, told for one record, holds the CRM, and no try is counted', () => {
  const limited = judged({ answer: { results: [no(new RateLimited('429', 5_000))] } });
  expect(limited).toMatchObject({ verdicts: [{ do: 'retry', attempts: 0 }], hold: { kind: 'rateLimited', until: now + 5_000 } });
  const locked = judged({ answer: { thrown: new Unauthorized('401') } });
  expect(locked).toMatchObject({ verdicts: [{ do: 'retry', attempts: 0 }], hold: { kind: 'unauthorized', until: now + 60_000 } });
});

test('no CRM is left alone for longer than a day or asked again in the past', () => {
  expect(judged({ answer: { thrown: new RateLimited('x', 1e15) } }).hold?.until).toBe(now + 86_400_000);
  expect(judged({ answer: { thrown: new RateLimited('x', -5) } }).hold?.until).toBe(now);
});

test('an error about one record, thrown for many, sends each of them alone', () => {
  const { verdicts, hold } = judged({ batch: [record(), record()], answer: { thrown: new Missing('gone') } });
  expect([verdicts.map((verdict) => verdict.do === 'retry' && verdict.attempts), hold]).toEqual([[3, 3], null]);
  expect(judged({ answer: { thrown: new Missing('gone') } }).verdicts).toMatchObject([
    { do: 'refuse', problem: { code: 'missing' } },
  ]);
});

test('a foreign error is tried six times in all', () => {
  const bug = { thrown: new TypeError('x is undefined') };
  expect(judged({ batch: [record({ attempts: 5 })], answer: bug }).verdicts[0]?.do).toBe('retry');
  expect(judged({ batch: [record({ attempts: 6 })], answer: bug }).verdicts).toMatchObject([
    { do: 'refuse', problem: { code: 'unexpected', message: 'x is undefined' } },
  ]);
});

test('the CRM’s words are kept, but not without limit', () => {
  const [verdict] = judged({ answer: { results: [no(new Rejected('長'.repeat(5_000), []))] } }).verdicts;
  expect(verdict?.do === 'refuse' && verdict.problem.message.length).toBe(2_000);
});

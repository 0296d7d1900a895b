import { Rejected, Unreachable } from '../../../../connectors/connector.ts';
import type { Verdict } from '../../../../connectors/kintone/kintone-errors.ts';
import { type KintoneForm, readForm } from '../../../../connectors/kintone/kintone-form.ts';
import type { Attempt, KintoneGate } from '../../../../connectors/kintone/kintone-gate.ts';
import { type PreparedRow, prepareRow } from '../../../../connectors/kintone/prepare-rows.ts';
import { type Results, writeChunk } from '../../../../connectors/kintone/write-chunk.ts';
import { CALLS_APP } from '../../../../infra/sandbox/kintone/default-apps.ts';

const form = readForm('2', { properties: CALLS_APP.fields }, 0) as KintoneForm;

function rowsOf(count: number): readonly PreparedRow[] {
  return Array.from({ length: count }, (_, index) => {
    const write = { object: '2', key: { field: '通話ID', value: `k${index}` }, fields: { 件名: 'x' }, owners: {} };
    const prepared = prepareRow(index, write, form);
    if (!prepared.ok) throw prepared.error;
    return prepared.row;
  });
}

const refused = (rows: readonly [number, string][]): Verdict => ({
  error: new Rejected('no', []),
  kind: 'refused',
  rows: new Map(rows.map(([at, field]) => [at, [{ field, code: 'CB_VA01', message: 'no' }]])),
});
const conflict: Verdict = { error: new Unreachable('somebody was writing'), kind: 'conflict', rows: new Map() };

/** A gate that answers what the test says, by how many times it was asked. */
function gateThat(answers: (time: number) => Verdict | null): { readonly gate: KintoneGate; readonly asked: () => number } {
  let times = 0;
  const attempt = async <T>({ read }: { readonly read: (answer: unknown) => T | null }): Promise<Attempt<T>> => {
    times += 1;
    const verdict = answers(times);
    if (verdict !== null) return { ok: false, verdict, failure: verdict.error };
    const value = read({ records: [{ id: '1', revision: '1', operation: 'UPDATE' }] });
    if (value === null) throw new Error('the test writes one row at this point');
    return { ok: true, value };
  };
  return {
    gate: { attempt, ask: () => Promise.reject(new Error('nothing is to be read')), close: () => undefined },
    asked: () => times,
  };
}

async function written(gate: KintoneGate, count: number): Promise<Results> {
  const results: Results = new Map();
  await writeChunk({ app: '2', rows: rowsOf(count) }, { domain: { gate }, signal: new AbortController().signal, results });
  return results;
}

test('writes a row as an update when another process inserted its key at the same moment', async () => {
  const { gate, asked } = gateThat((time) => (time === 1 ? refused([[0, '通話ID']]) : null));
  expect((await written(gate, 1)).get(0)).toEqual({ ok: true, id: '1', created: false });
  expect(asked()).toBe(2);
});

test('does not repeat a key for ever that kintone will not have', async () => {
  const { gate, asked } = gateThat(() => refused([[0, '通話ID']]));
  expect((await written(gate, 1)).get(0)).toMatchObject({ ok: false, error: { kind: 'rejected' } });
  expect(asked()).toBe(3);
});

test('comes to an end when kintone names rows that were never sent', async () => {
  const { gate, asked } = gateThat(() => refused([[99, '件名']]));
  expect([...(await written(gate, 4)).values()].every((result) => !result.ok)).toBe(true);
  expect(asked()).toBeLessThanOrEqual(7);
});

test('comes to an end when somebody is writing all the time, and lets the record be tried later', async () => {
  const { gate, asked } = gateThat(() => conflict);
  const results = await written(gate, 4);
  expect([...results.values()]).toEqual(Array.from({ length: 4 }, () => ({ ok: false, error: conflict.error })));
  expect(asked()).toBeLessThanOrEqual(9);
});

import type { CallerRecord, Connector } from '../../../connectors/connector.ts';
import { Unreachable } from '../../../connectors/connector.ts';
import type { CallRecord } from '../../../src/calls/call.ts';
import type { MatchEdit } from '../../../src/calls/ledger-edit.ts';
import { createGoneCustomer } from '../../../src/hub/gone-customer.ts';
import { callRecord } from '../../support/call-records.ts';

const lead = { connector: 'salesforce', object: 'Lead', id: '00Q1', name: '藤田 学' };
const call = callRecord({ matches: [lead] });
const record = (object: string, id: string): CallerRecord => ({
  ...{ object, id, name: '藤田 学', phones: [{ field: 'Phone', value: '090-1234-5678' }], values: {}, modifiedAt: null },
});

function rig(find: Connector['findByPhone'], known: CallRecord = call) {
  const edits: Pick<MatchEdit, 'connector' | 'record'>[] = [];
  const connector = { findByPhone: jest.fn(find) } as unknown as Connector;
  const lookAgain = createGoneCustomer({
    crms: { callerConnectors: () => [{ name: 'salesforce', connector, sources: [] }] },
    ledger: {
      find: async () => known,
      setMatch: async (_, edit) => {
        edits.push({ connector: edit.connector, record: edit.record });
        return known;
      },
    },
    ...{ numbers: { region: 'JP' }, now: () => 0, log: () => {} },
  });
  return { edits, asked: connector.findByPhone, look: () => lookAgain({ connector: 'salesforce', callId: call.id }) };
}

test('whoever has the number now takes the place of a customer who is gone', async () => {
  const { look, edits } = rig(async () => [record('Contact', '0031')]);
  expect(await look()).toBe(true);
  expect(edits).toEqual([{ connector: 'salesforce', record: { object: 'Contact', id: '0031', name: '藤田 学' } }]);
});

test.each([
  ['nobody has it any more', []],
  ['several have it', [record('Contact', '0031'), record('Contact', '0032')]],
])('the call is nobody’s when %s', async (_, found) => {
  const { look, edits } = rig(async () => found);
  expect(await look()).toBe(true);
  expect(edits).toEqual([{ connector: 'salesforce', record: null }]);
});

test.each([
  ['the customer is still there', async () => [record('Lead', '00Q1'), record('Contact', '0031')]],
  ['the CRM does not answer', () => Promise.reject(new Unreachable('down'))],
])('nothing is changed when %s', async (_, find) => {
  const { look, edits } = rig(find);
  expect([await look(), edits]).toEqual([false, []]);
});

test.each([
  ['without a customer in this CRM', callRecord({ matches: [{ ...lead, connector: 'kintone' }] })],
  ['from a withheld number', callRecord({ matches: [lead], customer: { raw: null, number: null, name: null, withheld: true } })],
])('nobody is asked for a call %s', async (_, known) => {
  const { look, asked } = rig(async () => [], known);
  expect(await look()).toBe(false);
  expect(asked).not.toHaveBeenCalled();
});

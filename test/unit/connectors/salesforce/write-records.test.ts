import type { FieldDescription, RecordWrite } from '../../../../connectors/connector.ts';
import type { Descriptions } from '../../../../connectors/salesforce/describe-object.ts';
import type { SalesforceSession } from '../../../../connectors/salesforce/salesforce-session.ts';
import { writeRecords } from '../../../../connectors/salesforce/write-records.ts';

const { signal } = new AbortController();
const text = (name: string): FieldDescription => ({
  ...{ name, label: '', type: 'string', length: 255, required: false, unique: false, usableAsKey: true },
  ...{ createable: true, updateable: true, picklist: null, restricted: false, referenceTo: [] },
});
const fields = new Map(['Key__c', 'Subject'].map((name) => [name, text(name)]));
const task = { description: { object: 'Task', label: 'Task', fields: [] }, fields, relationships: new Map() };
const descriptions: Descriptions = { fresh: async () => task, recent: async () => task };

const log = (key: string): RecordWrite => ({
  ...{ object: 'Task', key: { field: 'Key__c', value: key }, fields: { Subject: key }, owners: {}, isFirst: true },
});

interface Sent {
  readonly records: readonly { readonly Key__c: string }[];
}

/** An org whose trigger manages so many records of a request, and not this one at all. */
function orgWith(trigger: { readonly manages: number; readonly notAtAll?: string }) {
  const sent: number[] = [];
  const message = 'TaskTrigger: System.LimitException: Apex CPU time limit exceeded';
  const refused = { success: false, errors: [{ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] }] };
  const session: SalesforceSession = {
    request: async ({ body }) => {
      const { records } = body as Sent;
      sent.push(records.length);
      const rows = records.map(({ Key__c: key }, index) => {
        if (index >= trigger.manages || key === trigger.notAtAll) return refused;
        return { id: `id-${key}`, success: true, created: true, errors: [] };
      });
      return { body: rows, serverTime: 0, locator: null };
    },
    usage: () => null,
    instanceUrl: () => null,
    close: () => {},
  };
  return { sent, write: (batch: readonly RecordWrite[]) => writeRecords(batch, { session, descriptions }, signal) };
}

const keys = Array.from({ length: 40 }, (_, index) => `k-${index}`);

test('what is too much for a trigger of the org at once is written in smaller parts', async () => {
  const { sent, write } = orgWith({ manages: 10 });
  const results = await write(keys.map(log));
  expect(results).toEqual(keys.map((key) => ({ ok: true, id: `id-${key}`, created: true })));
  expect(sent[0]).toBe(40);
  expect(sent.length).toBeLessThan(10);
});

test('a record that is too much for it alone is refused, and the others are not', async () => {
  const { write } = orgWith({ manages: 200, notAtAll: 'k-7' });
  const results = await write(keys.map(log));
  expect(results.flatMap((result, index) => (result.ok ? [] : [[index, result.error.kind]]))).toEqual([[7, 'rejected']]);
});

/** The vendor's client alone, sending the same batches. */
import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import jsforce from 'jsforce';
import type { RecordWrite } from '../connectors/connector.ts';

type Settings = Readonly<Record<string, string>>;
type Send = (batch: readonly RecordWrite[]) => Promise<void>;

/** Signed in. */
export async function openVendorClient(crm: string, settings: Settings): Promise<Send> {
  return crm === 'kintone' ? openKintone(settings) : openSalesforce(settings);
}

async function openSalesforce({
  SALESFORCE_LOGIN_URL: loginUrl = '',
  SALESFORCE_CLIENT_ID: clientId = '',
  SALESFORCE_CLIENT_SECRET: clientSecret = '',
}: Settings): Promise<Send> {
  const connection = new jsforce.Connection({
    instanceUrl: loginUrl,
    oauth2: { loginUrl, clientId, clientSecret },
    version: '67.0',
  });
  await connection.authorize({ grant_type: 'client_credentials' });
  return async (batch) => {
    const records = batch.map(({ key, fields }) => ({ ...fields, [key?.field ?? '']: key?.value ?? '' }));
    const results = await connection.sobject('Task').upsert(records, batch[0]?.key?.field ?? '');
    if (!results.every(({ success }) => success)) throw new Error(`the sandbox refused a record: ${JSON.stringify(results[0])}`);
  };
}

function openKintone({ KINTONE_BASE_URL: baseUrl = '', KINTONE_API_TOKENS: tokens = '' }: Settings): Send {
  const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken: tokens.split(',') } });
  return async (batch) => {
    const records = batch.map(({ key, fields }) => ({
      updateKey: { field: key?.field ?? '', value: key?.value ?? '' },
      record: Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value }])),
    }));
    await client.record.updateRecords({ app: 2, upsert: true, records });
  };
}

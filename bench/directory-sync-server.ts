/** The CRM of a measurement, in a process of its own: so many customers, and how to reach it. */
import { startSandboxKintone } from '../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../infra/sandbox/salesforce/sandbox-salesforce.ts';

const [crm, records = '0', latencyMs = '0'] = process.argv.slice(2);

if (crm === 'salesforce') {
  const sandbox = await startSandboxSalesforce({ port: 0, seed: [], contacts: Number(records), dailyCalls: 10_000_000 });
  const { url, clientId, clientSecret, accessToken } = sandbox;
  process.send?.({
    url,
    accessToken,
    settings: { SALESFORCE_LOGIN_URL: url, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret },
  });
} else {
  const customers = Number(records);
  const { url, apiTokens } = await startSandboxKintone({ port: 0, records: [], customers, latencyMs: Number(latencyMs) });
  const settings = { KINTONE_BASE_URL: url, KINTONE_API_TOKENS: apiTokens.join(','), KINTONE_APPS: 'customers=1,calls=2' };
  process.send?.({ url, accessToken: apiTokens.join(','), settings });
}

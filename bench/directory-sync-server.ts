/** The CRM of a measurement, in a process of its own: so many customers, at once or at a vendor's pace, and how to reach it. */
import { startSandboxKintone } from '../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { vendorPace } from './vendor-pace.ts';

const [crm, records = '0', pace = 'instant'] = process.argv.slice(2);
const isPaced = pace === 'vendor';

if (crm === 'salesforce') {
  const paced = isPaced ? { pace: vendorPace.salesforce } : {};
  const org = { port: 0, seed: [], contacts: Number(records), dailyCalls: 10_000_000, ...paced };
  const { url, clientId, clientSecret, accessToken } = await startSandboxSalesforce(org);
  process.send?.({
    url,
    accessToken,
    settings: { SALESFORCE_LOGIN_URL: url, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret },
  });
} else {
  const latencyMs = isPaced ? vendorPace.kintoneMs : 0;
  const { url, apiTokens } = await startSandboxKintone({ port: 0, records: [], customers: Number(records), latencyMs });
  const settings = { KINTONE_BASE_URL: url, KINTONE_API_TOKENS: apiTokens.join(','), KINTONE_APPS: 'customers=1,calls=2' };
  process.send?.({ url, accessToken: apiTokens.join(','), settings });
}

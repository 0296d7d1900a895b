/** One sandbox in a process of its own: what the CRM costs must not be taken for what we cost. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandboxKintone } from '../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../infra/sandbox/salesforce/sandbox-salesforce.ts';

export interface ServedCrm {
  readonly settings: Readonly<Record<string, string>>;
  /** Answers `{ count }`: the requests so far. */
  readonly countUrl: string;
}

const [crm = '', answerMs = '0'] = process.argv.slice(2);

async function serveSalesforce(): Promise<ServedCrm> {
  const { url, clientId, clientSecret } = await startSandboxSalesforce({ seed: [], dailyCalls: 1_000_000 });
  const front = await startFront(url);
  return {
    settings: { SALESFORCE_LOGIN_URL: front, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret },
    countUrl: `${front}/count`,
  };
}

async function serveKintone(): Promise<ServedCrm> {
  const { url, apiTokens } = await startSandboxKintone({ port: 0, records: [] });
  const front = await startFront(url);
  return {
    settings: { KINTONE_BASE_URL: front, KINTONE_API_TOKENS: apiTokens.join(','), KINTONE_APPS: 'customers=1,calls=2' },
    countUrl: `${front}/count`,
  };
}

/** Counts, passes on, and lets every answer wait as long as the real service would. */
async function startFront(target: string): Promise<string> {
  let count = 0;
  const front = http.createServer((request, response) => {
    if (request.url === '/count') {
      response.end(JSON.stringify({ count }));
      return;
    }
    count += 1;
    const { method, headers } = request;
    const passed = http.request(`${target}${request.url}`, { method, headers }, (answer) => {
      void pause(Number(answerMs)).then(() => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  front.listen(0, 'localhost');
  await once(front, 'listening');
  return `http://localhost:${(front.address() as AddressInfo).port}`;
}

process.send?.(crm === 'kintone' ? await serveKintone() : await serveSalesforce());
process.once('disconnect', () => process.exit(0));

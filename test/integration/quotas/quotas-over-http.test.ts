import { Registry } from 'prom-client';
import request from 'supertest';
import { createHttpServer, type HttpServer } from '../../../src/http/http-server.ts';
import { createSessionCookies, SESSION_COOKIE } from '../../../src/http/session-cookie.ts';
import { registerQuotaMetrics } from '../../../src/quotas/quota-metrics.ts';
import { type HoldView, quotaRoutes } from '../../../src/quotas/quota-routes.ts';
import type { QuotaView } from '../../../src/quotas/quotas.ts';

const NOW = Date.parse('2026-11-25T01:00:00Z');
const EMPTY_AT = Date.parse('2026-11-25T07:40:00Z');
const DAY_ENDS = Date.parse('2026-11-26T00:00:00Z');

const held: HoldView = {
  ...{ connector: 'salesforce', kind: 'rateLimited', since: NOW, until: NOW + 60_000 },
  reason: 'Salesforce did not write 3 Task record(s): REQUEST_LIMIT_EXCEEDED',
};

let quotas: readonly QuotaView[] = [];
let http: HttpServer;
let url: string;
let cookie: string;

beforeEach(async () => {
  quotas = [
    { connector: 'salesforce', budgets: [] },
    {
      connector: 'kintone',
      budgets: [
        {
          ...{ object: 'customers', used: 9_100, limit: 10_000, left: 900, emptyAt: EMPTY_AT, dayEndsAt: DAY_ENDS },
          waiting: [{ urgency: 'list', until: DAY_ENDS }],
        },
        { object: 'calls', used: 12, limit: null, left: null, emptyAt: null, dayEndsAt: null, waiting: [] },
      ],
    },
  ];
  const metrics = new Registry();
  const source = { view: () => quotas };
  registerQuotaMetrics(metrics, source);
  const cookies = createSessionCookies({ secret: 's'.repeat(32), maxAgeMs: 60_000, now: () => NOW, newId: () => 'nonce' });
  cookie = `${SESSION_COOKIE}=${cookies.issue('1001').value}`;
  http = createHttpServer({
    routes: quotaRoutes({ quotas: source, holds: async () => [held] }),
    ...{ cookies, version: '0', webFolder: null, allowedOrigins: [], secure: false, trustProxy: false },
    ...{ readiness: async () => [], metrics, log: () => undefined },
  });
  ({ url } = await http.listen(0, '127.0.0.1'));
});
afterEach(() => http.close());

test('the gauge is for who is signed in', async () => {
  expect((await request(url).get('/api/v1/quotas')).status).toBe(401);
});

test('the gauge tells what is used, left and waiting, until when, and why a CRM is held', async () => {
  const { body, status } = await request(url).get('/api/v1/quotas').set('Cookie', cookie);
  expect(status).toBe(200);
  expect(body).toEqual({
    quotas: [
      {
        ...{ connector: 'salesforce', budgets: [] },
        hold: {
          ...{ kind: 'rateLimited', reason: held.reason },
          ...{ since: '2026-11-25T01:00:00.000Z', until: '2026-11-25T01:01:00.000Z' },
        },
      },
      {
        ...{ connector: 'kintone', hold: null },
        budgets: [
          {
            ...{ object: 'customers', used: 9_100, limit: 10_000, left: 900 },
            ...{ emptyAt: '2026-11-25T07:40:00.000Z', dayEndsAt: '2026-11-26T00:00:00.000Z' },
            waiting: [{ urgency: 'list', until: '2026-11-26T00:00:00.000Z' }],
          },
          { object: 'calls', used: 12, limit: null, left: null, emptyAt: null, dayEndsAt: null, waiting: [] },
        ],
      },
    ],
  });
});

test('the same stands in the metrics; what nobody knows, and what is no longer so, is left out', async () => {
  const lines = async () => (await request(url).get('/metrics')).text.split('\n').filter((line) => /^toritsugi_crm/.test(line));
  expect(await lines()).toEqual([
    'toritsugi_crm_requests_used{connector="kintone",object="customers"} 9100',
    'toritsugi_crm_requests_used{connector="kintone",object="calls"} 12',
    'toritsugi_crm_requests_limit{connector="kintone",object="customers"} 10000',
    'toritsugi_crm_requests_left{connector="kintone",object="customers"} 900',
    `toritsugi_crm_requests_empty_at{connector="kintone",object="customers"} ${EMPTY_AT / 1_000}`,
  ]);
  quotas = [];
  expect(await lines()).toEqual([]);
});

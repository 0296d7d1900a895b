import type { BrowserContext, Page } from 'playwright-core';
import { keepScreenshot } from '../support/browser.ts';
import { callId, callRecord } from '../support/desk-calls.ts';
import type { DeskHub } from '../support/desk-hub.ts';
import { visitDeskForEach } from '../support/desk-visit.ts';

jest.setTimeout(30_000);

let context: BrowserContext;
let hub: DeskHub;

visitDeskForEach(
  (visited) => {
    ({ context, hub } = visited);
  },
  { language: 'en' },
);

async function openAdmin(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${hub.url}/admin`);
  await page.getByRole('button', { name: /administration/ }).click();
  await page.getByRole('heading', { name: 'Ledger' }).waitFor();
  return page;
}

function refusedRow() {
  return {
    call: callRecord({ id: callId('main-3.1'), result: 'answered', spokeWith: ['1002'] }),
    entries: [
      {
        connector: 'salesforce',
        part: 'callLog',
        state: 'refused',
        reason: { code: 'rejected', detail: 'REQUIRED_FIELD_MISSING: Subject' },
        attempts: 3,
        nextTryAt: null,
        recordUrl: null,
      },
    ],
  } as const;
}

test('the admin sees the number that must be 0, and that all is well when it is', async () => {
  const page = await openAdmin();
  await page.getByText('Every call is logged').waitFor();
  expect(await page.getByRole('status', { name: 'Calls a CRM should have and has not' }).textContent()).toBe('0');
});

test('a refused call is named with its reason, discarded after asking, and the discard can be undone', async () => {
  hub.ledger = [refusedRow()];
  const page = await openAdmin();
  const number = page.getByRole('status', { name: 'Calls a CRM should have and has not' });
  await number.getByText('1').waitFor();
  await page.getByText('The CRM does not accept this').waitFor();
  await page.getByText('REQUIRED_FIELD_MISSING: Subject').waitFor();
  await page.getByText('090-1234-5678').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await number.getByText('0').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await number.getByText('1').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await number.getByText('0').waitFor();
  expect(hub.retried).toEqual(['main-3.1 salesforce']);
});

test('a follow-up that waits for its app is told apart from the call log, and given up without it', async () => {
  const row = refusedRow();
  const [entry] = row.entries;
  const missing = { code: 'missing', detail: 'kintone has no "followUps"' };
  hub.ledger = [
    {
      call: { ...row.call, followUp: { dueAt: '2026-11-26T01:00:00.000Z', note: null, state: 'open', reopened: false } },
      entries: [
        { ...entry, connector: 'kintone', state: 'logged', reason: null },
        { ...entry, connector: 'kintone', part: 'followUp', state: 'needsPerson', reason: missing },
        { ...entry, part: 'followUp' },
      ],
    },
  ];
  const page = await openAdmin();
  await page.getByText('follow-up 26 Nov, 10:00').or(page.getByText('follow-up 26/11, 10:00')).waitFor();
  await page.getByText('The CRM has no place for follow-ups yet').waitFor();
  await keepScreenshot(page, 'admin-follow-up');
  await page.getByRole('button', { name: 'Discard' }).last().click();
  await page.getByRole('dialog').getByText('Salesforce will not get this follow-up').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  expect(hub.ledger[0]?.entries.map(({ part, state }) => `${part} ${state}`)).toEqual([
    'callLog logged',
    'followUp needsPerson',
    'followUp notNeeded',
  ]);
});

test('a call that still goes on is not offered to be tried again', async () => {
  const row = refusedRow();
  hub.ledger = [
    { ...row, entries: [{ ...row.entries[0], state: 'waiting', reason: { code: 'stillTalking', detail: null }, attempts: 0 }] },
  ];
  const page = await openAdmin();
  await page.getByText('it is written when it ends').waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
});

test('rows are filtered by state, and a connection that is not well is named with its reason', async () => {
  hub.ledger = [refusedRow()];
  hub.dependencies = [{ name: 'main', kind: 'pbx', ok: false, detail: 'login refused', detailJa: '拒否', optional: false }];
  const page = await openAdmin();
  await page.getByText('login refused').waitFor();
  await page.getByRole('radio', { name: 'Waiting' }).locator('xpath=following-sibling::label').click();
  await page.getByText('No such calls').waitFor();
  await page.getByRole('radio', { name: 'Refused' }).locator('xpath=following-sibling::label').click();
  await page.getByText('REQUIRED_FIELD_MISSING').waitFor();
});

test('older calls are there on request', async () => {
  const { entries } = refusedRow();
  hub.ledger = Array.from({ length: 101 }, (_, index) => ({
    call: callRecord({ id: callId(`main-4.${index}`), result: 'answered' }),
    entries,
  }));
  const page = await openAdmin();
  const lines = page.locator('tr[data-call]');
  await lines.nth(99).waitFor();
  expect(await lines.count()).toBe(100);
  await page.getByRole('button', { name: 'Show older calls' }).click();
  await lines.nth(100).waitFor();
  expect(await page.getByRole('button', { name: 'Show older calls' }).count()).toBe(0);
});

const soon = () => new Date(Date.now() + 3_600_000);

function clockTime(at: Date): string {
  return at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
}

test('the admin sees what is used of each CRM’s day, when it would be used up, and what waits', async () => {
  const at = soon();
  hub.quotas = [
    {
      connector: 'salesforce',
      budgets: [{ object: null, used: 12_340, limit: 100_000, left: 87_660, emptyAt: null, dayEndsAt: null, waiting: [] }],
    },
    {
      connector: 'kintone',
      budgets: [
        {
          ...{ object: 'customers', used: 9_100, limit: 10_000, left: 900, emptyAt: at.getTime(), dayEndsAt: at.getTime() },
          waiting: [{ urgency: 'list', until: at.getTime() }],
        },
        { object: 'calls', used: 420, limit: 10_000, left: 9_580, emptyAt: null, dayEndsAt: at.getTime(), waiting: [] },
      ],
    },
  ];
  const page = await openAdmin();
  await page.getByText('12,340 of 100,000 used, 87,660 left').waitFor();
  await page.getByText(/At this rate used up at/).waitFor();
  const bar = page.getByRole('progressbar', { name: 'kintone customers' });
  expect(await bar.getAttribute('aria-valuenow')).toBe('91');
  const waits = await page.getByText(/reading customer lists goes on at/).textContent();
  expect(waits).toContain(clockTime(at));
  expect(await page.getByRole('progressbar').count()).toBe(3);
});

test('a held CRM says why, and when it is tried again', async () => {
  const at = soon();
  hub.quotas = [{ connector: 'kintone', budgets: [] }];
  hub.holds = [
    {
      ...{ connector: 'kintone', kind: 'rateLimited', since: Date.now() - 60_000, until: at.getTime() },
      reason: 'kintone could not write 100 records to app 2: 同時接続数の上限を超えました (GAIA_TO04)',
    },
  ];
  const page = await openAdmin();
  const told = await page.getByText(/Nothing is written to kintone for now/).textContent();
  expect(told).toContain(clockTime(at));
  await page.getByText(/GAIA_TO04/).waitFor();
  await page.getByText('No requests yet').waitFor();
  hub.holds = [];
  await page.getByText(/Nothing is written to kintone/).waitFor({ state: 'detached' });
});

test('the directory tells how far each CRM was read, and offers the numbers nobody can read as a file', async () => {
  let read = 250_000;
  await context.route('**/api/v1/directory', (route) => {
    const source = { object: 'Contact', records: read, unreadable: 12, completeAt: null, problem: null };
    const pageAt = new Date(Date.UTC(2026, 10, 25) + read).toISOString();
    read += 50_000;
    const sources = [{ ...source, connector: 'salesforce', reading: { read, total: 1_000_000 }, pageAt }];
    return route.fulfill({ json: { numbers: 1_234_567, sources } });
  });
  const page = await openAdmin();
  await page.getByText('1,234,567 telephone numbers').waitFor();
  await page.getByText('reading 300,000 of 1,000,000').waitFor();
  await page.getByText('min left').waitFor();
  const link = page.getByRole('link', { name: 'CSV (UTF-8)' });
  expect(await link.getAttribute('href')).toBe('/api/v1/directory/unreadable.csv?encoding=utf-8&language=en');
});

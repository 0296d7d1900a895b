import type { Browser } from 'playwright-core';
import { keepScreenshot, visit } from '../support/browser.ts';
import { ambiguousMatch, answeredCall, callId, callRecord, endedCall, knownMatch, ringingCall } from '../support/desk-calls.ts';
import type { DeskHub } from '../support/desk-hub.ts';
import { visitDeskForEach } from '../support/desk-visit.ts';

let browser: Browser;
let hub: DeskHub;

visitDeskForEach((visited) => {
  ({ browser, hub } = visited);
});

const EARLIER = [
  {
    callId: callId('main-1.1'),
    at: '2026-11-20T05:12:00.000Z',
    direction: 'inbound',
    agent: '1002',
    result: 'answered',
    talkSeconds: 182,
    outcome: { code: 'inquiry', label: '問い合わせ対応済み' },
    notes: '納期の確認。11/25 出荷予定と回答。\n折り返しは不要とのこと。',
  },
  {
    callId: callId('main-1.2'),
    at: '2026-11-12T01:40:00.000Z',
    direction: 'outbound',
    agent: '1001',
    result: 'noAnswer',
    talkSeconds: 0,
    outcome: { code: 'absent', label: '不在' },
    notes: null,
  },
  {
    callId: callId('main-1.3'),
    at: '2026-10-30T07:05:00.000Z',
    direction: 'inbound',
    agent: '1003',
    result: 'answered',
    talkSeconds: 420,
    outcome: { code: 'won', label: '成約' },
    notes: '部品 A-120 を 200 個。見積 No. 8841。',
  },
] as const;

function now(): string {
  return new Date(hub.now() - 9_000).toISOString();
}

test.each([
  ['ja', 'light'],
  ['en', 'dark'],
] as const)(
  'the desk reads well in %s on a %s ground',
  async (language, colorScheme) => {
    hub.earlier.set('+819012345678', EARLIER);
    const context = await visit(browser, { language, colorScheme });
    const look = (name: string) => keepScreenshot(page, `${name}-${language}`);
    const page = await context.newPage();
    await page.goto(hub.url);
    await page.getByRole('option').first().waitFor();
    await look('sign-in');
    await page.getByRole('option').first().click();
    await page.locator('[data-line=connected]').waitFor();
    await look('idle');

    const yamada = hub.tell(ringingCall(['1001', '1002'], { startedAt: now() }), 'callStarted');
    await page.getByText(/お客様を検索しています|Looking the customer up/).waitFor();
    await look('looking');
    hub.tellMatch(yamada.record.id, knownMatch());
    await page.getByRole('heading', { name: '山田 太郎' }).waitFor();
    await page.getByText(language === 'ja' ? '部署' : 'Department', { exact: true }).waitFor();
    await look('ringing');

    const talking = hub.tell(answeredCall(yamada, '1001'));
    await page.locator('textarea').fill('11/25 の出荷予定を案内。請求書の宛名変更を希望。');
    await page.locator('[data-save=saved]').waitFor();
    const waiting = hub.tell(
      ringingCall(['1001'], {
        id: callId('main-2.1'),
        startedAt: now(),
        customer: { raw: '09033334444', number: '+819033334444', name: null, withheld: false },
      }),
      'callStarted',
    );
    hub.tellMatch(waiting.record.id, ambiguousMatch());
    const withheld = ringingCall(['1001'], {
      id: callId('main-2.2'),
      startedAt: now(),
      customer: { raw: null, number: null, name: null, withheld: true },
    });
    hub.tell(endedCall(withheld), 'callEnded');
    await page.getByRole('button', { name: /090-3333-4444/ }).waitFor();
    await look('talking');

    hub.tell(endedCall(talking), 'callEnded');
    await page.locator('textarea').blur();
    await page.getByRole('button', { name: /090-3333-4444/ }).click();
    await page.getByText('高橋 花子').waitFor();
    await look('ambiguous');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await look('keys');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /山田/ }).first().click();
    await page.getByRole('heading', { name: '山田 太郎' }).waitFor();
    await look('after-call');

    hub.ledger = [
      {
        call: {
          ...endedCall(talking).record,
          outcome: { code: 'won', label: '成約' },
          matches: [{ connector: 'salesforce', object: 'Contact', id: '1', name: '山田 太郎' }],
        },
        entries: [entry('salesforce', 'logged'), entry('kintone', 'waiting', 'unreachable')],
      },
      {
        call: callRecord({ id: callId('main-3.1'), result: 'abandoned', customer: withheld.record.customer }),
        entries: [entry('salesforce', 'notNeeded', 'discarded'), entry('kintone', 'refused', 'rejected')],
      },
      {
        call: callRecord({ id: callId('main-3.2'), result: 'answered', spokeWith: ['1002'] }),
        entries: [entry('salesforce', 'needsPerson', 'ambiguous'), entry('kintone', 'logged')],
      },
    ];
    hub.dependencies = hub.dependencies.map((each) =>
      each.name === 'kintone' ? { ...each, ok: false, detail: 'HTTP 503, retrying in 20 s' } : each,
    );
    await page.getByRole('link', { name: /管理|Administration/ }).click();
    await page.getByText(/CRM が内容を受け付けません|does not accept this/).waitFor();
    await look('admin');
    await context.close();
  },
  30_000,
);

function entry(connector: string, state: 'logged' | 'waiting' | 'needsPerson' | 'refused' | 'notNeeded', code?: string) {
  return {
    connector,
    part: 'callLog' as const,
    state,
    reason:
      code === undefined
        ? null
        : { code, detail: code === 'rejected' ? 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: CallType' : null },
    attempts: 1,
    nextTryAt: state === 'waiting' ? '2026-11-23T01:20:00.000Z' : null,
    recordUrl: state === 'logged' ? 'https://example.invalid/task' : null,
  };
}

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openDesk, visit } from '../support/browser.ts';
import {
  ambiguousMatch,
  answeredCall,
  callId,
  endedCall,
  heldCall,
  knownMatch,
  matchedRecord,
  ringingCall,
  transferredCall,
  UNKNOWN,
} from '../support/desk-calls.ts';
import type { DeskHub } from '../support/desk-hub.ts';
import { visitDeskForEach } from '../support/desk-visit.ts';

jest.setTimeout(30_000);

let browser: Browser;
let context: BrowserContext;
let hub: DeskHub;

visitDeskForEach((visited) => {
  ({ browser, context, hub } = visited);
});

const notes = (page: Page) => page.getByRole('textbox', { name: 'メモ' });
const saved = (page: Page) => page.locator('[data-save=saved]');
const outcome = (page: Page, code: string) => page.locator(`[data-outcome=${code}]`);
const card = (page: Page, stage: string) => page.locator(`article[data-stage=${stage}]`);

test('when the phone rings, the right customer is on the screen, in the title and told to screen readers', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  await page.getByText('お客様を検索しています').first().waitFor();
  hub.tellMatch(call.record.id, knownMatch());
  await page.getByRole('heading', { level: 1, name: '山田 太郎' }).waitFor();
  await card(page, 'ringing').getByText('090-1234-5678').waitFor();
  await card(page, 'ringing').getByText('03-9876-5432 宛').waitFor();
  expect(await page.title()).toBe('● 着信中 山田 太郎');
  expect(await page.locator('[aria-live=assertive]').textContent()).toContain('山田 太郎');
  const link = page.getByRole('link', { name: 'Salesforce で開く' });
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/example\.invalid\/lightning/);
});

test('the pop is withdrawn when somebody else answers, and says who', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001', '1002']), 'callStarted');
  hub.tellMatch(call.record.id, knownMatch());
  await card(page, 'ringing').waitFor();
  hub.tell(answeredCall(call, '1002'));
  await card(page, 'ringing').waitFor({ state: 'detached' });
  await page.getByText('鈴木 蓮 が応答').waitFor();
  expect(await page.title()).toBe('取次');
});

test('the pop is withdrawn when the caller gives up', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  await card(page, 'ringing').waitFor();
  hub.tell(endedCall(call), 'callEnded');
  await page.getByText('応答前に切断').waitFor();
  expect(await page.locator('article').count()).toBe(0);
});

test('a reload in the middle of a call keeps its state, the notes and the outcome', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, knownMatch());
  hub.tell(heldCall(answeredCall(call, '1001')));
  await card(page, 'held').waitFor();
  await notes(page).fill('見積を再送する');
  await outcome(page, 'recall').click();
  await saved(page).waitFor();
  await page.reload();
  await card(page, 'held').waitFor();
  await page.getByRole('heading', { level: 1, name: '山田 太郎' }).waitFor();
  expect(await notes(page).inputValue()).toBe('見積を再送する');
  expect(await outcome(page, 'recall').getAttribute('aria-pressed')).toBe('true');
});

test('a reload right after a keystroke loses nothing', async () => {
  const page = await openDesk(context, hub.url);
  hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  await notes(page).fill('まだ保存されていない');
  await page.reload();
  await card(page, 'talking').waitFor();
  expect(await notes(page).inputValue()).toBe('まだ保存されていない');
  await saved(page).waitFor();
});

test('what is typed while the hub is away is kept and saved when it is back, and what happened meanwhile is shown', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  await card(page, 'talking').waitFor();
  await hub.stop();
  await page.getByText('接続が切れました').waitFor();
  await notes(page).fill('停電中に書いたメモ');
  await outcome(page, 'won').click();
  hub.live.set(call.record.id, heldCall(call));
  await hub.restart();
  await card(page, 'held').waitFor();
  await saved(page).waitFor();
  await page.locator('[data-state=saved]').waitFor();
  expect(await notes(page).inputValue()).toBe('停電中に書いたメモ');
  expect(hub.drafts.get(call.record.id)).toMatchObject({ notes: '停電中に書いたメモ', outcome: 'won' });
  await page.locator('[data-line=connected]').waitFor();
});

test('from ring to done by keyboard alone', async () => {
  const page = await context.newPage();
  await page.goto(hub.url);
  await page.keyboard.type('佐藤');
  await page.getByRole('option', { name: /佐藤/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-line=connected]').waitFor();
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, knownMatch());
  const talking = hub.tell(answeredCall(call, '1001'));
  await card(page, 'talking').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.type('1 番の件');
  await page.keyboard.press('Alt+2');
  await page.keyboard.press('Escape');
  await page.keyboard.press('4');
  await page.keyboard.press('u');
  hub.tell(endedCall(talking), 'callEnded');
  await card(page, 'afterCall').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-recall]:focus').waitFor();
  await page.keyboard.press('Enter');
  await card(page, 'afterCall').waitFor({ state: 'detached' });
  expect(hub.records.get(call.record.id)?.followUp).toMatchObject({ state: 'open' });
  expect(hub.records.get(call.record.id)).toMatchObject({ outcome: { code: 'recall', label: '再コール' }, notes: '1 番の件' });
  await page.getByRole('button', { name: '再度開く' }).click();
  await card(page, 'afterCall').waitFor();
});

test('the pile of after-call cards lies under the call that rings, is cleared at one stroke, and can be had back', async () => {
  const page = await openDesk(context, hub.url);
  const pile = ['main-2.1', 'main-2.2', 'main-2.3'].map((id) =>
    hub.tell(answeredCall(ringingCall(['1001'], { id: callId(id) }), '1001'), 'callStarted'),
  );
  for (const call of pile) hub.tell(endedCall(call), 'callEnded');
  hub.tell(ringingCall(['1001'], { id: callId('main-2.4') }), 'callStarted');
  const cards = page.locator('aside button[data-stage]');
  await cards.nth(3).waitFor();
  expect(await cards.first().getAttribute('data-stage')).toBe('ringing');
  await page.keyboard.press('Shift+X');
  await page.getByText('後処理を 3 件閉じました').waitFor();
  expect(await cards.count()).toBe(1);
  await page.getByRole('alert').getByRole('button', { name: '元に戻す' }).click();
  await cards.nth(3).waitFor();
});

test('pressing "close at hang-up" during the call puts the card away when it ends', async () => {
  const page = await openDesk(context, hub.url);
  const talking = hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  await outcome(page, 'won').click();
  await page.getByRole('button', { name: /終話時に完了/ }).click();
  await page.getByRole('button', { name: /終話すると完了します/ }).waitFor();
  hub.tell(endedCall(talking), 'callEnded');
  await page.locator('article').waitFor({ state: 'detached' });
  expect(hub.saved.at(-1)).toMatchObject({ outcome: { code: 'won' }, by: '1001' });
});

test('when several customers share the number, a key chooses one', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, ambiguousMatch());
  await page.getByRole('button', { name: '高橋 花子 を選ぶ' }).waitFor();
  await page.keyboard.press('2');
  await page.getByRole('heading', { level: 1, name: '高橋 花子' }).waitFor();
  expect(hub.choices).toEqual([
    { callId: call.record.id, connector: 'salesforce', record: { object: 'Contact', id: '003B' }, by: '1001' },
  ]);
  await page.getByRole('button', { name: '高橋 一郎 を選ぶ' }).click();
  await page.getByRole('heading', { level: 1, name: '高橋 一郎' }).waitFor();
});

test('"none of these" ends the question and leaves the candidates at hand', async () => {
  const page = await openDesk(context, hub.url);
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, ambiguousMatch());
  hub.chooseRecord = async () => ambiguousMatch();
  await page.getByRole('button', { name: '該当なし' }).click();
  await page.getByRole('heading', { level: 1, name: '未登録のお客様' }).waitFor();
  await page.getByRole('button', { name: '高橋 一郎 を選ぶ' }).waitFor();
});

test('hostile names and notes are shown as the text they are', async () => {
  const page = await openDesk(context, hub.url);
  const hostile = `<img src=x onerror="document.title='owned'">'; DROP TABLE calls;--\n${'長'.repeat(300)}`;
  const call = hub.tell(
    ringingCall(['1001'], { customer: { raw: hostile, number: null, name: hostile, withheld: false } }),
    'callStarted',
  );
  hub.tellMatch(call.record.id, UNKNOWN);
  await page.getByRole('heading', { level: 1, name: /DROP TABLE/ }).waitFor();
  hub.tellMatch(call.record.id, knownMatch(matchedRecord({ name: hostile, url: 'javascript:alert(1)' })));
  await page
    .getByRole('link', { name: /Salesforce/ })
    .or(page.getByText('Salesforce で開く'))
    .first()
    .waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('a[href^=javascript]').count()).toBe(0);
  expect(await page.title()).not.toBe('owned');
});

test('unknown and withheld callers are named as such', async () => {
  const page = await openDesk(context, hub.url);
  const withheld = ringingCall(['1001'], { customer: { raw: null, number: null, name: null, withheld: true } });
  const call = hub.tell(withheld, 'callStarted');
  await page.getByRole('heading', { level: 1, name: '非通知' }).waitFor();
  hub.tell(endedCall(call), 'callEnded');
  const unknown = hub.tell(ringingCall(['1001'], { id: callId('main-2.1') }), 'callStarted');
  hub.tellMatch(unknown.record.id, UNKNOWN);
  await page.getByRole('heading', { level: 1, name: '未登録のお客様' }).waitFor();
  await card(page, 'ringing').getByText('090-1234-5678').waitFor();
});

test('a second call shows beside the first and never takes the focus from the notes', async () => {
  const page = await openDesk(context, hub.url);
  const first = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(first.record.id, knownMatch());
  const talking = hub.tell(answeredCall(first, '1001'));
  await notes(page).click();
  await page.keyboard.type('前半');
  hub.tell(endedCall(talking), 'callEnded');
  const second = hub.tell(ringingCall(['1001'], { id: callId('main-2.1') }), 'callStarted');
  hub.tellMatch(second.record.id, knownMatch(matchedRecord({ name: '佐々木 美咲' })));
  await page.getByRole('button', { name: /佐々木 美咲/ }).waitFor();
  await page.keyboard.type('後半');
  expect(await notes(page).inputValue()).toBe('前半後半');
  await page.getByText('佐々木 美咲 から着信中').waitFor();
  await page.keyboard.press('F2');
  await page.getByRole('heading', { level: 1, name: '佐々木 美咲' }).waitFor();
  expect(await notes(page).inputValue()).toBe('');
});

test('a transfer hands over the customer, the notes so far and the outcome draft', async () => {
  const first = await openDesk(context, hub.url, '1001');
  const second = await openDesk(await visitAnother(), hub.url, '1003');
  const call = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(call.record.id, knownMatch());
  const talking = hub.tell(answeredCall(call, '1001'));
  await notes(first).fill('技術部へ転送');
  await outcome(first, 'inquiry').click();
  await saved(first).waitFor();
  const transferred = hub.tell(transferredCall(talking, '1001', '1003'));
  await card(second, 'ringing').getByText('佐藤 葵 から転送').waitFor();
  await second.getByRole('heading', { level: 1, name: '山田 太郎' }).waitFor();
  expect(await notes(second).inputValue()).toBe('技術部へ転送');
  expect(await outcome(second, 'inquiry').getAttribute('aria-pressed')).toBe('true');
  await card(first, 'handedOver').getByText('田中 結衣 へ転送').waitFor();
  hub.tell(answeredCall(transferred, '1003'));
  await card(second, 'talking').waitFor();
  await second.context().close();
});

test('two pages of one operator follow each other, and a conflict is shown instead of overwriting', async () => {
  const one = await openDesk(context, hub.url);
  const other = await context.newPage();
  await other.goto(`${hub.url}/desk`);
  hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  await notes(one).fill('一つ目');
  await other.getByText('一つ目').waitFor();
  await other.route('**/draft', (route) => route.abort());
  await notes(other).fill('一つ目 そして二つ目');
  await notes(one).fill('一つ目 書き換え');
  await saved(one).waitFor();
  await other.unroute('**/draft');
  await other.getByRole('alert').getByText('一つ目 書き換え').waitFor();
  await other.getByRole('button', { name: '両方をつなげる' }).click();
  await one.getByText('そして二つ目').waitFor();
  expect(await notes(one).inputValue()).toBe('一つ目 書き換え\n一つ目 そして二つ目');
});

test('an outcome the ledger could not take is not shown as saved, and is saved when it can', async () => {
  const page = await openDesk(context, hub.url);
  hub.tell(answeredCall(ringingCall(['1001']), '1001'), 'callStarted');
  await card(page, 'talking').waitFor();
  hub.broken = true;
  await outcome(page, 'won').click();
  await page.locator('[data-state=pending]').waitFor();
  hub.broken = false;
  await page.locator('[data-state=saved]').waitFor();
  expect(hub.saved.at(-1)).toMatchObject({ outcome: { code: 'won' } });
});

async function visitAnother(): Promise<BrowserContext> {
  return visit(browser);
}
